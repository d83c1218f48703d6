"""Hockey is bet on in two ways and in three, and what a run reads tells which is which."""

from datetime import UTC, datetime, timedelta

import pytest

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig, FlatStake
from analytics.backtesting.values import BacktestEvent, BetOpportunity, Side
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.registry import strategy_named
from handlers.backtesting import run_backtest
from storage.database import Database
from tests.collected import TIP_OFF, Scored, Seen, h2h, look, score

NHL = "icehockey_nhl"
CONFIG = BacktestConfig(
    start=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2026, 3, 1, tzinfo=UTC), resamples=100, decide_at=[1.9, 1]
)


class Homes(BettingStrategy[Parameters]):
    """Takes the best price on the home team."""

    name = "homes"
    sizing = FlatStake()

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return it as a strategy of a user's does."""
        best = odds.best("h2h", Side.HOME)
        return [BetOpportunity(best)] if best else []


async def test_the_best_price_on_a_team_is_of_the_bet_that_overtime_decides(database: Database) -> None:
    three_ways = {"h2h": {"Lakers": 145, "Celtics": 155, "Draw": 310}}
    async with database.transaction() as connection:
        prices = {"unibet": three_ways, "pinnacle": h2h(-110, 100), "bovada": h2h(-105, -105)}
        await look(connection, TIP_OFF - timedelta(minutes=65), Seen("e1", prices), sport_key=NHL)
        await score(connection, TIP_OFF + timedelta(hours=3), Scored("e1", 3, 2), sport_key=NHL)
    (bet,) = (await run_backtest(database, Homes(), CONFIG.model_copy(update={"decide_at": (1.0,)}))).bets
    assert (bet.bookmaker_key, bet.price, bet.grade) == ("bovada", -105, "win")
    assert bet.profit == pytest.approx(100 * 100 / 105)


async def test_what_a_withdrawn_draw_leaves_behind_is_no_market_of_two_ways(database: Database) -> None:
    async with database.transaction() as connection:
        for minutes, draw in [(120, {"Draw": 310}), (65, {}), (5, {})]:
            prices = {"unibet": {"h2h": {"Lakers": 145, "Celtics": 155, **draw}}, "pinnacle": h2h(-110, 100)}
            await look(connection, TIP_OFF - timedelta(minutes=minutes), Seen("e1", prices), sport_key=NHL)
        await score(connection, TIP_OFF + timedelta(hours=3), Scored("e1", 3, 2), sport_key=NHL)
    result = await run_backtest(database, strategy_named("flat"), CONFIG)
    assert [(bet.bookmaker_key, bet.price, bet.grade) for bet in result.bets] == [
        ("unibet", 145, None),
        ("pinnacle", -110, "win"),
    ]
    in_three_ways, in_two = result.bets
    assert (
        in_three_ways.ungraded_because
        == "the score that settles it is not known: that of regulation time where a draw is priced"
    )
    assert (in_three_ways.closing_price, in_two.closing_price) == (None, -110)
    assert in_two.fair_probability == pytest.approx(0.51, abs=0.01)
