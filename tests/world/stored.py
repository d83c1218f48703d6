"""What is promised of the data, judged by the rows of a world's database."""

import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import text

from core.errors import AnswerNotStoredError, DeadlineError, StorageError
from core.models import METADATA
from core.simulation.mishaps import CUT_OFF
from handlers.simulation.invocations import Invocation
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.world import World
from storage.rebuild_check import rebuild_and_compare, stored_events
from tests.world.findings import Findings

ORPHANS = {
    "quotes without a snapshot": (
        "SELECT count(*) FROM core_betting.quotes LEFT JOIN raw_data.odds_snapshots AS snapshots"
        " ON snapshots.id = quotes.snapshot_id WHERE snapshots.id IS NULL"
    ),
    "snapshots without a run": (
        "SELECT count(*) FROM raw_data.odds_snapshots AS snapshots LEFT JOIN operational.job_runs AS runs"
        " ON runs.id = snapshots.job_run_id WHERE runs.id IS NULL"
    ),
    "calls without a run": (
        "SELECT count(*) FROM raw_data.api_responses AS calls LEFT JOIN operational.job_runs AS runs"
        " ON runs.id = calls.job_run_id WHERE runs.id IS NULL"
    ),
    "looks without their call": (
        "SELECT count(*) FROM operational.fetch_logs AS looks LEFT JOIN raw_data.api_responses AS calls"
        " ON calls.job_run_id = looks.job_run_id AND calls.endpoint LIKE '%/odds' WHERE calls.id IS NULL"
    ),
}
_ENDS = (
    "SELECT runs.job, runs.scheduled_at, runs.outcome <> 'running' OR NOT EXISTS"
    " (SELECT FROM operational.job_runs AS later WHERE later.job = runs.job AND later.id > runs.id),"
    " runs.outcome = 'running' OR (runs.reason <> '' AND runs.finished_at IS NOT NULL)"
    " FROM operational.job_runs AS runs ORDER BY runs.id"
)
_KEPT = (
    "SELECT runs.job, runs.scheduled_at, count(*) FROM raw_data.api_responses AS calls"
    " JOIN operational.job_runs AS runs ON runs.id = calls.job_run_id"
    " WHERE calls.error <> '' AND calls.body IS NOT NULL GROUP BY 1, 2"
)


async def query(world: World, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    async with world.app.database.transaction() as connection:
        return [tuple(row) for row in await connection.execute(text(sql), values)]


async def rows(world: World, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return every row of every table as text, but for the tables named."""
    return {
        table.fullname: sorted(row[0] for row in await query(world, f"SELECT t::text FROM {table.fullname} AS t"))
        for table in METADATA.sorted_tables
        if table.fullname not in but
    }


async def d1_bodies_are_kept(world: World, bodies: list[bytes]) -> Findings:
    """Every answer that could not be read is there as it came, with the reason."""
    kept = await query(world, "SELECT body FROM raw_data.api_responses WHERE error <> '' AND body IS NOT NULL")
    stored = {zlib.decompress(body) for (body,) in kept}
    found = Findings()
    for body in bodies:
        found.judge(body in stored, f"{body[:40]!r} was not kept")
    return found


async def d1_odd_answers_are_kept(world: World) -> Findings:
    """Of every slot as many bodies are kept as could not be read by runs that lived and had a database.

    A page in place of the free list is asked past, as an outage is.
    """
    kept = {(job, at): number for job, at, number in await query(world, _KEPT)}
    odd: Counter[tuple[str, datetime]] = Counter()
    for one in undisturbed(world):
        odd[one.slot] += sum(mishap.cannot_be_read for mishap in one.mishaps)
    found = Findings()
    for (job, at), number in (+odd).items():
        stored = kept.get((job, at), 0)
        found.judge(stored >= number, f"{stored} of {number} odd answers to {job} of {at:%H:%M} were kept")
    return found


async def d2_rows_follow_from_raw(world: World) -> Findings:
    """Rebuilding the quotes of every event from its snapshots changes none."""
    async with world.app.database.transaction() as connection:
        rebuilt = [await rebuild_and_compare(connection, event) for event in await stored_events(connection)]
    found = Findings()
    for one in rebuilt:
        found.judge(not one.differing, f"{one.differing} rows of {one.event_id} differ when rebuilt")
    return found


async def d4_nothing_without_its_origin(world: World) -> Findings:
    """Every quote has its snapshot, every snapshot and call its run, every look its call."""
    found = Findings()
    for what, sql in ORPHANS.items():
        ((number,),) = await query(world, sql)
        found.judge(not number, f"{number} {what}")
    return found


async def d5_every_run_ended(world: World) -> Findings:
    """A run that is followed by another of its job has ended, and every end has a reason."""
    found = Findings()
    for job, at, ended, has_reason in await query(world, _ENDS):
        found.judge(ended, f"{job} of {at:%H:%M} never ended")
        found.judge(has_reason, f"{job} of {at:%H:%M} ended without a reason")
    return found


def undisturbed(world: World) -> Iterator[Invocation]:
    """Yield the invocations whose process lived, and was not cut off from the database.

    One that could not store what it was answered is among them: it can tell the ledger what it was charged.
    """
    for one in world.invocations:
        cut_off = any(mishap.kind == CUT_OFF for mishap in one.mishaps)
        had_database = isinstance(one.error, AnswerNotStoredError) or not isinstance(one.error, StorageError)
        if had_database and not cut_off and not isinstance(one.error, ProcessDiedError | DeadlineError):
            yield one
