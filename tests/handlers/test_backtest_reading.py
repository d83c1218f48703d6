"""Columns of many decisions, read in parts: each quote is its own decision's, of the bookmakers asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.decisions import decide
from analytics.backtesting.values import BacktestEvent
from analytics.strategies.registry import strategy_named
from core.errors import DatabaseLostError
from handlers import backtest_reading
from handlers.backtest_reading import read_changes, read_histories, read_odds
from handlers.backtesting import run_backtest
from storage.backtest_reader import BacktestReader
from storage.database import Database, driver_of
from storage.second_view import second_view, see_as_it_is_now
from tests.collected import TIP_OFF, season
from tests.storage.test_second_view import opened

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


@asynccontextmanager
async def on_two(database: Database) -> AsyncIterator[BacktestReader]:
    """Yield a reader of that season with a second connection, which is open."""
    async with database.transaction() as connection:
        await season(connection, days=DAYS)
    async with database.transaction() as connection:
        await see_as_it_is_now(connection)
        async with second_view(database, connection) as second:
            await opened(second)
            yield BacktestReader(connection, second)


async def test_what_is_read_on_two_connections_is_the_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_two(database) as reader:
        made = await decisions(reader)
        alone = await read_odds(reader, made, CONFIG, ())
        monkeypatch.setattr(backtest_reading, "_WORTH_A_SECOND", 2)
        for at_once in (1, 2, 2_000):
            monkeypatch.setattr(backtest_reading, "_AT_ONCE", at_once)
            read = await read_odds(reader, made, CONFIG, ())
            assert sorted(zip(*read, strict=True)) == sorted(zip(*alone, strict=True))


async def read_while_one_is_lost(database: Database) -> None:
    async with on_two(database) as reader:
        made = await decisions(reader)
        _, other = reader.at_once()
        reading = asyncio.ensure_future(read_odds(reader, made, CONFIG, ()))
        await asyncio.sleep(0)
        driver_of(other._connection).terminate()
        await reading


async def test_where_one_of_two_connections_is_lost_the_read_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_reading, "_WORTH_A_SECOND", 2)
    with pytest.raises(DatabaseLostError):
        await read_while_one_is_lost(database)


async def test_a_run_on_a_pool_of_one_connection_finds_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as connection:
        await season(connection)
    monkeypatch.setattr(backtest_reading, "_WORTH_A_SECOND", 2)
    alone = Database(database.url, pooled=True, pool_size=1)
    config = BacktestConfig.model_validate({**CONFIG.model_dump(), "resamples": 100})
    found, on_one = [await run_backtest(one, strategy_named("flat"), config) for one in (database, alone)]
    await alone.close()
    assert found == on_one
