"""What the server does not carry out just now is told from a fault, and nothing of it is kept."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import TransactionRefusedError
from storage.database import Database


@pytest.fixture
async def numbers(empty_database: Database) -> Database:
    async with empty_database.transaction() as connection:
        await connection.execute(text("CREATE TABLE numbers (n integer)"))
    return empty_database


async def one(connection: AsyncConnection, query: str) -> object:
    return (await connection.execute(text(query))).scalar_one()


async def insert_number(database: Database, number: int) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        pytest.param(
            ["SET TRANSACTION READ ONLY", "INSERT INTO numbers VALUES (1)"],
            "cannot execute INSERT in a read-only transaction",
            id="a standby",
        ),
        pytest.param(
            ["SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(9)"],
            "canceling statement due to statement timeout",
            id="a statement that is too slow",
        ),
        pytest.param(
            ["SET LOCAL temp_file_limit = 1", "SELECT n FROM generate_series(1, 1000000) AS n ORDER BY n DESC"],
            "temporary file size exceeds",
            id="no space to sort in",
        ),
        pytest.param(
            ["DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"],
            "could not extend file",
            id="a full disk",
        ),
    ],
)
async def test_what_the_server_does_not_carry_out_just_now_is_told_as_such_and_not_kept(
    numbers: Database, statements: list[str], reason: str
) -> None:
    async def carry_out() -> None:
        async with numbers.transaction() as connection:
            await connection.execute(text("SET LOCAL work_mem = '64kB'"))
            for statement in statements:
                await connection.execute(text(statement))

    with pytest.raises(TransactionRefusedError, match=f"kept nothing of it: {reason}.*: database .* at 127.0.0.1"):
        await carry_out()

    await insert_number(numbers, 1)
    async with numbers.transaction() as connection:
        assert await one(connection, "SELECT count(*) FROM numbers") == 1


async def test_of_two_transactions_that_wait_for_one_another_one_is_refused(numbers: Database) -> None:
    both_began = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with numbers.transaction() as connection:
            await one(connection, f"SELECT 1 FROM pg_advisory_xact_lock({first})")
            await both_began.wait()
            await one(connection, f"SELECT 1 FROM pg_advisory_xact_lock({second})")

    ends = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    (refused,) = [end for end in ends if end is not None]
    assert isinstance(refused, TransactionRefusedError)
    assert "deadlock detected" in str(refused)


async def test_a_transaction_that_others_overtook_is_refused(numbers: Database) -> None:
    async def be_overtaken() -> None:
        async with numbers.transaction() as connection:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            await one(connection, "SELECT count(*) FROM numbers")
            async with numbers.transaction() as other:
                await other.execute(text("UPDATE numbers SET n = 2"))
            await connection.execute(text("UPDATE numbers SET n = 3"))

    await insert_number(numbers, 1)
    with pytest.raises(TransactionRefusedError, match="could not serialize access"):
        await be_overtaken()


async def test_a_pool_keeps_no_connection_to_a_server_that_has_become_a_standby(numbers: Database) -> None:
    async def backend(*, reads_only: bool) -> object:
        async with numbers.transaction() as connection:
            found = await one(connection, "SELECT pg_backend_pid()")
            if reads_only:
                await connection.execute(text("SET TRANSACTION READ ONLY"))
                await connection.execute(text("INSERT INTO numbers VALUES (1)"))
            return found

    before = await backend(reads_only=False)
    assert await backend(reads_only=False) == before
    with pytest.raises(TransactionRefusedError):
        await backend(reads_only=True)
    assert await backend(reads_only=False) != before
