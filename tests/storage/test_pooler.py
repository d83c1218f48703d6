"""The database behind a real PgBouncer in transaction mode, which hands a connection on after each transaction."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database_url import parse_database_url
from storage.database import Database
from tests.wire.pooler import pooler

CLIENTS = 12
ROUNDS = 10


@pytest.fixture
def pooled_url(empty_database_url: str, open_folder: Path) -> Iterator[str]:
    """Yield the URL of a database that many clients reach by two connections."""
    with pooler(empty_database_url, open_folder, servers=2) as url:
        yield url


async def failures(url: str, *, prepared_statements: bool) -> Counter[str]:
    """Return what went wrong when many clients, each with a connection of its own, worked at once."""
    found: Counter[str] = Counter()

    async def work(number: int) -> None:
        database = Database(parse_database_url(url), pooled=True, prepared_statements=prepared_statements)
        for _ in range(ROUNDS):
            try:
                async with database.transaction() as connection:
                    sql = text("SELECT CAST(:n AS integer), pg_sleep(0.001)")
                    assert (await connection.execute(sql, {"n": number})).scalar() == number
            except Exception as error:
                found[type(error).__name__] += 1
        await database.close()

    await asyncio.gather(*map(work, range(CLIENTS)))
    return found


async def test_r2_many_clients_share_a_transaction_pooler_without_one_failure(pooled_url: str) -> None:
    assert await failures(pooled_url, prepared_statements=False) == {}


async def test_r2_is_seen_to_break_where_statements_are_kept_prepared(pooled_url: str) -> None:
    assert await failures(pooled_url, prepared_statements=True) != {}
