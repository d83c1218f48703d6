"""Checks of one bookmaker's market: its timestamps, its vig, its sides."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from core.feed.values import FeedQuote
from core.quality import IssueType, Severity
from storage.validation.listing import Found, Listing
from storage.validation.quote_checks import GREATEST_PRICE, LEAST_PRICE

LEAST_VIG = 0.02
GREATEST_VIG = 0.15
FUTURE_SLACK = timedelta(seconds=60)
BACKWARDS_SLACK = timedelta(seconds=5)


def last_update_missing(listing: Listing) -> Iterator[Found]:
    """Find markets that carry no last update, neither of their own nor of their bookmaker."""
    undated = [quote for quote in listing.odds.quotes if quote.last_update is None]
    for (bookmaker_key, market_key), quotes in _by_market(undated):
        finding = "has no last_update, neither the market nor its bookmaker"
        yield Found(
            listing.issue_of_market(
                IssueType.LAST_UPDATE_MISSING, Severity.ERROR, bookmaker_key, market_key, finding
            ),
            quotes,
        )


def future_timestamp(listing: Listing) -> Iterator[Found]:
    """Find markets refreshed after the snapshot was received, clocks allowed for."""
    latest = listing.snapshot_time + FUTURE_SLACK
    ahead = [
        quote for quote in listing.odds.quotes if quote.last_update is not None and quote.last_update > latest
    ]
    for (bookmaker_key, market_key), quotes in _by_market(ahead):
        newest = max(quote.last_update for quote in quotes if quote.last_update is not None)
        seconds = (newest - listing.snapshot_time).total_seconds()
        finding = f"last_update {newest:%Y-%m-%d %H:%M:%SZ} is {seconds:.0f} s after the snapshot"
        yield Found(
            listing.issue_of_market(
                IssueType.FUTURE_TIMESTAMP, Severity.ERROR, bookmaker_key, market_key, finding
            ),
            quotes,
        )


def time_went_backwards(listing: Listing) -> Iterator[Found]:
    """Find markets whose last update is earlier than that of a quote stored before."""
    steps: dict[tuple[str, str], tuple[timedelta, str]] = {}
    for quote, head in listing.older:
        earlier, later = quote.last_update, head.last_update
        if earlier is None or later is None or later - earlier <= BACKWARDS_SLACK:
            continue
        step = later - earlier
        finding = (
            f"last_update {earlier:%Y-%m-%d %H:%M:%SZ} is {step.total_seconds():.0f} s before "
            f"the {later:%Y-%m-%d %H:%M:%SZ} stored earlier"
        )
        market = (quote.bookmaker_key, quote.market_key)
        steps[market] = max(steps.get(market, (step, finding)), (step, finding))
    for (bookmaker_key, market_key), (_, finding) in steps.items():
        yield Found(
            listing.issue_of_market(
                IssueType.TIME_WENT_BACKWARDS, Severity.WARNING, bookmaker_key, market_key, finding
            )
        )


def vig_out_of_range(listing: Listing) -> Iterator[Found]:
    """Find complete lines whose prices leave the bookmaker too little or too much."""
    for market in listing.markets.values():
        for quotes, missing in market.lines:
            if missing:
                continue
            vig = _overround(quotes)
            if LEAST_VIG <= vig <= GREATEST_VIG or not _prices_are_possible(quotes):
                continue
            prices = ", ".join(sorted(f"{quote.outcome_name} {quote.price:+d}" for quote in quotes))
            finding = f"the vig is {vig:.1%}, outside {LEAST_VIG:.0%} to {GREATEST_VIG:.0%} ({prices})"
            issue = listing.issue_of_market(
                IssueType.VIG_OUT_OF_RANGE, Severity.WARNING, market.bookmaker_key, market.market_key, finding
            )
            yield Found(issue._replace(outcome_description=quotes[0].description))


def side_missing(listing: Listing) -> Iterator[Found]:
    """Find lines that a bookmaker quotes without one of their sides."""
    for market in listing.irregular:
        if not market.rules.lists_every_side:
            continue
        for quotes, missing in market.lines:
            for side in missing:
                listed = " and ".join(sorted(_named(quote) for quote in quotes))
                issue = listing.issue_of_market(
                    IssueType.SIDE_MISSING,
                    Severity.WARNING,
                    market.bookmaker_key,
                    market.market_key,
                    f"lists {listed} without {side}",
                )
                yield Found(issue._replace(outcome_name=side, outcome_description=quotes[0].description))


def _overround(quotes: Sequence[FeedQuote]) -> float:
    total = 0.0
    for quote in quotes:
        price = quote.price
        total += 100 / (100 + price) if price > 0 else price / (price - 100)
    return total - 1


def _prices_are_possible(quotes: Sequence[FeedQuote]) -> bool:
    return all(LEAST_PRICE <= abs(quote.price) <= GREATEST_PRICE for quote in quotes)


def _named(quote: FeedQuote) -> str:
    return quote.outcome_name if quote.point is None else f"{quote.outcome_name} {quote.point:g}"


def _by_market(quotes: Iterable[FeedQuote]) -> Iterable[tuple[tuple[str, str], list[FeedQuote]]]:
    markets: dict[tuple[str, str], list[FeedQuote]] = {}
    for quote in quotes:
        markets.setdefault((quote.bookmaker_key, quote.market_key), []).append(quote)
    return markets.items()
