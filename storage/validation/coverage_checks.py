"""Checks of what an answer should have brought, by what was asked."""

from collections.abc import Iterator

from core.quality import Issue, IssueType, Severity
from storage.validation.listing import Found, Listing


def event_without_bookmakers(listing: Listing) -> Iterator[Found]:
    """Find an event that no bookmaker quotes: one issue, not one for each bookmaker."""
    if not listing.odds.bookmakers:
        sentence = "no bookmaker lists the event"
        yield _about(listing, IssueType.EVENT_WITHOUT_BOOKMAKERS, None, sentence)


def bookmaker_missing(listing: Listing) -> Iterator[Found]:
    """Find bookmakers that were asked for by key and do not list the event."""
    if not listing.odds.bookmakers:
        return
    listed = {bookmaker.bookmaker_key for bookmaker in listing.odds.bookmakers}
    for bookmaker_key in listing.scope.bookmakers:
        if bookmaker_key not in listed:
            sentence = f"{bookmaker_key} was asked for and does not list the event"
            yield _about(listing, IssueType.BOOKMAKER_MISSING, bookmaker_key, sentence)


def market_missing(listing: Listing) -> Iterator[Found]:
    """Find markets that were asked for and that a bookmaker of the event does not list."""
    for bookmaker in listing.odds.bookmakers:
        for market_key in listing.scope.markets:
            if (bookmaker.bookmaker_key, market_key) not in listing.markets:
                issue = listing.issue_of_market(
                    IssueType.MARKET_MISSING,
                    Severity.WARNING,
                    bookmaker.bookmaker_key,
                    market_key,
                    "was asked for and is not listed",
                )
                yield Found(issue)


def _about(listing: Listing, issue_type: IssueType, bookmaker_key: str | None, sentence: str) -> Found:
    event_id = listing.odds.event.event_id
    return Found(Issue(issue_type, Severity.INFO, event_id, bookmaker_key, None, None, None, sentence))
