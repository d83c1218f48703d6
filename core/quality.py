"""What can be wrong with the data, as values: an issue says what, how bad, where, and the numbers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad an issue is; an error of its own makes a quote invalid."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class IssueType(StrEnum):
    """What was found; one name per check."""

    PRICE_OUT_OF_RANGE = "price_out_of_range"
    FUTURE_TIMESTAMP = "future_timestamp"
    VIG_OUT_OF_RANGE = "vig_out_of_range"
    LAST_UPDATE_MISSING = "last_update_missing"
    POINT_MISSING = "point_missing"
    POINT_UNEXPECTED = "point_unexpected"
    OUTCOME_UNFIT = "outcome_unfit"
    POINT_MOVED_FAR = "point_moved_far"
    TIME_WENT_BACKWARDS = "time_went_backwards"
    EVENT_WITHOUT_BOOKMAKERS = "event_without_bookmakers"
    BOOKMAKER_MISSING = "bookmaker_missing"
    MARKET_MISSING = "market_missing"
    SIDE_MISSING = "side_missing"
    MALFORMED = "malformed"
    BOOKMAKER_REFUSED = "bookmaker_refused"
    MARKET_REFUSED = "market_refused"


MOMENTARY = frozenset({IssueType.POINT_MOVED_FAR, IssueType.TIME_WENT_BACKWARDS})
"""Issues with a change, not with a listing: they are over at the next snapshot, even an unchanged one."""


class IssueKey(NamedTuple):
    """What tells one open issue from another, from one snapshot to the next.

    `path` is set for parts of an answer that could not be read: their JSON path with positions left out
    (`$[*].bookmakers[*].key`), because positions change from answer to answer.
    """

    issue_type: IssueType
    event_id: str | None
    bookmaker_key: str | None
    market_key: str | None
    outcome_name: str | None
    outcome_description: str | None
    path: str | None


class Issue(NamedTuple):
    """Something wrong with an answer; `description` is a sentence with the numbers.

    The fields from `event_id` to `outcome_description` say where, as narrowly as the issue goes; None where it is
    about all of them. `raw_fragment` is JSON text of the feed, present where no snapshot keeps it.
    """

    issue_type: IssueType
    severity: Severity
    event_id: str | None
    bookmaker_key: str | None
    market_key: str | None
    outcome_name: str | None
    outcome_description: str | None
    description: str
    raw_fragment: str | None = None
    path: str | None = None

    @property
    def key(self) -> IssueKey:
        """Return what identifies the issue while it is open: its sentence, severity and fragment may change."""
        return IssueKey(
            self.issue_type,
            self.event_id,
            self.bookmaker_key,
            self.market_key,
            self.outcome_name,
            self.outcome_description,
            self.path,
        )


class Checked(NamedTuple):
    """What the checks of one event found; `notes` says why a quote is invalid, by its index among the quotes."""

    issues: tuple[Issue, ...]
    notes: Mapping[int, str]
