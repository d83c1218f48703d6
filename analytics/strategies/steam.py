"""Follow the steam: when many bookmakers move the same way within minutes, bet at one that has not moved yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import Field

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig, FlatStake, Sizing
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownQuote, LineChange, Side
from analytics.odds_math import american_to_decimal
from analytics.strategies.base import BettingStrategy, Parameters


class SteamParameters(Parameters):
    """What counts as steam."""

    market_keys: tuple[str, ...] = Field(default=("h2h", "spreads", "totals"), description="the markets")
    window_minutes: float = Field(default=60, gt=0, le=24 * 60, description="how long before the decision to look")
    min_moved: int = Field(default=3, ge=2, description="least number of bookmakers that moved the same way")
    min_move: float = Field(
        default=0.01, gt=0, lt=1, description="least rise of the implied probability, where the point stayed"
    )


class SteamStrategy(BettingStrategy[SteamParameters]):
    """Takes the best price of an outcome that many bookmakers shortened, at one of those that have not moved.

    A bookmaker moves towards a side when the point gets harder for it, or on the same point its price falls.
    No bookmaker may have moved the other way. Those that list a draw where the rules have none stand apart.
    """

    name: ClassVar = "steam"
    parameters_model: ClassVar[type[Parameters]] = SteamParameters
    history_hours: ClassVar[float | None] = 24.0
    sizing: ClassVar[Sizing] = FlatStake()

    def markets(self) -> tuple[str, ...]:
        """Return its markets."""
        return self.parameters.market_keys

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the laggard that pays most for each outcome that steamed."""
        begun = event.decided_at - timedelta(minutes=self.parameters.window_minutes)
        before = _before(odds.history, begun)
        outcomes: dict[tuple[str, str, str | None, bool], list[KnownQuote]] = defaultdict(list)
        for quote in odds.quotes:
            if quote.market_key in self.parameters.market_keys:
                outcomes[quote.market_key, quote.outcome_name, quote.description, quote.stands_apart].append(quote)
        return [
            BetOpportunity(
                best, rationale=f"{moved} bookmakers moved within {self.parameters.window_minutes:g} min"
            )
            for quotes in outcomes.values()
            for best, moved in self._followed(quotes, before, begun, config)
        ]

    def _followed(
        self,
        quotes: Iterable[KnownQuote],
        before: dict[int, LineChange],
        begun: datetime,
        config: BacktestConfig,
    ) -> Iterator[tuple[KnownQuote, int]]:
        moves: dict[int, list[KnownQuote]] = {1: [], 0: [], -1: []}
        for quote in quotes:
            if quote.odds_timestamp <= begun:
                moves[0].append(quote)
            elif quote.number in before:
                moves[self._direction(quote, before[quote.number])].append(quote)
        still = [quote for quote in moves[0] if not config.bookmakers or quote.bookmaker_key in config.bookmakers]
        moved = len({quote.bookmaker_key for quote in moves[1]})
        if still and not moves[-1] and moved >= self.parameters.min_moved:
            yield max(still, key=_cheapness), moved

    def _direction(self, quote: KnownQuote, before: LineChange) -> int:
        """Return 1 where a bookmaker came to think more of the outcome, -1 where less, 0 where it did not move."""
        if quote.point is not None and before.point is not None and quote.point != before.point:
            harder = quote.point > before.point if quote.side is Side.OVER else quote.point < before.point
            return 1 if harder else -1
        if before.price is None:
            return 0
        rise = 1 / float(american_to_decimal(quote.price)) - 1 / float(american_to_decimal(before.price))
        return (rise >= self.parameters.min_move) - (rise <= -self.parameters.min_move)


def _before(history: Iterable[LineChange], begun: datetime) -> dict[int, LineChange]:
    """Return what each quote was when the window began, by its number; those without a price then are left out."""
    stood: dict[int, LineChange] = {}
    for change in history:
        if change.odds_timestamp <= begun:
            stood[change.quote.number] = change
    return {number: change for number, change in stood.items() if change.price is not None}


def _cheapness(quote: KnownQuote) -> tuple[float, float]:
    """Order quotes of one outcome: the easier point first, then the higher price."""
    easier = 0.0 if quote.point is None else quote.point
    return (-easier if quote.side is Side.OVER else easier, quote.decimal_odds)
