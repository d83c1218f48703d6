"""Columns of many decisions, read in parts: each quote is its own decision's, of the bookmakers asked for."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.decisions import decide
from analytics.backtesting.values import BacktestEvent
from handlers import backtest_reading
from handlers.backtest_reading import read_changes, read_histories, read_odds
from storage.backtest_reader import BacktestReader
from storage.database import Database
from tests.collected import TIP_OFF, season

HOUR = timedelta(hours=1)
DAYS = 5
CONFIG = BacktestConfig.model_validate({"start": "2026-01-01T00:00Z", "end": "2026-03-01T00:00Z"})


@pytest.fixture
async def reader(database: Database) -> Any:
    """Yield a reader of a season of five games at two bookmakers."""
    async with database.transaction() as connection:
        await season(connection, days=DAYS)
        yield BacktestReader(connection)
        await connection.rollback()


async def decisions(reader: BacktestReader) -> tuple[BacktestEvent, ...]:
    histories = await read_histories(reader, CONFIG.start, CONFIG.end)
    assert sorted(histories) == [f"event{day}" for day in range(DAYS)]
    return decide(histories.values(), [1.0], CONFIG).made


async def test_games_that_start_at_another_time_are_not_read(reader: BacktestReader) -> None:
    assert sorted(await read_histories(reader, TIP_OFF - HOUR, TIP_OFF + HOUR)) == ["event0"]


@pytest.mark.parametrize("at_once", [1, 2, 2_000])
async def test_parts_are_the_whole(reader: BacktestReader, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    made = await decisions(reader)
    whole = sorted(zip(*await read_odds(reader, made, CONFIG, ()), strict=True))
    changes = [*zip(*await read_changes(reader, made, CONFIG, (), 2 * HOUR), strict=True)]
    also = [["draftkings"] if event.number % 2 else [] for event in made]
    monkeypatch.setattr(backtest_reading, "_AT_ONCE", at_once)
    assert sorted(zip(*await read_odds(reader, made, CONFIG, ()), strict=True)) == whole
    assert [*zip(*await read_changes(reader, made, CONFIG, (), 2 * HOUR), strict=True)] == changes
    some = await read_odds(reader, made, CONFIG, (), bookmakers=["pinnacle"], also=also)
    found = {(number, key) for number, key in zip(some.decision, some.bookmaker_key, strict=True)}
    assert found == {(number, "pinnacle") for number in range(DAYS)} | {
        (number, "draftkings") for number in (1, 3)
    }
