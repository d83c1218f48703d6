"""Checks of single quotes: their price, their point, their outcome's name."""

from collections.abc import Iterator

from core.feed.values import FeedEvent
from core.quality import IssueType, Severity
from storage.validation.listing import Found, Listing
from storage.validation.rules import DRAW, OVER_UNDER, YES_NO, Sides

LEAST_PRICE = 100
GREATEST_PRICE = 10_000
GREATEST_MOVE = 10.0


def price_out_of_range(listing: Listing) -> Iterator[Found]:
    """Find prices that American odds cannot have, or that no bookmaker offers."""
    for quote in listing.odds.quotes:
        if not LEAST_PRICE <= abs(quote.price) <= GREATEST_PRICE:
            finding = (
                f"price {quote.price:+d} is outside -{GREATEST_PRICE} to -{LEAST_PRICE} "
                f"and +{LEAST_PRICE} to +{GREATEST_PRICE}"
            )
            issue_type = IssueType.PRICE_OUT_OF_RANGE
            yield Found(listing.issue_of_quote(issue_type, Severity.ERROR, quote, finding), (quote,))


def point_missing(listing: Listing) -> Iterator[Found]:
    """Find outcomes without the point that their market needs."""
    for market in listing.irregular:
        if not market.rules.needs_point:
            continue
        for quote in market.quotes:
            if quote.point is None:
                finding = "has no point, which this market needs"
                issue = listing.issue_of_quote(IssueType.POINT_MISSING, Severity.ERROR, quote, finding)
                yield Found(issue, (quote,))


def point_unexpected(listing: Listing) -> Iterator[Found]:
    """Find outcomes with a point in a market that has none."""
    for market in listing.irregular:
        if not market.rules.refuses_point:
            continue
        for quote in market.quotes:
            if quote.point is not None:
                finding = f"has a point of {quote.point:+g} in a market without points"
                issue = listing.issue_of_quote(IssueType.POINT_UNEXPECTED, Severity.WARNING, quote, finding)
                yield Found(issue, (quote,))


def outcome_unfit(listing: Listing) -> Iterator[Found]:
    """Find outcomes whose name is none of their market's sides; of unknown markets nothing is asked."""
    accepted = _names_by_sides(listing.odds.event)
    for market in listing.irregular:
        names = accepted.get(market.rules.sides)
        if names is None:
            continue
        for quote in market.quotes:
            if quote.outcome_name not in names:
                finding = f"the outcome is none of {', '.join(names)}"
                issue = listing.issue_of_quote(IssueType.OUTCOME_UNFIT, Severity.ERROR, quote, finding)
                yield Found(issue, (quote,))


def point_moved_far(listing: Listing) -> Iterator[Found]:
    """Find points that moved by more than ten since the newest stored quote."""
    for quote, head in listing.moved:
        if quote.point is None or head.point is None or abs(quote.point - head.point) <= GREATEST_MOVE:
            continue
        finding = (
            f"the point moved from {head.point:g} to {quote.point:g}, by more than {GREATEST_MOVE:g}, "
            f"since {head.odds_timestamp:%Y-%m-%d %H:%M:%SZ}"
        )
        yield Found(listing.issue_of_quote(IssueType.POINT_MOVED_FAR, Severity.WARNING, quote, finding), (quote,))


def _names_by_sides(event: FeedEvent) -> dict[Sides, tuple[str, ...]]:
    names: dict[Sides, tuple[str, ...]] = {Sides.OVER_UNDER: OVER_UNDER, Sides.YES_NO: YES_NO}
    if event.home_team is not None and event.away_team is not None:
        names[Sides.TEAMS] = names[Sides.TEAMS_WITH_POINTS] = (event.home_team, event.away_team, DRAW)
    return names
