"""The backtests of a demo are those that anyone can run on what it collected."""

from datetime import timedelta

from analytics.backtesting.config import BacktestConfig
from analytics.strategies.registry import strategy_named
from handlers.backtesting import run_backtest
from handlers.demo import START, DemoRequest, run_demo
from handlers.demo_backtest import STRATEGIES, backtest_demo
from handlers.scratch import Scratch
from storage.database import Database
from tests.collected import Seen, look


async def test_a_demo_ends_with_backtests_of_its_own_days(database: Database, database_url: str) -> None:
    request = DemoRequest("basketball_nba", days=2, seed=7)
    made = await run_demo(request, Scratch(database, database_url), lambda _at: None)
    assert [one.strategy for one in made.backtests] == list(STRATEGIES)
    flat = made.backtests[0]
    again = await run_backtest(database, strategy_named("flat"), BacktestConfig(start=START, end=request.end))
    assert flat.bets == again.metrics.bets > 5
    assert (flat.profit, flat.verdict) == (again.metrics.profit, again.metrics.verdict)


async def test_days_without_a_game_have_no_bet(database: Database) -> None:
    async with database.transaction() as connection:
        await look(connection, START, Seen("later", {}, START + timedelta(days=2)))
    made = await backtest_demo(database, "basketball_nba", START, START + timedelta(days=1))
    assert [(one.bets, one.roi) for one in made] == [(0, None)] * 2
