"""Read what the close said of bets: of those whose word counts, and of everybody where these are silent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import build_board, screen
from analytics.backtesting.closes import Closes, closes_of, closing_decisions, quoted_by_the_fair
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.history import EventHistory, known_results
from analytics.backtesting.known import Known
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
from analytics.backtesting.values import BacktestEvent, IntArray
from handlers.backtest_reading import read_histories, read_odds
from storage.backtest_reader import BacktestReader


async def read_closes(connection: AsyncConnection, known: Known, rows: IntArray, config: BacktestConfig) -> Closes:
    """Return the closes of bets on these rows: the odds as of the real starts, of the markets bet on.

    Where a fair bookmaker quoted a game at the decision, its close is read of the fair ones and those bet at: the
    word of others counts only where none of the fair ones quotes the bet's market.
    """
    board, reader = known.board, BacktestReader(connection)
    closes = Closes.unknown(len(rows))
    expected = np.flatnonzero(quoted_by_the_fair(board, rows, config))
    if len(expected):
        closing = await _read_closing(reader, known, rows[expected], config, by_all=False)
        closes = closes.replaced(expected, closes_of(board, rows[expected], closing, config, by_all=False))
    others = np.flatnonzero(np.isnan(closes.probability))
    if not len(others):
        return closes
    closing = await _read_closing(reader, known, rows[others], config, by_all=True)
    closes = closes.replaced(others, closes_of(board, rows[others], closing, config))
    left = left_by_the_close(board, rows, closes)
    if not len(left):
        return closes
    past = await _read_past_games(reader, [board.events[number] for number in board.event[rows[left]]], config)
    return replace(closes, moved_value=moved_values(board, rows, left, main_closes(closing, config), past))


async def _read_closing(
    reader: BacktestReader, known: Known, rows: IntArray, config: BacktestConfig, *, by_all: bool
) -> OddsBoard:
    """Return the closing odds of bets' markets: everybody's, or those of the fair bookmakers and those bet at."""
    board = known.board
    bet_on = [board.events[number] for number in board.event[rows].tolist()]
    events = closing_decisions(bet_on, known.histories)
    markets = sorted({board.market_keys[market] for market in board.market[rows].tolist()})
    if by_all:
        return await _screened(reader, events, config, markets)
    bet_at: defaultdict[str, set[str]] = defaultdict(set)
    for event, bookmaker in zip(bet_on, board.bookmaker[rows].tolist(), strict=True):
        bet_at[event.event_id].add(board.bookmaker_keys[bookmaker])
    own = [sorted(bet_at[event.event_id]) for event in events]
    return await _screened(reader, events, config, markets, bookmakers=config.fair_bookmakers, also=own)


async def _screened(
    reader: BacktestReader,
    events: Sequence[BacktestEvent],
    config: BacktestConfig,
    markets: Sequence[str],
    *,
    bookmakers: Sequence[str] = (),
    also: Sequence[Sequence[str]] = (),
) -> OddsBoard:
    columns = await read_odds(reader, events, config, markets, bookmakers=bookmakers, also=also)
    closing, valid = build_board(events, columns)
    return screen(closing, valid, config).board


async def _read_past_games(
    reader: BacktestReader, decided: Sequence[BacktestEvent], config: BacktestConfig
) -> dict[tuple[str, str], list[PastGame]]:
    """Return the games that were over before any of some decisions, of a year before each."""
    last = max(event.decided_at for event in decided)
    first = min(event.decided_at for event in decided) - WEEK - LOOKBACK
    histories = await read_histories(reader, first, last, sports=sorted({event.sport_key for event in decided}))
    over = {result.event_id for result in known_results(histories.values()) if result.known_at < last}
    shapes = [_as_decided(histories[event_id]) for event_id in sorted(over)]
    closing = await _screened(reader, closing_decisions(shapes, histories), config, MARKETS)
    return past_games((histories[event.event_id] for event in closing.events), main_closes(closing, config))


def _as_decided(history: EventHistory) -> BacktestEvent:
    """Return a game as decided at its start."""
    start = history.started_at
    return BacktestEvent(
        0, history.event_id, history.sport_key, history.home_team, history.away_team, start, start
    )
