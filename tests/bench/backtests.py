"""How long a backtest of a season takes, from Postgres to its result, and how much memory ten seasons do."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig, FlatStake, Sizing
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.values import BacktestEvent, BetOpportunity, Side
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.flat import FlatStrategy
from core.database_url import DatabaseUrl, parse_database_url
from handlers.backtesting import Strategy, run_backtest
from storage import migrations
from storage.database import Database
from tests.bench.figure import Figure
from tests.bench.material import CHECKOUT
from tests.bench.server import BenchServer

DATABASE = "bench_backtests"
_FLAT_SECONDS, _ONE_BY_ONE_SECONDS = 0.5, 1.5
_MOST_MEGABYTES = 1536
_MEMORY = """
import asyncio, resource, sys
from tests.bench.backtests import measure_all
print(asyncio.run(measure_all(sys.argv[1])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class BestHomePrice(BettingStrategy[Parameters]):
    """Looks at one event at a time, all of its quotes, and takes the best price on the home team."""

    name = "best home price"
    sizing: ClassVar[Sizing] = FlatStake()

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return a bet on the best price."""
        best = odds.best("h2h", Side.HOME)
        return [] if best is None else [BetOpportunity(best, rationale="the home team")]


async def backtest_figures(server: BenchServer, *, quick: bool) -> list[Figure]:
    """Return how long a season takes with either form of strategy, and what ten seasons take of memory."""
    seasons, games, rounds = (2, 80, 1) if quick else (10, 1230, 7)
    address = server.postgres.address(DATABASE)
    await _fill(server, seasons, games)
    method = (
        f"a made-up season of {games:,} games, 48 quotes each at the decision, among {seasons}; histories, odds "
        f"as of each decision (flat: of its one market) and closes of the fair bookmakers and those bet at read "
        f"over a socket, bets graded and judged by the close, 10,000 resamples included; the fastest of {rounds}"
    )
    flat = await _fastest(address, FlatStrategy, games, rounds)
    one_by_one = await _fastest(address, BestHomePrice, games, rounds)
    figures = [
        _figure("a flat strategy", flat, _FLAT_SECONDS, method),
        _figure("a Python strategy, event by event", one_by_one, _ONE_BY_ONE_SECONDS, method),
    ]
    bets, megabytes = await asyncio.to_thread(_memory, server.postgres.url(DATABASE))
    figures.append(
        Figure(
            f"backtest of {seasons} seasons, every market: memory",
            f"{megabytes:.0f} MB",
            f"≤ {_MOST_MEGABYTES} MB",
            megabytes <= _MOST_MEGABYTES,
            f"the most that a process had resident, from its start to the result with {bets:,} bets",
        )
    )
    return figures


def _figure(what: str, seconds: float, most: float, method: str) -> Figure:
    return Figure(f"backtest of a season, {what}", f"{seconds:.2f} s", f"≤ {most} s", seconds <= most, method)


async def measure_all(url: str) -> int:
    """Run over everything, event by event, and return how many bets that made."""
    return len((await _run(parse_database_url(url), BestHomePrice(), datetime(2014, 1, 1, tzinfo=UTC))).bets)


async def _fastest(
    address: DatabaseUrl, strategy: Callable[[], BettingStrategy[Any]], games: int, rounds: int
) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        result = await _run(
            address, strategy(), datetime(2015, 7, 1, tzinfo=UTC), datetime(2016, 7, 1, tzinfo=UTC)
        )
        taken.append(time.perf_counter() - begun)
        if len(result.bets) != games:
            msg = f"{len(result.bets)} of {games} games were bet on"
            raise RuntimeError(msg)
    return min(taken)


async def _run(
    address: DatabaseUrl, strategy: Strategy, start: datetime, end: datetime = datetime(2033, 1, 1, tzinfo=UTC)
) -> BacktestResult:
    database = Database(address, pooled=True)
    try:
        config = BacktestConfig(start=start, end=end, bankroll=1e9)
        return await run_backtest(database, strategy, config)
    finally:
        await database.close()


async def _fill(server: BenchServer, seasons: int, games: int) -> None:
    await server.postgres.recreate_database(DATABASE)
    database = Database(server.postgres.address(DATABASE), pooled=False)
    await migrations.upgrade(database.engine)
    await database.close()
    script = Path(__file__).with_name("backtest_season.sql").read_text(encoding="utf-8")
    connection = await server.connect(DATABASE)
    try:
        await connection.execute(script.replace("SEASONS", str(seasons)).replace("GAMES", str(games)))
    finally:
        await connection.close()


def _memory(url: str) -> tuple[int, float]:
    """Return how many bets a run over everything made in a process of its own, and the megabytes that took."""
    ran = subprocess.run(
        [sys.executable, "-c", _MEMORY, url], cwd=CHECKOUT, capture_output=True, check=True, text=True
    )
    bets, resident = map(int, ran.stdout.split())
    return bets, resident / (1024 if sys.platform == "linux" else 1024**2)
