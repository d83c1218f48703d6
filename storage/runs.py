"""The ledger of runs: what was due, how it ended, and what comes next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from core.triggers.base import Trigger
from storage.leases import Lease, lease_lost
from storage.statements import as_json, fetch


class RunOutcome(StrEnum):
    """How a run ended; a planned run always ends, and says why."""

    RUNNING = "running"
    STORED = "stored"
    SKIPPED = "skipped"
    FAILED = "failed"


ATTEMPTS = 3
"""How often a slot is tried at most: the platform may fire a failed run again."""

TOO_LATE = timedelta(minutes=2)
"""How shortly before a start a retry is not to be relied on: it may fire a minute late, and has to look."""

_CREDITS = (
    "(SELECT remaining FROM operational.credit_ledger WHERE remaining IS NOT NULL"
    " ORDER BY recorded_at DESC, id DESC LIMIT 1)"
)
_BEGIN = (
    "WITH free AS ("  # noqa: S608
    "SELECT FROM operational.job_leases"
    " WHERE job = :job AND sport_key = :sport_key AND generation = CAST(:generation AS bigint) - 1 FOR UPDATE"
    "), begun AS ("
    "INSERT INTO operational.job_runs (job, sport_key, scheduled_at, started_at, outcome, reason, attempt, tier,"
    " credits_before)"
    f" SELECT :job, :sport_key, :scheduled_at, :started_at, 'running', :reason, 1, :tier, {_CREDITS}"
    " WHERE CAST(:generation AS bigint) IS NULL OR EXISTS (SELECT FROM free)"
    " ON CONFLICT ON CONSTRAINT uq_job_runs_slot DO UPDATE"
    " SET attempt = job_runs.attempt + 1, started_at = excluded.started_at, finished_at = NULL,"
    " outcome = 'running', reason = excluded.reason, report = NULL,"
    " next_run_at = NULL, next_run_reason = NULL, next_run_tier = NULL,"
    " credits_before = excluded.credits_before, credits_after = NULL"
    " WHERE job_runs.outcome = 'failed' AND job_runs.attempt < :attempts AND (NOT EXISTS ("
    "  SELECT FROM operational.credit_ledger AS calls WHERE calls.job_run_id = job_runs.id AND calls.charged > 0"
    " ) OR excluded.tier = 'closing' AND EXISTS ("
    "  SELECT FROM core_betting.events WHERE events.sport_key = job_runs.sport_key"
    "  AND events.status IN ('scheduled', 'postponed')"
    "  AND events.commence_time > excluded.started_at"
    "  AND events.commence_time <= coalesce(job_runs.next_run_at, excluded.started_at + :minimum_gap) + :too_late"
    " ))"
    " RETURNING id, job, sport_key"
    "), taken AS ("
    "UPDATE operational.job_leases AS leases"
    " SET generation = :generation, job_run_id = begun.id, expires_at = :expires_at FROM begun"
    " WHERE leases.job = begun.job AND leases.sport_key = begun.sport_key"
    " AND CAST(:generation AS bigint) IS NOT NULL"
    ") SELECT (SELECT id FROM begun), CAST(:generation AS bigint) IS NULL OR EXISTS (SELECT FROM free)"
)
_LEAVE_OUT = (
    "INSERT INTO operational.job_runs (job, sport_key, scheduled_at, started_at, finished_at, outcome, reason,"
    " attempt, next_run_at, next_run_reason)"
    " VALUES (:job, :sport_key, :scheduled_at, :at, :at, 'skipped', :reason, 0, :next_run_at, :next_run_reason)"
    " ON CONFLICT ON CONSTRAINT uq_job_runs_slot DO NOTHING"
)
_FINISH = (
    "WITH released AS ("  # noqa: S608
    "UPDATE operational.job_leases SET job_run_id = NULL"
    " WHERE job = :job AND sport_key = :sport_key AND generation = :generation RETURNING generation"
    "), finished AS ("
    "UPDATE operational.job_runs SET finished_at = :finished_at, outcome = :outcome, reason = :reason,"
    " next_run_at = :next_run_at, next_run_reason = :next_run_reason, next_run_tier = :next_run_tier,"
    f" credits_after = {_CREDITS}, report = CAST(CAST(:report AS text) AS jsonb)"
    " WHERE id = :id AND outcome NOT IN ('stored', 'skipped')"
    " AND (CAST(:generation AS bigint) IS NULL OR EXISTS (SELECT FROM released)) RETURNING id"
    ") SELECT EXISTS (SELECT FROM released), EXISTS (SELECT FROM finished)"
)


async def begin_run(
    connection: AsyncConnection,
    *,
    job: str,
    sport_key: str,
    scheduled_at: datetime,
    started_at: datetime,
    reason: str,
    tier: str | None = None,
    minimum_gap: timedelta = timedelta(0),
    lease: Lease | None = None,
) -> int | None:
    """Take a slot, and the turn with it; return the run's number, or None when the slot has been taken.

    The credits left are recorded with the run. It is one statement, which looks at the turn once it has its row to
    itself: of those who read the same generation as the next, one begins.

    A slot whose run failed is taken again, `ATTEMPTS` times in all. One whose failure was paid for is left to the
    retry that the run planned, or to what comes a minimum gap from now where it died, unless it is of the closing
    tier and a game starts before that or just after it.

    Raises:
        LeaseLostError: The turn is another run's by now; nothing was begun.
    """
    ((number, was_free),) = await fetch(
        connection,
        _BEGIN,
        {
            "job": job,
            "sport_key": sport_key,
            "scheduled_at": scheduled_at,
            "started_at": started_at,
            "reason": reason,
            "tier": tier,
            "attempts": ATTEMPTS,
            "too_late": TOO_LATE,
            "minimum_gap": minimum_gap,
            "generation": lease and lease.generation,
            "expires_at": lease and lease.expires_at,
        },
    )
    if lease is not None and not was_free:
        raise lease_lost(lease)
    return None if number is None else int(number)


async def leave_out_run(
    connection: AsyncConnection,
    *,
    job: str,
    sport_key: str,
    scheduled_at: datetime,
    at: datetime,
    reason: str,
    next_run: Trigger,
) -> None:
    """Record that a run never began (attempt 0), why, and what comes next; a slot that has a row keeps it."""
    await fetch(
        connection,
        _LEAVE_OUT,
        {
            "job": job,
            "sport_key": sport_key,
            "scheduled_at": scheduled_at,
            "at": at,
            "reason": reason,
            "next_run_at": next_run.at,
            "next_run_reason": next_run.reason,
        },
    )


async def finish_run(
    connection: AsyncConnection,
    run_id: int,
    *,
    finished_at: datetime,
    outcome: RunOutcome,
    reason: str,
    next_run: Trigger | None,
    report: Mapping[str, Any] | None = None,
    lease: Lease | None = None,
) -> bool:
    """Record how a run ended, what comes next and the credits left, and end its turn; tell whether that was done.

    A run that ended well stays so: whoever finds it ended was not told that its record had been committed. All of
    it is one statement, so that nothing of it is done where the turn is lost.

    Raises:
        LeaseLostError: Another run has taken the turn.
    """
    ((released, finished),) = await fetch(
        connection,
        _FINISH,
        {
            "id": run_id,
            "finished_at": finished_at,
            "outcome": outcome.value,
            "reason": reason,
            "next_run_at": next_run and next_run.at,
            "next_run_reason": next_run and next_run.reason,
            "next_run_tier": next_run and next_run.tier,
            "report": None if report is None else as_json(report),
            "job": lease and lease.job,
            "sport_key": lease and lease.sport_key,
            "generation": lease and lease.generation,
        },
    )
    if lease is not None and not released:
        raise lease_lost(lease)
    return bool(finished)
