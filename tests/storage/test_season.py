"""Exactness on real answers: a week and a season of the NFL, against an oracle that knows the raw JSON only."""

import asyncio
import heapq
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import orjson
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.payloads import parse_odds
from core.feed.values import OddsAnswer
from core.scope import Scope
from core.simulation.recording import RecordedAnswer, answers
from storage.database import Database
from storage.ingestion import store_odds
from storage.readers import OddsReader
from storage.rebuild import rebuild_event
from storage.snapshots import Origin

RowsByValue = Callable[..., Awaitable[dict[str, list[tuple[Any, ...]]]]]

SPORT = "americanfootball_nfl"
US = Scope.of(["h2h", "spreads", "totals"], regions=["us"])
LATER = datetime(2030, 1, 1, tzinfo=UTC)
ANSWERS_A_TRANSACTION = 20
MEGABYTE = 1024 * 1024


class Sample(NamedTuple):
    """What a read of an event as of an instant has to return: one quote a row, and the look behind all of them."""

    event_id: str
    at: datetime
    seen_at: datetime | None
    listed: int


class Oracle:
    """Remembers of every event its newest pre-start listing, and takes samples of it at chosen instants.

    All answers of a recording ask for the same, so the newest pre-start answer that has an event covers all of it.
    """

    def __init__(self, share: float) -> None:
        self.samples: list[Sample] = []
        self._share = share
        self._newest: dict[str, tuple[datetime | None, int]] = {}
        self._due: list[tuple[datetime, str]] = []
        self._started: set[str] = set()

    def look(self, fetched_at: datetime, body: bytes) -> None:
        """Take in an answer, later than those before."""
        self._take(fetched_at)
        for event in orjson.loads(body):
            event_id, start = event["id"], datetime.fromisoformat(event["commence_time"])
            self._newest.setdefault(event_id, (None, hash_of(())))
            if start > fetched_at:
                self._newest[event_id] = (fetched_at, hash_of(quotes_of(event)))
            elif event_id not in self._started:
                self._started.add(event_id)
                heapq.heappush(self._due, (fetched_at, event_id))
            chance = crc32(f"{event_id}{fetched_at}".encode()) / 2**32
            if chance < self._share:
                after = timedelta(hours=2) * (chance / self._share) ** 3
                heapq.heappush(self._due, (fetched_at + after, event_id))

    def close(self) -> list[Sample]:
        """Return the samples, with one of every event long after the last answer."""
        self._take(LATER)
        self._due = [(LATER, event_id) for event_id in sorted(self._newest)]
        self._take(LATER + timedelta(days=1))
        return self.samples

    def _take(self, now: datetime) -> None:
        while self._due and self._due[0][0] < now:
            at, event_id = heapq.heappop(self._due)
            self.samples.append(Sample(event_id, at, *self._newest[event_id]))


def quotes_of(event: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for bookmaker in event["bookmakers"]:
        for market in bookmaker["markets"]:
            for outcome in market["outcomes"]:
                yield bookmaker["key"], market["key"], outcome["name"], outcome["price"], outcome.get("point")


def hash_of(quotes: Iterable[tuple[Any, ...]]) -> int:
    return hash(frozenset(quotes))


async def check(connection: AsyncConnection, samples: Iterable[Sample]) -> None:
    reader = OddsReader(connection)
    for sample in samples:
        rows = await reader.get_odds_at_time(sample.event_id, sample.at)
        quotes = [(row.bookmaker_key, row.market_key, row.outcome_name, row.price, row.point) for row in rows]
        assert len(set(quotes)) == len(quotes), sample
        assert {row.seen_at for row in rows} <= {sample.seen_at}, sample
        assert hash_of(quotes) == sample.listed, sample


def read(recorded: Iterable[RecordedAnswer], oracle: Oracle | None = None) -> list[tuple[datetime, OddsAnswer]]:
    """Return answers as they are to be stored, after the oracle has seen them."""
    parsed = []
    for answer in recorded:
        if oracle is not None:
            oracle.look(answer.fetched_at, answer.body)
        parsed.append((answer.fetched_at, parse_odds(answer.body)))
    return parsed


async def store(connection: AsyncConnection, parsed: Iterable[tuple[datetime, OddsAnswer]]) -> None:
    for fetched_at, answer in parsed:
        await store_odds(connection, SPORT, answer, Origin(fetched_at, US))


async def rebuild_gives_the_same(
    connection: AsyncConnection, rows_by_value: RowsByValue, event_ids: Sequence[str]
) -> bool:
    rows = await rows_by_value(connection, event_ids)
    for event_id in event_ids:
        await rebuild_event(connection, event_id, "live")
    return await rows_by_value(connection, event_ids) == rows


async def events_of(connection: AsyncConnection) -> list[str]:
    return list(await connection.scalars(text("SELECT id FROM core_betting.events ORDER BY id")))


@pytest.fixture(scope="session")
def week(shared_data: Path) -> list[RecordedAnswer]:
    return list(answers(shared_data / "recordings" / "nfl-2025-week12.jsonl.xz"))


@pytest.mark.slow
async def test_a_real_week_reads_as_it_was_and_rebuilds_to_the_same_rows(
    database: Database, rows_by_value: RowsByValue, week: list[RecordedAnswer]
) -> None:
    oracle = Oracle(share=0.1)
    async with database.transaction() as connection:
        await store(connection, read(week, oracle))
        await check(connection, oracle.close())
        assert await rebuild_gives_the_same(connection, rows_by_value, await events_of(connection))
    assert len(oracle.samples) > 800


async def leave_to_its_plans(connection: AsyncConnection) -> None:
    """Let nobody vacuum: where all was taken back, tables count as empty, and are searched from end to end."""
    of_schemas = "relnamespace::regnamespace::text IN ('raw_data', 'core_betting', 'operational')"
    found = await connection.execute(
        text(f"SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND {of_schemas}")
    )
    for (table,) in found.all():
        await connection.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))


async def test_real_answers_in_any_order_give_the_same_rows(
    database: Database, rows_by_value: RowsByValue, week: list[RecordedAnswer]
) -> None:
    some = read(week[::18])
    async with database.transaction() as connection:
        await leave_to_its_plans(connection)
    async with database.transaction() as connection:
        await store(connection, some)
        rows = await rows_by_value(connection)
        await connection.rollback()
    async with database.transaction() as connection:
        await store(connection, random.Random(12).sample(some, len(some)))
        assert await rows_by_value(connection) == rows


@pytest.mark.slow
async def test_a_real_season_reads_as_it_was_and_rebuilds_to_the_same_rows(
    database: Database, rows_by_value: RowsByValue, shared_data: Path
) -> None:
    """Read ahead in a thread while Postgres works, so that nothing is kept but what the oracle remembers."""
    oracle, process = Oracle(share=0.03), psutil.Process()
    begun_with = most = process.memory_info().rss
    recorded = answers(shared_data / "recordings" / "nfl-2025-season.jsonl.xz")
    batch = read(islice(recorded, ANSWERS_A_TRANSACTION), oracle)
    while batch:
        ahead = asyncio.create_task(asyncio.to_thread(read, islice(recorded, ANSWERS_A_TRANSACTION), oracle))
        async with database.transaction() as connection:
            await store(connection, batch)
        batch = await ahead
        most = max(most, process.memory_info().rss)
    async with database.transaction() as connection:
        await check(connection, oracle.close())
        event_ids = await events_of(connection)
        assert await rebuild_gives_the_same(connection, rows_by_value, event_ids[::9])
    assert (len(event_ids), len(oracle.samples) > 3_000) == (269, True)
    assert most - begun_with < 150 * MEGABYTE
