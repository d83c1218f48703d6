import asyncio
import dataclasses
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from core.database_url import parse_database_url
from storage import kept_connection
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.wire.wire import Wire, wire_to


async def backend_of(database: Database) -> object:
    """Return which of the server's processes answers."""
    async with database.transaction() as connection:
        return (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()


@pytest.fixture
async def wire(postgres_server: EmbeddedPostgres) -> AsyncIterator[Wire]:
    async with wire_to(postgres_server.port) as wire:
        yield wire


@pytest.fixture
def database(postgres_server: EmbeddedPostgres, wire: Wire) -> Database:
    """Return a database without a pool, reached by the wire."""
    url = dataclasses.replace(parse_database_url(postgres_server.url("postgres")), port=wire.port)
    return Database(url, pooled=False, command_timeout_seconds=0.3)


async def test_transactions_in_turn_share_a_connection_which_is_closed_at_the_end(
    database: Database, empty_database: Database
) -> None:
    async with database.keeping_one():
        backends = {await backend_of(database) for _ in range(3)}
    assert len(backends) == 1
    async with empty_database.transaction() as connection:
        alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        assert (await connection.execute(alive, {"pid": backends.pop()})).scalar_one() == 0


async def test_nothing_is_connected_to_where_nothing_is_asked(database: Database, wire: Wire) -> None:
    async with database.keeping_one():
        pass
    assert wire.messages == 0


async def test_a_transaction_within_another_has_a_connection_of_its_own(database: Database) -> None:
    async with database.keeping_one(), database.transaction() as connection:
        outer = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        assert await backend_of(database) != outer
    async with database.keeping_one():
        assert await backend_of(database) != outer


async def test_a_failed_transaction_is_rolled_back_and_the_connection_goes_on(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("CREATE TABLE forgotten (n integer)"))
            raise RuntimeError("after the statement")

    async with database.keeping_one():
        before = await backend_of(database)
        with pytest.raises(RuntimeError, match="after the statement"):
            await fail()
        assert await backend_of(database) == before
        async with database.transaction() as connection:
            assert (await connection.execute(text("SELECT to_regclass('forgotten')"))).scalar_one() is None


async def test_a_transaction_that_is_given_up_takes_the_connection_with_it(database: Database) -> None:
    async def sleep() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("SELECT pg_sleep(0.2)"))

    async with database.keeping_one():
        before = await backend_of(database)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await sleep()
        assert await backend_of(database) != before


async def test_a_connection_that_was_cut_off_while_idle_is_made_anew_unnoticed(
    database: Database, wire: Wire
) -> None:
    async with database.keeping_one():
        before = await backend_of(database)
        wire.cut()
        assert await backend_of(database) != before


async def test_r3_a_connection_that_fell_silent_while_idle_is_made_anew(database: Database, wire: Wire) -> None:
    async with database.keeping_one():
        before = await backend_of(database)
        wire.swallowing = True
        asyncio.get_running_loop().call_later(0.2, wire.mend)
        assert await backend_of(database) != before


async def test_a_connection_that_was_idle_for_long_is_not_trusted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_connection, "IDLE_SECONDS", 0)
    async with database.keeping_one():
        assert len({await backend_of(database) for _ in range(2)}) == 2


def test_r1_one_event_loop_after_another_has_its_own(postgres_server: EmbeddedPostgres) -> None:
    database = Database(parse_database_url(postgres_server.url("postgres")), pooled=False)

    async def ask() -> set[object]:
        async with database.keeping_one():
            return {await backend_of(database) for _ in range(2)}

    for _ in range(3):
        with asyncio.Runner() as runner:
            assert len(runner.run(ask())) == 1
