import asyncio
import dataclasses
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.database_url import DatabaseUrl, parse_database_url
from core.errors import DatabaseLostError, DatabaseUnreachableError
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.embedded_files import free_port
from tests.wire.wire import wire_to


def through(postgres_server: EmbeddedPostgres, port: int) -> DatabaseUrl:
    """Return the server's URL with another port."""
    return dataclasses.replace(parse_database_url(postgres_server.url("postgres")), port=port)


async def one(connection: AsyncConnection, query: str) -> object:
    return (await connection.execute(text(query))).scalar_one()


@pytest.fixture
async def numbers(empty_database: Database) -> Database:
    async with empty_database.transaction() as connection:
        await connection.execute(text("CREATE TABLE numbers (n integer)"))
    return empty_database


async def copy_numbers(connection: AsyncConnection) -> None:
    """Fill the table through the driver's own connection, before any statement of SQLAlchemy's."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.copy_records_to_table("numbers", records=[(1,), (2,)], columns=["n"])


async def test_a_copy_by_the_driver_is_committed_with_its_transaction(numbers: Database) -> None:
    async with numbers.transaction() as connection:
        await copy_numbers(connection)

    async with numbers.transaction() as connection:
        assert await one(connection, "SELECT count(*) FROM numbers") == 2


async def test_a_copy_by_the_driver_is_rolled_back_with_its_transaction(numbers: Database) -> None:
    async def copy_and_fail() -> None:
        async with numbers.transaction() as connection:
            await copy_numbers(connection)
            raise RuntimeError("after the copy")

    with pytest.raises(RuntimeError, match="after the copy"):
        await copy_and_fail()

    async with numbers.transaction() as connection:
        assert await one(connection, "SELECT count(*) FROM numbers") == 0


async def test_a_session_speaks_utc_and_names_itself(empty_database: Database) -> None:
    async with empty_database.transaction() as connection:
        assert await one(connection, "SHOW timezone") == "UTC"
        assert await one(connection, "SHOW application_name") == "linekeeper"
        now = await one(connection, "SELECT now()")

    assert isinstance(now, datetime)
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


async def test_what_the_url_asks_of_the_session_is_kept(empty_database_url: str) -> None:
    url = parse_database_url(f"{empty_database_url}?application_name=desk&options=-c%20search_path%3Delsewhere")
    database = Database(url, pooled=False)

    async with database.transaction() as connection:
        assert await one(connection, "SHOW application_name") == "desk"
        assert await one(connection, "SHOW search_path") == "elsewhere"


@pytest.mark.parametrize(
    ("pooled", "same"), [pytest.param(True, True, id="pooled"), pytest.param(False, False, id="not pooled")]
)
async def test_a_connection_is_kept_for_the_next_use_only_where_pooled(
    empty_database_url: str, pooled: bool, same: bool
) -> None:
    database = Database(parse_database_url(empty_database_url), pooled=pooled)
    backends = set()
    for _ in range(2):
        async with database.transaction() as connection:
            backends.add(await one(connection, "SELECT pg_backend_pid()"))
    await database.close()

    assert (len(backends) == 1) is same


def test_r1_an_unpooled_database_works_in_one_event_loop_after_another(postgres_server: EmbeddedPostgres) -> None:
    database = Database(parse_database_url(postgres_server.url("postgres")), pooled=False)

    async def ask() -> object:
        async with database.transaction() as connection:
            return await one(connection, "SELECT 1")

    for _ in range(3):
        with asyncio.Runner() as runner:
            assert runner.run(ask()) == 1


async def test_r2_no_prepared_statement_is_left_for_a_poolers_next_client(empty_database: Database) -> None:
    async with empty_database.transaction() as connection:
        for number in range(3):
            await connection.execute(text("SELECT CAST(:n AS integer)"), {"n": number})
        assert await one(connection, "SELECT count(*) FROM pg_prepared_statements WHERE name <> ''") == 0


async def seconds_in_silence(server: EmbeddedPostgres) -> float:
    """Let a server fall silent under a statement; return how long that statement and the close took together."""

    async def ask_in_silence() -> None:
        async with database.transaction() as connection:
            wire.swallowing = True
            await one(connection, "SELECT 1")

    async with wire_to(server.port) as wire:
        database = Database(through(server, wire.port), pooled=True, command_timeout_seconds=0.3)
        async with database.transaction() as connection:
            await one(connection, "SELECT 1")
        began = time.monotonic()
        with pytest.raises(DatabaseLostError, match="not answered in time"):
            await ask_in_silence()
        await database.close()
        return time.monotonic() - began


async def test_r3_a_silent_server_ends_a_statement_and_the_close_in_time(
    postgres_server: EmbeddedPostgres,
) -> None:
    assert await seconds_in_silence(postgres_server) < 10


async def test_r3_is_seen_to_break_where_statements_have_no_limit(
    postgres_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = Database._connect_args
    monkeypatch.setattr(Database, "_connect_args", lambda self, _, kept: arguments(self, 3600.0, kept))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await seconds_in_silence(postgres_server)


async def test_a_waking_server_is_awaited(postgres_server: EmbeddedPostgres) -> None:
    port, done = free_port(), asyncio.Event()

    async def wake_up() -> None:
        await asyncio.sleep(0.2)
        async with wire_to(postgres_server.port, at=port):
            await done.wait()

    waking = asyncio.create_task(wake_up())
    async with Database(through(postgres_server, port), pooled=False).transaction() as connection:
        assert await one(connection, "SELECT 1") == 1
    done.set()
    await waking


async def test_a_server_that_is_away_is_named_without_the_password() -> None:
    port = free_port()
    database = Database(parse_database_url(f"postgresql://ana:hunter2@127.0.0.1:{port}/odds"), pooled=True)

    with pytest.raises(DatabaseUnreachableError, match=rf"odds at 127\.0\.0\.1:{port}: ") as refusal:
        async with database.transaction():
            pass

    assert "hunter2" not in str(refusal.value)


async def test_a_server_that_never_answers_is_given_up_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = parse_database_url(f"postgresql://ana:hunter2@127.0.0.1:{port}/odds")
        database = Database(url, pooled=False, connect_deadline_seconds=0.3)

        with pytest.raises(DatabaseUnreachableError, match="did not answer in time"):
            async with database.transaction():
                pass


@pytest.mark.parametrize(
    ("user", "password", "name", "reason"),
    [
        pytest.param("linekeeper", "hunter2", "postgres", "password authentication failed", id="a wrong password"),
        pytest.param("linekeeper", None, "nowhere", "does not exist", id="a missing database"),
    ],
)
async def test_a_refusal_by_the_server_is_told_at_once(
    postgres_server: EmbeddedPostgres, user: str, password: str | None, name: str, reason: str
) -> None:
    known = parse_database_url(postgres_server.url(name))
    text_ = f"postgresql://{user}:{password or known.password}@127.0.0.1:{known.port}/{name}"
    began = time.monotonic()

    with pytest.raises(DatabaseUnreachableError, match=reason) as refusal:
        async with Database(parse_database_url(text_), pooled=False).transaction():
            pass

    assert time.monotonic() - began < 1
    assert (password or known.password or "") not in str(refusal.value)


async def test_a_transaction_cancelled_at_its_beginning_takes_no_later_one_with_it(
    numbers: Database, empty_database_url: str
) -> None:
    """A BEGIN that nobody ends would make savepoints of the transactions that follow on its connection."""
    steps = range(200)
    for step in steps:
        cancelled = asyncio.create_task(insert_number(numbers, -1))
        for _ in range(step):
            await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        await insert_number(numbers, step)

    other = Database(parse_database_url(empty_database_url), pooled=False)
    async with other.transaction() as connection:
        assert await one(connection, "SELECT count(*) FROM numbers WHERE n >= 0") == len(steps)
    await other.close()


async def insert_number(database: Database, number: int) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
