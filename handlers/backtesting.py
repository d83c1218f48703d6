"""Run a backtest: what storage knows is handed to analytics, and what analytics found is returned."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.board_building import ChangeColumns, QuoteColumns, build_board, screen, with_history
from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.closes import Closes, closes_of, closing_decisions
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.decisions import Decisions, decide
from analytics.backtesting.engine import placed_rows, simulate
from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.history import EventHistory, StartKnown, StatusKnown, known_results
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.moved_numbers import (
    LOOKBACK,
    MARKETS,
    WEEK,
    PastGame,
    left_by_the_close,
    main_closes,
    moved_values,
    past_games,
)
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.summing_up import sum_up
from analytics.backtesting.values import BacktestEvent, IntArray
from analytics.strategies.base import BettingStrategy, Parameters
from handlers.betting_places import check_bookmakers
from storage.backtest_reader import BacktestReader, EventHistoryRow
from storage.database import Database

_AT_ONCE = 2_000
"""How many decisions are read with one statement: a season, and little enough memory."""

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
        ConfigurationError: The run's sizing does not fit the strategy, what is brought not the games, or none of
            its bookmakers has odds of them.
    """
    async with as_it_is_now(database) as connection:
        return await backtest_on(connection, strategy, config, brought=brought, progress=progress)


async def backtest_on(
    connection: AsyncConnection,
    strategy: Strategy,
    config: BacktestConfig,
    *,
    brought: Brought = NOTHING_BROUGHT,
    progress: Progress = lambda done, total: None,
) -> BacktestResult:
    """Return the same by what an open connection sees; raises the same."""
    asked = resolved(config, strategy)
    await check_bookmakers(connection, asked, strategy.markets())
    known = await read_known(connection, strategy, asked, brought=brought)
    total = len(known.board.events)
    strategy.begin()
    found = await evaluate(
        strategy,
        known.board,
        asked,
        results=known_results(known.histories.values()),
        progress=lambda done: progress(done, total),
    )
    simulation = simulate(known, found, asked, sizing=asked.sizing or strategy.sizing, strategy=strategy.name)
    closes = await read_closes(connection, known, placed_rows(found, simulation), asked)
    parameters = strategy.parameters.model_dump(mode="json")
    return sum_up(known, found, simulation, closes, asked, strategy=strategy.name, parameters=parameters)


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
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        yield connection


async def read_decisions(
    connection: AsyncConnection, strategy: Strategy, config: BacktestConfig
) -> tuple[Decisions, dict[str, EventHistory]]:
    """Return the decisions of a run, and what became known of every game that it may decide, by its id."""
    hours = config.decision_hours(strategy.decides_at)
    rows = await BacktestReader(connection).get_event_histories(
        config.start, config.end + timedelta(hours=max(hours)), sports=config.sports
    )
    histories = {row.event_id: _history(row) for row in rows}
    return decide(histories.values(), hours, config), histories


async def read_known(
    connection: AsyncConnection,
    strategy: Strategy,
    config: BacktestConfig,
    *,
    markets: Sequence[str] | None = None,
    brought: Brought = NOTHING_BROUGHT,
) -> Known:
    """Return what a strategy's run knows, its decisions and the odds known at each.

    Args:
        connection: An open connection.
        strategy: Says which markets and how much history it looks at.
        config: The run.
        markets: What to read in place of the strategy's own markets.
        brought: What the feed does not tell of the games, known with their results.

    Raises:
        ConfigurationError: What is brought does not fit the games.
    """
    reader = BacktestReader(connection)
    decisions, histories = await read_decisions(connection, strategy, config)
    histories = brought.joined_to(histories)
    columns = await _read_odds(reader, decisions.made, config, strategy.markets() if markets is None else markets)
    read, valid = build_board(decisions.made, columns)
    screened = screen(read, valid, config)
    known = known_of(decisions, histories, read, screened)
    if strategy.history_hours is None:
        return known
    changes = await _read_changes(reader, decisions.made, config, strategy)
    return Known(known.decisions, known.histories, with_history(known.board, changes), known.quality)


async def read_closes(connection: AsyncConnection, known: Known, rows: IntArray, config: BacktestConfig) -> Closes:
    """Return the closes of bets on these rows: the odds as of the real starts, of the markets bet on."""
    board = known.board
    events = closing_decisions([board.events[number] for number in board.event[rows]], known.histories)
    markets = sorted({board.market_keys[market] for market in board.market[rows]})
    columns = await _read_odds(BacktestReader(connection), events, config, markets)
    closing, valid = build_board(events, columns)
    closing = screen(closing, valid, config).board
    closes = closes_of(board, rows, closing, config)
    left = left_by_the_close(board, rows, closes)
    if not len(left):
        return closes
    past = await _read_past_games(connection, [board.events[number] for number in board.event[rows[left]]], config)
    return replace(closes, moved_value=moved_values(board, rows, left, main_closes(closing, config), past))


async def _read_past_games(
    connection: AsyncConnection, decided: Sequence[BacktestEvent], config: BacktestConfig
) -> dict[tuple[str, str], list[PastGame]]:
    """Return the games that were over before any of some decisions, of a year before each."""
    reader, last = BacktestReader(connection), max(event.decided_at for event in decided)
    first = min(event.decided_at for event in decided) - WEEK - LOOKBACK
    rows = await reader.get_event_histories(first, last, sports=sorted({event.sport_key for event in decided}))
    histories = {row.event_id: _history(row) for row in rows}
    over = {result.event_id for result in known_results(histories.values()) if result.known_at < last}
    shapes = [_as_decided(histories[event_id]) for event_id in sorted(over)]
    events = closing_decisions(shapes, histories)
    columns = await _read_odds(reader, events, config, MARKETS)
    closing, valid = build_board(events, columns)
    return past_games(
        (histories[event.event_id] for event in events), main_closes(screen(closing, valid, config).board, config)
    )


def _as_decided(history: EventHistory) -> BacktestEvent:
    """Return a game as decided at its start."""
    start = history.started_at
    return BacktestEvent(
        0, history.event_id, history.sport_key, history.home_team, history.away_team, start, start
    )


async def _read_odds(
    reader: BacktestReader, events: Sequence[BacktestEvent], config: BacktestConfig, markets: Sequence[str]
) -> QuoteColumns:
    columns: tuple[list[object], ...] = tuple([] for _ in QuoteColumns._fields)
    for first in range(0, len(events), _AT_ONCE):
        part = events[first : first + _AT_ONCE]
        read = await reader.get_odds_at_times(
            [event.event_id for event in part],
            [event.decided_at for event in part],
            sources=config.sources,
            markets=markets,
        )
        _extend(columns, read._replace(number=[number + first for number in read.number]))
    return QuoteColumns(*columns)  # type: ignore[arg-type]


async def _read_changes(
    reader: BacktestReader, events: Sequence[BacktestEvent], config: BacktestConfig, strategy: Strategy
) -> ChangeColumns:
    columns: tuple[list[object], ...] = tuple([] for _ in ChangeColumns._fields)
    for first in range(0, len(events), _AT_ONCE):
        part = events[first : first + _AT_ONCE]
        read = await reader.get_line_changes(
            [event.event_id for event in part],
            [event.decided_at for event in part],
            timedelta(hours=strategy.history_hours or 0),
            sources=config.sources,
            markets=strategy.markets(),
        )
        _extend(columns, read._replace(number=[number + first for number in read.number]))
    return ChangeColumns(*columns)  # type: ignore[arg-type]


def _extend(columns: Sequence[list[object]], read: Sequence[Sequence[object]]) -> None:
    for column, more in zip(columns, read, strict=True):
        column.extend(more)


def _history(row: EventHistoryRow) -> EventHistory:
    return EventHistory(
        event_id=row.event_id,
        sport_key=row.sport_key,
        home_team=row.home_team,
        away_team=row.away_team,
        starts=tuple(map(StartKnown, row.starts_seen_at, row.commence_times)),
        statuses=tuple(map(StatusKnown, row.statuses_changed_at, row.statuses, row.home_scores, row.away_scores)),
    )
