"""The collector as a process that is killed, started again, and started twice."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import SystemClock
from core.simulation.faults import Fault
from core.simulation.server import FeedServer, serve
from storage.database import Database
from tests.handlers.collecting import Collector
from tests.world.stored import ORPHANS

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
A_WHILE = 3
"""In seconds: what both would ask at once they have asked by then."""

LEDGER = (
    "SELECT job, scheduled_at, outcome, next_run_at FROM operational.job_runs"
    " WHERE job = 'fetch-odds' ORDER BY started_at, id"
)
_AN_HOUR_AGO = (
    "UPDATE operational.job_runs SET scheduled_at = scheduled_at - interval '1 hour',"
    " started_at = started_at - interval '1 hour', finished_at = finished_at - interval '1 hour',"
    " next_run_at = next_run_at - interval '1 hour'",
    "UPDATE operational.job_leases SET expires_at = expires_at - interval '1 hour'",
    "UPDATE operational.fetch_logs SET fetched_at = fetched_at - interval '1 hour'",
    "UPDATE operational.credit_reservations SET reserved_at = reserved_at - interval '1 hour'",
)

Start = Callable[[], Awaitable[Collector]]


@pytest.fixture
async def served(feed: Any) -> AsyncIterator[FeedServer]:
    """Serve one game that starts in two hours."""
    feed.add(datetime.now(UTC).replace(microsecond=0) + 2 * HOUR)
    async with serve(feed, SystemClock(), api_key="k", rate_limit=None) as server:
        yield server


@pytest.fixture
async def start(
    request: pytest.FixtureRequest, served: FeedServer, feed: Any, database_url: str, tmp_path: Path
) -> AsyncIterator[Start]:
    """Yield what starts a collector, by the local backend unless told otherwise."""
    backend = getattr(request, "param", "local")
    collectors: list[Collector] = []

    async def started() -> Collector:
        folder = tmp_path / str(len(collectors))
        folder.mkdir()
        collectors.append(Collector(served, feed.sport_key, database_url, folder, backend))
        await collectors[-1].start()
        return collectors[-1]

    yield started
    for collector in collectors:
        await collector.end()


async def query(database: Database, sql: str) -> list[tuple[Any, ...]]:
    async with database.transaction() as connection:
        return [tuple(row) for row in await connection.execute(text(sql))]


async def an_hour_passes(database: Database) -> None:
    """Put all that was recorded an hour back."""
    async with database.transaction() as connection:
        for statement in _AN_HOUR_AGO:
            await connection.execute(text(statement))


def looked(database: Database, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return [outcome for _, _, outcome, _ in await query(database, LEDGER)].count("stored") >= times

    return asked


@pytest.mark.parametrize("start", ["local", "railway"], indirect=True)
async def test_c1_killed_in_the_middle_of_a_look_it_goes_on_when_started_again(
    start: Start, served: FeedServer, database: Database
) -> None:
    served.inject(Fault("odds", delay=60))
    killed = await start()

    async def asking() -> bool:
        return bool(
            await query(database, "SELECT 1 FROM operational.credit_reservations WHERE settled_at IS NULL")
        )

    await killed.until(asking)
    await killed.end(signal.SIGKILL)
    assert [outcome for _, _, outcome, _ in await query(database, LEDGER)][-1:] == ["running"]
    assert [what for what, sql in ORPHANS.items() if await query(database, sql) != [(0,)]] == []
    await an_hour_passes(database)
    again = await start()
    await again.until(looked(database))
    assert {outcome for _, _, outcome, _ in await query(database, LEDGER)} <= {"failed", "skipped", "stored"}
    assert await again.end(signal.SIGTERM) == 0


async def test_c4_killed_between_looks_it_runs_the_one_that_is_overdue_in_its_own_slot(
    start: Start, database: Database
) -> None:
    killed = await start()
    await killed.until(looked(database))
    await killed.end(signal.SIGKILL)
    await an_hour_passes(database)
    *_, (_, _, _, planned) = await query(database, LEDGER)
    assert planned < datetime.now(UTC)
    again = await start()
    await again.until(looked(database, times=2))
    *_, (_, slot, outcome, next_run_at) = await query(database, LEDGER)
    assert (slot, outcome) == (planned, "stored")
    assert next_run_at > datetime.now(UTC)


async def test_c2_of_two_at_once_one_works(start: Start, served: FeedServer, database: Database) -> None:
    collectors = [await start(), await start()]
    await collectors[0].until(looked(database))

    async def both_collect() -> bool:
        return all("Collecting" in collector.log.read_text() for collector in collectors)

    await collectors[1].until(both_collect)
    await asyncio.sleep(A_WHILE)
    assert [call.endpoint for call in served.calls].count("odds") == 1
    assert [await collector.end(signal.SIGTERM) for collector in collectors] == [0, 0]
    assert "run.failed" not in "".join(collector.log.read_text() for collector in collectors)
