"""Read what a backtest needs into the columns that boards are made of, so many decisions with each statement."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from analytics.backtesting.board_building import ChangeColumns, QuoteColumns
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.history import EventHistory, StartKnown, StatusKnown
from analytics.backtesting.values import BacktestEvent
from storage.backtest_reader import BacktestReader, EventHistoryRow
from storage.odds_at_many import KnownQuoteColumns

T = TypeVar("T")
_AT_ONCE = 2_000
"""How many decisions are read with one statement: a season, and little enough memory."""

_WORTH_A_SECOND = 200
"""How many decisions are read on two connections at once, where there are two."""


async def read_histories(
    reader: BacktestReader, first_start: datetime, last_start: datetime, *, sports: Sequence[str] = ()
) -> dict[str, EventHistory]:
    """Return what became known of the games that were ever to start between two instants, by their ids."""
    rows = await reader.get_event_histories(first_start, last_start, sports=sports)
    return {row.event_id: _history(row) for row in rows}


async def read_odds(
    reader: BacktestReader,
    events: Sequence[BacktestEvent],
    config: BacktestConfig,
    markets: Sequence[str],
    *,
    bookmakers: Sequence[str] = (),
    also: Sequence[Sequence[str]] = (),
) -> QuoteColumns:
    """Return the odds known at some decisions.

    Args:
        reader: Where they are.
        events: The decisions.
        config: Says from which sources.
        markets: Which markets; none means all.
        bookmakers: Whose odds; none means everybody's.
        also: Whose odds of each decision besides; by default nobody's.
    """
    readers = reader.at_once() if len(events) >= _WORTH_A_SECOND else (reader,)
    at_once = min(_AT_ONCE, -(-len(events) // len(readers)) or 1)
    parts = range(0, len(events), at_once)

    async def read(by: BacktestReader, first: int) -> KnownQuoteColumns:
        part = events[first : first + at_once]
        found = await by.get_odds_at_times(
            [event.event_id for event in part],
            [event.decided_at for event in part],
            sources=config.sources,
            bookmakers=bookmakers,
            also=also[first : first + at_once],
            markets=markets,
        )
        return found._replace(number=[number + first for number in found.number])

    columns: tuple[list[object], ...] = tuple([] for _ in QuoteColumns._fields)
    for begun in range(0, len(parts), len(readers)):
        for found in await _together(*map(read, readers, parts[begun : begun + len(readers)])):
            _extend(columns, found)
    return QuoteColumns(*columns)  # type: ignore[arg-type]


async def _together(*reads: Coroutine[Any, Any, T]) -> list[T]:
    """Return what is read at once; where one fails, the others are ended before the error is raised."""
    reading = [asyncio.ensure_future(read) for read in reads]
    try:
        return await asyncio.gather(*reading)
    finally:
        for one in reading:
            one.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def read_changes(
    reader: BacktestReader,
    events: Sequence[BacktestEvent],
    config: BacktestConfig,
    markets: Sequence[str],
    before: timedelta,
) -> ChangeColumns:
    """Return how the lines changed in some time before each decision."""
    columns: tuple[list[object], ...] = tuple([] for _ in ChangeColumns._fields)
    for first in range(0, len(events), _AT_ONCE):
        part = events[first : first + _AT_ONCE]
        read = await reader.get_line_changes(
            [event.event_id for event in part],
            [event.decided_at for event in part],
            before,
            sources=config.sources,
            markets=markets,
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
