"""What a day of collecting left to be desired: findings from rows that the caller has read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.quality import IssueType, Severity

_GAPLESS_OUTCOMES = frozenset({"stored", "backfilled"})
_NOT_PLAYED = frozenset({"cancelled", "postponed"})
_WORST_FIRST = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class EventDay(NamedTuple):
    """An event of interest on the day.

    Attributes:
        commence_time: Scheduled start, UTC.
        expected_end: When it should be over, UTC.
        status: scheduled, live, final, cancelled or postponed.
        has_scores: Both scores are stored.
        snapshots: How many of its snapshots were stored on the day.
        closing_snapshots: How many in the closing tier, on any day.
    """

    event_id: str
    title: str
    commence_time: datetime
    expected_end: datetime
    status: str
    has_scores: bool
    snapshots: int
    closing_snapshots: int


class PlannedPoll(NamedTuple):
    """A poll planned for an instant (UTC).

    `outcome` is stored, skipped, failed or backfilled, or None when nothing ran.
    """

    job: str
    sport_key: str
    planned_for: datetime
    outcome: str | None
    reason: str | None


class OpenIssues(NamedTuple):
    """How many issues of a type are open."""

    issue_type: IssueType
    severity: Severity
    open_count: int


class BookmakerQuotes(NamedTuple):
    """How many quotes of a bookmaker were stored on the day, and how many of them are invalid."""

    bookmaker_key: str
    quotes: int
    invalid: int

    @property
    def invalid_share(self) -> float:
        """Return the invalid quotes as a fraction of all."""
        return self.invalid / self.quotes if self.quotes else 0.0


@dataclass(frozen=True, slots=True)
class DailyFindings:
    """A day's findings, each part in the order in which to read it.

    Attributes:
        events: Every event, by start.
        gaps: Polls whose time has come and that stored nothing, by time.
        without_closing: Events that started without a snapshot in the closing tier, by start.
        without_score: Events that are over and have no scores, by start.
        open_issues: Open issues by type, the worst and most frequent first.
        bookmakers: Bookmakers, the greatest share of invalid quotes first.
    """

    events: tuple[EventDay, ...]
    gaps: tuple[PlannedPoll, ...]
    without_closing: tuple[EventDay, ...]
    without_score: tuple[EventDay, ...]
    open_issues: tuple[OpenIssues, ...]
    bookmakers: tuple[BookmakerQuotes, ...]

    @property
    def is_clean(self) -> bool:
        """Tell whether the day needs no attention: no gap, nothing missing, no error open, no quote invalid."""
        return not (
            self.gaps
            or self.without_closing
            or self.without_score
            or any(issues.severity is Severity.ERROR for issues in self.open_issues)
            or any(bookmaker.invalid for bookmaker in self.bookmakers)
        )


def daily_findings(
    events: Iterable[EventDay],
    polls: Iterable[PlannedPoll],
    open_issues: Iterable[OpenIssues],
    bookmakers: Iterable[BookmakerQuotes],
    *,
    now: datetime,
) -> DailyFindings:
    """Return what a day's rows leave to be desired, judged at an instant."""
    by_start = tuple(sorted(events, key=lambda event: (event.commence_time, event.event_id)))
    played = [event for event in by_start if event.status not in _NOT_PLAYED]
    return DailyFindings(
        events=by_start,
        gaps=_gaps(polls, now),
        without_closing=tuple(
            event for event in played if event.commence_time <= now and event.closing_snapshots == 0
        ),
        without_score=tuple(event for event in played if _is_over(event, now) and not event.has_scores),
        open_issues=tuple(sorted(open_issues, key=_urgency)),
        bookmakers=tuple(sorted(bookmakers, key=lambda row: (-row.invalid_share, row.bookmaker_key))),
    )


def _gaps(polls: Iterable[PlannedPoll], now: datetime) -> tuple[PlannedPoll, ...]:
    missed: Sequence[PlannedPoll] = [
        poll for poll in polls if poll.planned_for <= now and poll.outcome not in _GAPLESS_OUTCOMES
    ]
    return tuple(sorted(missed, key=lambda poll: (poll.planned_for, poll.job, poll.sport_key)))


def _is_over(event: EventDay, now: datetime) -> bool:
    return event.status == "final" or event.expected_end <= now


def _urgency(issues: OpenIssues) -> tuple[int, int, str]:
    return (_WORST_FIRST[issues.severity], -issues.open_count, issues.issue_type)
