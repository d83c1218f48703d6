"""Run a backtest: what storage knows is handed to analytics, and what analytics found is returned."""

from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.board_building import build_board, screen, with_history
from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.decisions import Decisions, decide
from analytics.backtesting.engine import Simulation, arrays_at_risk, simulate
from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.history import EventHistory, known_results
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.measuring import Luck, luck_of
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.summing_up import sum_up
from analytics.strategies.base import BettingStrategy, Parameters
from handlers.backtest_closes import read_closes
from handlers.backtest_reading import read_changes, read_histories, read_odds
from handlers.beside import beside
from handlers.known_names import check_asked
from handlers.settled_memory import settled_memory
from storage.backtest_reader import BacktestReader
from storage.collected_span import read_last_looks
from storage.database import Database
from storage.second_view import SecondView, second_view, see_as_it_is_now

Strategy = BettingStrategy[Parameters]
Progress = Callable[[int, int], None]
"""Is told how many decisions have been made, and of how many."""


async def run_backtest(
    database: Database,
    strategy: Strategy,
    config: BacktestConfig,
    *,
    brought: Brought = NOTHING_BROUGHT,
    progress: Progress = lambda done, total: None,
) -> BacktestResult:
    """Return what a strategy would have done, strictly by what was known at each decision.

    Args:
        database: Where the odds are; read as it is when the run begins, whatever is collected meanwhile.
        strategy: The strategy.
        config: The run; what it leaves open is the strategy's own, and so it stands in the result.
        brought: What the feed does not tell of the games, for the bets that rest on it.
        progress: Is told how far the run is.

    Raises:
        StrategyError: The strategy answered what no strategy may answer.
        ConfigurationError: The run's sizing does not fit the strategy, what is brought not the games, or there are
            no odds of what is asked for.
    """
    with settled_memory():
        async with as_it_is_now(database) as connection, second_view(database, connection) as second:
            return await backtest_on(
                connection, strategy, config, brought=brought, progress=progress, second=second
            )


async def backtest_on(
    connection: AsyncConnection,
    strategy: Strategy,
    config: BacktestConfig,
    *,
    brought: Brought = NOTHING_BROUGHT,
    progress: Progress = lambda done, total: None,
    second: SecondView | None = None,
) -> BacktestResult:
    """Return the same by what an open connection sees, and a second one where it is there; raises the same."""
    asked = resolved(config, strategy)
    await check_asked(connection, asked, strategy.markets(), [strategy.parameters])
    known = await read_known(connection, strategy, asked, brought=brought, second=second)
    total = len(known.board.events)
    strategy.begin()
    found = await evaluate(
        strategy,
        known.board,
        asked,
        results=known_results(known.histories.values()),
        progress=lambda done: progress(done, total),
    )

    with ThreadPoolExecutor(1) as aside:

        def placing() -> tuple[Simulation, Future[Luck]]:
            sizing = asked.sizing or strategy.sizing
            simulation = simulate(known, found, asked, sizing=sizing, strategy=strategy.name)
            return simulation, aside.submit(luck_of, arrays_at_risk(known.board, found, simulation), asked)

        closes, (simulation, luck) = await beside(read_closes(connection, known, found.quotes, asked), placing)
        return sum_up(
            known,
            found,
            simulation,
            closes.at([one.number for one in simulation.placed]),
            asked,
            strategy=strategy.name,
            parameters=strategy.parameters.model_dump(mode="json"),
            luck=luck.result,
        )


def resolved(config: BacktestConfig, strategy: Strategy) -> BacktestConfig:
    """Return the run with the strategy's own choices where it makes none."""
    return config.model_copy(
        update={
            "sizing": config.sizing or strategy.sizing,
            "decide_at": config.decision_hours(strategy.decides_at),
        }
    )


@asynccontextmanager
async def as_it_is_now(database: Database) -> AsyncIterator[AsyncConnection]:
    """Yield a connection that sees the database as it is at its first read, and cannot write."""
    async with database.transaction() as connection:
        await see_as_it_is_now(connection)
        yield connection


async def read_decisions(
    connection: AsyncConnection, strategy: Strategy, config: BacktestConfig
) -> tuple[Decisions, dict[str, EventHistory]]:
    """Return the decisions of a run, and what became known of every game that it may decide, by its id."""
    hours = config.decision_hours(strategy.decides_at)
    last = config.end + timedelta(hours=max(hours))
    histories = await read_histories(BacktestReader(connection), config.start, last, sports=config.sports)
    return decide(histories.values(), hours, config), histories


async def read_known(
    connection: AsyncConnection,
    strategy: Strategy,
    config: BacktestConfig,
    *,
    markets: Sequence[str] | None = None,
    brought: Brought = NOTHING_BROUGHT,
    second: SecondView | None = None,
) -> Known:
    """Return what a strategy's run knows, its decisions and the odds known at each.

    Args:
        connection: An open connection.
        strategy: Says which markets and how much history it looks at.
        config: The run.
        markets: What to read in place of the strategy's own markets.
        brought: What the feed does not tell of the games, known with their results.
        second: Another connection that sees the same, to read on both at once where it is there.

    Raises:
        ConfigurationError: What is brought does not fit the games.
    """
    reader = BacktestReader(connection, second)
    decisions, histories = await read_decisions(connection, strategy, config)
    histories = brought.joined_to(histories)
    columns = await read_odds(reader, decisions.made, config, strategy.markets() if markets is None else markets)
    read, valid = build_board(decisions.made, columns)
    screened = screen(read, valid, config)
    last_looks = await read_last_looks(connection, config.sources) if screened.only_stale else {}
    known = known_of(decisions, histories, read, screened, last_looks)
    if strategy.history_hours is None:
        return known
    before = timedelta(hours=strategy.history_hours)
    changes = await read_changes(reader, decisions.made, config, strategy.markets(), before)
    return Known(known.decisions, known.histories, with_history(known.board, changes), known.quality)
