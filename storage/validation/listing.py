"""An event's quotes arranged for the checks, once: by market, by line, and beside what was stored before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from core.feed.values import EventOdds, FeedQuote
from core.quality import Issue, IssueType, Severity
from core.quotes import Head, SelectionKey
from core.scope import Scope
from storage.validation.lines import Line, is_regular, lines_of, sides_of
from storage.validation.rules import MarketRules, rules_of

_SelectionFields = tuple[str, str, str, str | None, float | None]


class ListedMarket(NamedTuple):
    """One bookmaker's market of the event.

    Attributes:
        sides: The outcome names that make a line of it complete.
        lines: Its lines; empty where prices cannot be added up.
    """

    bookmaker_key: str
    market_key: str
    rules: MarketRules
    sides: tuple[str, ...]
    quotes: list[FeedQuote]
    lines: list[Line]


class Known(NamedTuple):
    """A quote beside the newest stored row of its selection."""

    quote: FeedQuote
    head: Head


@dataclass(frozen=True, slots=True)
class Listing:
    """What the checks look at: one event of an answer, arranged.

    Attributes:
        markets: Its markets by bookmaker and market key.
        irregular: Those among them whose names, points and sides are worth checking.
        moved: Quotes stored before whose point has changed since.
        older: Quotes stored before whose last update has gone backwards since.
    """

    odds: EventOdds
    snapshot_time: datetime
    scope: Scope
    markets: Mapping[tuple[str, str], ListedMarket]
    irregular: Sequence[ListedMarket]
    moved: Sequence[Known]
    older: Sequence[Known]

    def issue_of_quote(self, issue_type: IssueType, severity: Severity, quote: FeedQuote, finding: str) -> Issue:
        """Return an issue about one quote; `finding` completes the sentence that its outcome begins."""
        outcome = quote.outcome_name if quote.description is None else f"{quote.description} {quote.outcome_name}"
        return Issue(
            issue_type,
            severity,
            self.odds.event.event_id,
            quote.bookmaker_key,
            quote.market_key,
            quote.outcome_name,
            quote.description,
            f"{quote.bookmaker_key} {quote.market_key} {outcome}: {finding}",
        )

    def issue_of_market(
        self, issue_type: IssueType, severity: Severity, bookmaker_key: str, market_key: str, finding: str
    ) -> Issue:
        """Return an issue about one bookmaker's market."""
        sentence = f"{bookmaker_key} {market_key}: {finding}"
        return Issue(
            issue_type, severity, self.odds.event.event_id, bookmaker_key, market_key, None, None, sentence
        )


class Found(NamedTuple):
    """An issue and the quotes that it is about, where it is about quotes that are listed."""

    issue: Issue
    quotes: Sequence[FeedQuote] = ()


def arrange(
    odds: EventOdds, *, snapshot_time: datetime, scope: Scope, heads: Mapping[SelectionKey, Head]
) -> Listing:
    """Return an event of an answer, arranged for the checks."""
    markets = _by_market(odds)
    irregular = []
    for market in markets.values():
        regular = is_regular(market.quotes, market.rules, market.sides)
        if not regular:
            irregular.append(market)
        if market.rules.has_lines and regular:
            market.lines.append(Line(market.quotes, ()))
        elif market.rules.has_lines:
            market.lines.extend(lines_of(market.quotes, market.rules, odds.event, market.sides))
    moved, older = _compared(markets.values(), heads) if heads else ([], [])
    return Listing(odds, snapshot_time, scope, markets, irregular, moved, older)


def _by_market(odds: EventOdds) -> dict[tuple[str, str], ListedMarket]:
    judged: dict[str, tuple[MarketRules, tuple[str, ...]]] = {}
    markets: dict[tuple[str, str], ListedMarket] = {}
    market: ListedMarket | None = None
    for quote in odds.quotes:
        bookmaker_key, market_key = quote.bookmaker_key, quote.market_key
        # The feed lists a market's quotes together, so the market is usually that of the quote before.
        if market is None or market.market_key != market_key or market.bookmaker_key != bookmaker_key:
            market = markets.get((bookmaker_key, market_key))
            if market is None:
                if market_key not in judged:
                    rules = rules_of(market_key, odds.event.sport_key)
                    judged[market_key] = (rules, sides_of(rules, odds.event))
                market = ListedMarket(bookmaker_key, market_key, *judged[market_key], [], [])
                markets[bookmaker_key, market_key] = market
        market.quotes.append(quote)
    return markets


def _compared(
    markets: Iterable[ListedMarket], heads: Mapping[SelectionKey, Head]
) -> tuple[list[Known], list[Known]]:
    # A plain tuple equals the SelectionKey of the same fields and is much cheaper to make.
    by_selection = cast("Mapping[_SelectionFields, Head]", heads)
    moved: list[Known] = []
    older: list[Known] = []
    for market in markets:
        one_line = market.rules.one_line
        for quote in market.quotes:
            bookmaker_key, market_key, name, description, _, point, last_update = quote
            head = by_selection.get((bookmaker_key, market_key, name, description, None if one_line else point))
            if head is None:
                continue
            _, known_point, known_update, _ = head
            if point != known_point:
                moved.append(Known(quote, head))
            if last_update is not None and known_update is not None and last_update < known_update:
                older.append(Known(quote, head))
    return moved, older
