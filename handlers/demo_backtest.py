"""Two strategies on what a demo collected: what betting without a reason costs, and how little few days prove."""

from dataclasses import dataclass
from datetime import datetime

from analytics.backtesting.config import BacktestConfig
from analytics.strategies.registry import strategy_named
from handlers.backtesting import run_backtest
from storage.collected_span import read_span
from storage.database import Database

STRATEGIES = ("flat", "expected_value")
DECIDES_HOURS_BEFORE = 1.0


@dataclass(frozen=True, slots=True)
class DemoBacktest:
    """What a strategy would have brought; shares are fractions, None where there was no bet."""

    strategy: str
    decisions: int
    bets: int
    profit: float
    roi: float | None
    mean_clv: float | None
    verdict: str


async def backtest_demo(
    database: Database, sport_key: str, start: datetime, end: datetime
) -> tuple[DemoBacktest, ...]:
    """Return what each strategy would have brought, deciding an hour before every start between two instants.

    Nothing where no odds were collected.
    """
    async with database.one_by_one() as connection:
        span = await read_span(connection, sports=[sport_key])
    if span.first_at is None:
        return ()
    config = BacktestConfig(start=start, end=end, sports=(sport_key,), decide_at=(DECIDES_HOURS_BEFORE,))
    results = [await run_backtest(database, strategy_named(name), config) for name in STRATEGIES]
    return tuple(
        DemoBacktest(
            strategy=result.strategy,
            decisions=result.quality.decided,
            bets=result.metrics.bets,
            profit=result.metrics.profit,
            roi=result.metrics.roi.value,
            mean_clv=result.metrics.mean_clv.value,
            verdict=result.metrics.verdict,
        )
        for result in results
    )
