"""Check what the feed sent, before it is stored: pure functions that report; a setting decides about rejecting."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain

from core.feed.values import EventOdds, FeedQuote, Malformed
from core.quality import Checked, Issue, IssueType, Severity
from core.quotes import Head, SelectionKey
from core.scope import Scope
from storage.validation import coverage_checks, market_checks, quote_checks
from storage.validation.listing import Found, arrange

_CHECKS = (
    quote_checks.price_out_of_range,
    quote_checks.point_missing,
    quote_checks.point_unexpected,
    quote_checks.outcome_unfit,
    quote_checks.point_moved_far,
    market_checks.last_update_missing,
    market_checks.future_timestamp,
    market_checks.time_went_backwards,
    market_checks.vig_out_of_range,
    market_checks.side_missing,
    coverage_checks.event_without_bookmakers,
    coverage_checks.bookmaker_missing,
    coverage_checks.market_missing,
)
_POSITION = re.compile(r"\[\d+\]")


def check_event(
    odds: EventOdds, *, snapshot_time: datetime, scope: Scope, heads: Mapping[SelectionKey, Head]
) -> Checked:
    """Return the issues of one event of an answer, and why each of its invalid quotes is invalid.

    Args:
        odds: The event with its quotes, each selection once.
        snapshot_time: When the answer was received, aware, in UTC.
        scope: What was asked for.
        heads: The newest stored quote of every selection of the event, before this answer.
    """
    listing = arrange(odds, snapshot_time=snapshot_time, scope=scope, heads=heads)
    found = list(chain.from_iterable(check(listing) for check in _CHECKS))
    return Checked(tuple(issue for issue, _ in found), _notes(odds, found))


def issues_of_malformed(malformed: Iterable[Malformed]) -> tuple[Issue, ...]:
    """Return the parts of an answer that could not be read as issues, each with its JSON path and raw fragment."""
    return tuple(
        Issue(
            issue_type=IssueType.MALFORMED,
            severity=Severity.ERROR,
            event_id=part.event_id,
            bookmaker_key=None,
            market_key=None,
            outcome_name=None,
            outcome_description=None,
            description=f"{part.path} could not be read: {part.reason}",
            raw_fragment=part.fragment,
            path=_POSITION.sub("[*]", part.path),
        )
        for part in malformed
    )


def issues_of_refused(*, bookmakers: Collection[str] = (), markets: Collection[str] = ()) -> tuple[Issue, ...]:
    """Return the bookmaker and market keys that the feed refused as issues."""
    return (
        *(_refused(IssueType.BOOKMAKER_REFUSED, key, None, f"bookmaker {key}") for key in bookmakers),
        *(_refused(IssueType.MARKET_REFUSED, None, key, f"market {key}") for key in markets),
    )


def _refused(issue_type: IssueType, bookmaker_key: str | None, market_key: str | None, named: str) -> Issue:
    sentence = f"the feed does not offer {named}; the request was made without it"
    return Issue(issue_type, Severity.ERROR, None, bookmaker_key, market_key, None, None, sentence)


def _notes(odds: EventOdds, found: Iterable[Found]) -> dict[int, str]:
    reasons: dict[FeedQuote, list[str]] = {}
    for issue, quotes in found:
        if issue.severity is Severity.ERROR:
            for quote in quotes:
                reasons.setdefault(quote, []).append(issue.description)
    if not reasons:
        return {}
    return {index: "; ".join(reasons[quote]) for index, quote in enumerate(odds.quotes) if quote in reasons}
