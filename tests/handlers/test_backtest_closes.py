"""What is read of a close is as good as all of it: whoever has no say in what is fair is not asked."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.board_building import build_board, screen
from analytics.backtesting.closes import closes_of, closing_decisions
from analytics.backtesting.config import BacktestConfig
from analytics.strategies.registry import strategy_named
from handlers.backtest_closes import read_closes
from handlers.backtest_reading import read_odds
from handlers.backtesting import read_known
from storage.backtest_reader import BacktestReader
from storage.database import Database
from tests.collected import TIP_OFF, Markets, Scored, Seen, h2h, look, score

BEFORE, LAST = timedelta(minutes=65), timedelta(minutes=5)
RUN: dict[str, Any] = {"start": "2026-01-01T00:00Z", "end": "2026-03-01T00:00Z"}
Board = Mapping[str, Markets]


def handicap(home: int, away: int, point: float) -> Markets:
    return {"spreads": {"Lakers": (home, point), "Celtics": (away, -point)}}


DECIDED: Board = {"bovada": h2h(-150, 130), "fanduel": h2h(-140, 125)}
SHARP: Board = {"pinnacle": h2h(-145, 133)}
OTHERS: Board = {"bovada": h2h(-170, 145), "fanduel": h2h(-160, 140), "betmgm": h2h(-190, 160)}
CASES = [
    pytest.param({**DECIDED, **SHARP}, {**OTHERS, "pinnacle": h2h(-165, 150)}, id="the sharp one quotes the line"),
    pytest.param({**DECIDED, **SHARP}, OTHERS, id="the sharp one is gone: all together"),
    pytest.param(DECIDED, {**OTHERS, "pinnacle": h2h(-165, 150)}, id="the sharp one comes after the decision"),
    pytest.param(DECIDED, OTHERS, id="there is no sharp one"),
    pytest.param(
        {**DECIDED, "lowvig": h2h(-145, 133)},
        {**OTHERS, "lowvig": h2h(-165, 150), "pinnacle": h2h(-175, 155)},
        id="the first of the sharp ones comes after the decision",
    ),
    pytest.param({**DECIDED, **SHARP}, {"pinnacle": h2h(-165, 150)}, id="the others are gone"),
    pytest.param({**DECIDED, **SHARP}, {}, id="all are gone"),
    pytest.param(
        {"bovada": handicap(-110, -110, -3.5), "pinnacle": handicap(-105, -105, -3)},
        {
            "bovada": handicap(-115, -105, -3.5),
            "betmgm": handicap(-120, 100, -3.5),
            "pinnacle": handicap(-106, -104, -3),
        },
        id="the sharp one quotes another number",
    ),
]


@pytest.mark.parametrize(("decided", "closed"), CASES)
async def test_a_close_is_that_of_everything_that_was_quoted(
    database: Database, decided: Board, closed: Board
) -> None:
    config = BacktestConfig.model_validate(RUN)
    async with database.transaction() as connection:
        await look(connection, TIP_OFF - BEFORE, *(Seen(f"event{number}", decided) for number in range(2)))
        await look(connection, TIP_OFF - LAST, Seen("event0", closed), Seen("event1", decided))
        known = await read_known(connection, strategy_named("arbitrage"), config)
        board, rows = known.board, np.arange(len(known.board))
        events = closing_decisions(board.events, known.histories)
        everything, valid = build_board(events, await read_odds(BacktestReader(connection), events, config, ()))
        closes = await read_closes(connection, known, rows, config)
        one_by_one = [await read_closes(connection, known, rows[[row]], config) for row in rows]
        await connection.rollback()
    expected = closes_of(board, rows, screen(everything, valid, config).board, config)
    for told, alone, meant in zip(
        astuple(closes), zip(*map(astuple, one_by_one), strict=True), astuple(expected), strict=True
    ):
        np.testing.assert_array_equal(told, meant)
        np.testing.assert_array_equal(np.concatenate(alone), meant)
    assert len(rows) == 2 * sum(len(outcomes) for one in decided.values() for outcomes in one.values())


async def test_a_moved_number_is_judged_by_the_games_of_a_year_before_its_week(database: Database) -> None:
    """Weeks begin on Thursdays: those of a Wednesday's year begin six days before that day of the last year."""
    wednesday, a_year_ago = datetime(2026, 1, 14, 12, tzinfo=UTC), datetime(2025, 1, 8, 12, tzinfo=UTC)
    config = BacktestConfig.model_validate(RUN)
    async with database.transaction() as connection:
        for day in range(1, 6):
            start, ids = a_year_ago + timedelta(days=day), [f"old{day}-{game}" for game in range(20)]
            quoted = {"pinnacle": handicap(-110, -110, -3.5)}
            await look(connection, start - LAST, *(Seen(event_id, quoted, start) for event_id in ids))
            ended = [Scored(event_id, 100 + 3 * day + game, 107, start) for game, event_id in enumerate(ids)]
            await score(connection, start + timedelta(hours=3), *ended)
        for before, number in ((BEFORE, -2.5), (LAST, -4.5)):
            seen = Seen("now", {"pinnacle": handicap(-110, -110, number)}, wednesday)
            await look(connection, wednesday - before, seen)
        known = await read_known(connection, strategy_named("flat", {"market": "spreads"}), config)
        closes = await read_closes(connection, known, np.arange(len(known.board)), config)
        await connection.rollback()
    assert [event.event_id for event in known.board.events] == ["now"]
    assert np.isnan(closes.probability).tolist() == [True, True]
    on_away, on_home = closes.moved_value.tolist()
    assert on_away < -0.05 < 0 < on_home


async def test_without_bets_nothing_is_read(database: Database) -> None:
    config = BacktestConfig.model_validate(RUN)
    async with database.transaction() as connection:
        known = await read_known(connection, strategy_named("flat"), config)
        closes = await read_closes(connection, known, np.arange(0), config)
    assert [len(column) for column in astuple(closes)] == [0, 0, 0, 0]
