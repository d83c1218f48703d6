"""One run at a time for a job and a sport: a lease with a number that is checked wherever the run writes.

A row, not a session's lock: it works through a transaction pooler, and outlives a connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import LeaseLostError
from core.triggers.base import BY_HAND
from storage.recent_runs import RecentRuns, runs_of
from storage.statements import fetch

_MAKE = (
    "INSERT INTO operational.job_leases (job, sport_key, generation, expires_at)"
    " VALUES (:job, :sport_key, 0, :now) ON CONFLICT DO NOTHING"
)
_READ = (
    "SELECT leases.generation, leases.job_run_id, leases.expires_at, of_late.runs, of_late.last, of_late.died"  # noqa: S608
    f" FROM operational.job_leases AS leases CROSS JOIN ({runs_of(':job', ':sport_key')}) AS of_late"
    " WHERE leases.job = :job AND leases.sport_key = :sport_key"
)
_TURNS = (
    "SELECT leases.job, leases.sport_key, leases.job_run_id IS NOT NULL AND leases.expires_at > :now,"  # noqa: S608
    " leases.expires_at <= :now AND EXISTS ("
    "  SELECT FROM operational.job_runs WHERE job_runs.id = leases.job_run_id AND job_runs.outcome = 'running'),"
    " of_late.died FROM operational.job_leases AS leases"
    f" CROSS JOIN LATERAL ({runs_of('leases.job', 'leases.sport_key')}) AS of_late"
)
_TAKE_AWAY = (
    "WITH expired AS ("
    "SELECT job, sport_key, job_run_id FROM operational.job_leases"
    " WHERE job = :job AND sport_key = :sport_key AND job_run_id IS NOT NULL AND expires_at <= :now FOR UPDATE"
    "), ended AS ("
    "UPDATE operational.job_runs AS runs SET outcome = 'failed', finished_at = :now,"
    " reason = runs.reason || '; it never ended, and its lease ran out'"
    " FROM expired WHERE runs.id = expired.job_run_id AND runs.outcome = 'running'"
    ") UPDATE operational.job_leases AS leases SET generation = leases.generation + 1, job_run_id = NULL"
    " FROM expired WHERE leases.job = expired.job AND leases.sport_key = expired.sport_key"
)
_END_EXPIRED = (
    "UPDATE operational.job_runs AS runs SET outcome = 'failed', finished_at = :now,"
    " reason = runs.reason || '; it never ended, and its lease ran out'"
    " FROM operational.job_leases AS leases"
    " WHERE leases.job_run_id = runs.id AND leases.expires_at <= :now AND runs.outcome = 'running'"
    " RETURNING runs.id"
)
_OF_LEASE = "FROM operational.job_leases WHERE job = :job AND sport_key = :sport_key FOR SHARE"
_HOLD = f"SELECT generation {_OF_LEASE}"
_HOLD_AND_LOCK = f"SELECT generation, pg_advisory_xact_lock(:lock) {_OF_LEASE}"


@dataclass(frozen=True, slots=True)
class Lease:
    """A run's turn: the generation is the number that its writes are checked by."""

    job: str
    sport_key: str
    generation: int
    expires_at: datetime


class Standing(NamedTuple):
    """What decides if a job may run for a sport: the number of the next turn, and how much it ran of late.

    There is no number while another run has its turn.
    """

    generation: int | None
    of_late: RecentRuns


class JobTurn(NamedTuple):
    """How it is with the turn of a job and a sport.

    `is_at_work` tells whether a run has it just now, `has_expired` whether one has it that never ended, though its
    time is up. `died` counts the deaths of late, as `RecentRuns` does.
    """

    is_at_work: bool = False
    has_expired: bool = False
    died: int = 0


async def read_standing(
    connection: AsyncConnection, job: str, sport_key: str, *, now: datetime, since: datetime
) -> Standing:
    """Return how a job and a sport stand; the number is the next run's to take, while nobody else has taken it.

    The turn of a run that never ended, and whose lease has run out, is taken away: whatever it still writes is
    waited for, it can write nothing more, and it is recorded as failed.

    Args:
        connection: To read by; no statement needs the other's transaction.
        job: The job.
        sport_key: The sport.
        now: The present instant, aware, in UTC.
        since: From when on runs count as of late.
    """
    names = {"job": job, "sport_key": sport_key, "since": since, "by_hand": BY_HAND, "now": now}
    rows = await fetch(connection, _READ, names)
    if not rows:
        await fetch(connection, _MAKE, names)
        rows = await fetch(connection, _READ, names)
    if _has_expired(rows[0], now):
        await fetch(connection, _TAKE_AWAY, names)
        rows = await fetch(connection, _READ, names)
    ((generation, job_run_id, _, *of_late),) = rows
    return Standing(None if job_run_id is not None else generation + 1, RecentRuns(*of_late))


def _has_expired(row: Sequence[Any], now: datetime) -> bool:
    _, job_run_id, expires_at, *_ = row
    return job_run_id is not None and bool(expires_at <= now)


async def read_turns(
    connection: AsyncConnection, *, now: datetime, since: datetime
) -> dict[tuple[str, str], JobTurn]:
    """Return how it is with the turn of each job and sport that ever had one.

    Args:
        connection: To read by.
        now: The present instant, aware, in UTC.
        since: From when on deaths are counted.
    """
    rows = await fetch(connection, _TURNS, {"now": now, "since": since, "by_hand": BY_HAND})
    return {(job, sport_key): JobTurn(*turn) for job, sport_key, *turn in rows}


async def hold_lease(connection: AsyncConnection, lease: Lease, *, lock: int | None = None) -> None:
    """Make sure that a run still has its turn, until the open transaction ends; take a lock with it.

    Raises:
        LeaseLostError: Another run has taken it since.
    """
    names = {"job": lease.job, "sport_key": lease.sport_key, "lock": lock}
    held = await fetch(connection, _HOLD if lock is None else _HOLD_AND_LOCK, names)
    if [generation for generation, *_ in held] != [lease.generation]:
        raise lease_lost(lease)


def lease_lost(lease: Lease) -> LeaseLostError:
    """Return what a run meets whose turn is another's."""
    return LeaseLostError(
        f"{lease.job} for {lease.sport_key} lost its turn to a later run: nothing more is written"
    )


async def end_expired_runs(connection: AsyncConnection, now: datetime) -> int:
    """Record runs that never ended, and whose leases have run out, as failed; return how many there were."""
    return len(await fetch(connection, _END_EXPIRED, {"now": now}))
