"""What needs no transaction is spared BEGIN and COMMIT where the server is reached directly, and only there."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from core.database_url import parse_database_url
from core.errors import DatabaseLostError
from storage.database import Database, driver_of

INSERT = "INSERT INTO numbers (n) VALUES (1)"
COUNT = "SELECT count(*) FROM numbers"


@pytest.fixture(params=[True, False], ids=["reached directly", "behind a pooler"])
def is_direct(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def numbers(empty_database: Database, *, is_direct: bool) -> Database:
    """Return a database with a table, reached directly, or as behind a pooler."""
    async with empty_database.transaction() as connection:
        await connection.execute(text("CREATE TABLE numbers (n integer)"))
    return Database(empty_database.url, pooled=False, prepared_statements=is_direct)


async def count(database: Database) -> object:
    async with database.transaction() as connection:
        return (await connection.execute(text(COUNT))).scalar_one()


async def test_a_statement_takes_effect_at_once_where_the_server_is_reached_directly(
    numbers: Database, *, is_direct: bool
) -> None:
    async with numbers.one_by_one() as connection:
        await driver_of(connection).fetch(INSERT)
        assert await count(numbers) == (1 if is_direct else 0)
    assert await count(numbers) == 1


async def test_what_was_done_before_a_failure_stands_only_where_it_took_effect(
    numbers: Database, *, is_direct: bool
) -> None:
    async def write_and_fail() -> None:
        async with numbers.one_by_one() as connection:
            await driver_of(connection).fetch(INSERT)
            await driver_of(connection).fetch("SELECT 1 / 0")

    async with numbers.keeping_one():
        with pytest.raises(asyncpg.DivisionByZeroError):
            await write_and_fail()
        async with numbers.one_by_one() as connection:
            assert await driver_of(connection).fetchval(COUNT) == (1 if is_direct else 0)


async def test_a_statement_of_sqlalchemys_is_committed_too(numbers: Database) -> None:
    async with numbers.one_by_one() as connection:
        await connection.execute(text(INSERT))
    assert await count(numbers) == 1


async def test_a_connection_that_is_lost_is_told_as_such_and_made_anew(numbers: Database) -> None:
    async def end_itself() -> None:
        async with numbers.one_by_one() as connection:
            await driver_of(connection).fetch("SELECT pg_terminate_backend(pg_backend_pid())")

    async with numbers.keeping_one():
        with pytest.raises(DatabaseLostError, match="the connection was lost"):
            await end_itself()
        async with numbers.one_by_one() as connection:
            assert await driver_of(connection).fetchval("SELECT 1") == 1


async def test_a_statement_that_is_given_up_takes_its_connection_with_it(empty_database_url: str) -> None:
    database = Database(parse_database_url(empty_database_url), pooled=False, prepared_statements=True)

    async def backend(query: str = "SELECT pg_backend_pid()") -> object:
        async with database.one_by_one() as connection:
            return await driver_of(connection).fetchval(query)

    async with database.keeping_one():
        before = await backend()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await backend("SELECT pg_sleep(1)")
        assert await backend() != before
