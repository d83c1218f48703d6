"""A second connection sees what the first one does, and a run that gets none, or loses it, goes on without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.database_url import parse_database_url
from storage.database import Database, driver_of
from storage.second_view import SecondView, second_view, see_as_it_is_now
from tests.wire.pooler import pooler

SECONDS = 30.0
A_WHILE = 0.3


async def count(connection: AsyncConnection) -> object:
    return (await connection.execute(text("SELECT count(*) FROM numbers"))).scalar_one()


async def insert(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO numbers (n) VALUES (1)"))


@asynccontextmanager
async def both(database: Database) -> AsyncIterator[tuple[AsyncConnection, SecondView]]:
    async with database.transaction() as connection:
        await see_as_it_is_now(connection)
        async with second_view(database, connection) as second:
            yield connection, second


async def opened(second: SecondView) -> AsyncConnection:
    """Return the connection once it is open."""
    async with asyncio.timeout(SECONDS):
        while (connection := second.at_hand()) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return connection


@pytest.fixture
async def numbers(empty_database: Database) -> Database:
    """Return a database with a table of one row."""
    async with empty_database.transaction() as connection:
        await connection.execute(text("CREATE TABLE numbers (n integer)"))
    await insert(empty_database)
    return empty_database


async def test_d7_both_see_what_there_was_at_the_first_ones_first_read(numbers: Database) -> None:
    async with both(numbers) as (connection, second):
        await insert(numbers)
        other = await opened(second)
        await insert(numbers)
        assert (await count(connection), await count(other)) == (1, 1)
    async with numbers.transaction() as connection:
        assert await count(connection) == 3


async def test_neither_can_write(numbers: Database) -> None:
    async with both(numbers) as (connection, second):
        for one in (await opened(second), connection):
            with pytest.raises(DBAPIError, match="read-only transaction"):
                await one.execute(text("DELETE FROM numbers"))
        await connection.rollback()


async def checked_out(numbers: Database, failure: Exception | None) -> object:
    with suppress(ValueError):
        async with both(numbers) as (_, second):
            await opened(second)
            if failure:
                raise failure
    assert second.at_hand() is None
    return numbers.engine.pool.checkedout()  # type: ignore[attr-defined]


@pytest.mark.parametrize("failure", [None, ValueError("it does not fit")], ids=["at its end", "after a failure"])
async def test_no_connection_is_left(numbers: Database, failure: Exception | None) -> None:
    assert await checked_out(numbers, failure) == 0


async def test_a_pool_of_one_gives_none_and_nobody_waits_for_it(numbers: Database) -> None:
    alone = Database(numbers.url, pooled=True, pool_size=1)
    async with asyncio.timeout(SECONDS / 2):
        async with both(alone) as (connection, second):
            await asyncio.sleep(A_WHILE)
            assert second.at_hand() is None
            assert await count(connection) == 1
        async with alone.transaction() as connection:
            assert await count(connection) == 1
    await alone.close()


@pytest.mark.parametrize("servers", [1, 2])
async def test_r2_behind_a_pooler_it_is_there_where_that_has_a_server_for_it(
    numbers: Database, open_folder: Path, servers: int
) -> None:
    url = numbers.url.sqlalchemy_url.render_as_string(hide_password=False).replace("+asyncpg", "")
    with pooler(url, open_folder, servers=servers) as pooled_url:
        pooled = Database(parse_database_url(pooled_url), pooled=True)
        async with asyncio.timeout(SECONDS / 2), both(pooled) as (connection, second):
            if servers > 1:
                await insert(numbers)
                assert await count(await opened(second)) == 1
            else:
                await asyncio.sleep(A_WHILE)
                assert second.at_hand() is None
            assert await count(connection) == 1
        await pooled.close()


async def test_one_that_is_lost_is_no_longer_at_hand(numbers: Database) -> None:
    async with both(numbers) as (connection, second):
        driver_of(await opened(second)).terminate()
        assert second.at_hand() is None
        assert await count(connection) == 1
