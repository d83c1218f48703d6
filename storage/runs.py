"""The ledger of runs: what was due, how it ended, and what comes next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from core.triggers.base import Trigger
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

_BEGIN = (
    "INSERT INTO operational.job_runs (job, sport_key, scheduled_at, started_at, outcome, reason, attempt, tier)"
    " VALUES (:job, :sport_key, :scheduled_at, :started_at, 'running', :reason, 1, :tier)"
    " ON CONFLICT ON CONSTRAINT uq_job_runs_slot DO UPDATE"
    " SET attempt = job_runs.attempt + 1, started_at = excluded.started_at, finished_at = NULL,"
    " outcome = 'running', next_run_at = NULL, next_run_reason = NULL, next_run_tier = NULL"
    " WHERE job_runs.outcome = 'failed' AND job_runs.attempt < :attempts AND (NOT EXISTS ("
    "  SELECT FROM operational.credit_ledger AS calls WHERE calls.job_run_id = job_runs.id AND calls.charged > 0"
    " ) OR excluded.tier = 'closing' AND EXISTS ("
    "  SELECT FROM core_betting.events WHERE events.sport_key = job_runs.sport_key"
    "  AND events.status IN ('scheduled', 'postponed')"
    "  AND events.commence_time > excluded.started_at"
    "  AND events.commence_time <= coalesce(job_runs.next_run_at, excluded.started_at + :minimum_gap) + :too_late"
    " ))"
    " RETURNING id"
)
_LEAVE_OUT = (
    "INSERT INTO operational.job_runs (job, sport_key, scheduled_at, started_at, finished_at, outcome, reason,"
    " attempt, next_run_at, next_run_reason)"
    " VALUES (:job, :sport_key, :scheduled_at, :at, :at, 'skipped', :reason, 0, :next_run_at, :next_run_reason)"
    " ON CONFLICT ON CONSTRAINT uq_job_runs_slot DO NOTHING"
)
_FINISH = (
    "UPDATE operational.job_runs SET finished_at = :finished_at, outcome = :outcome, reason = :reason,"
    " next_run_at = :next_run_at, next_run_reason = :next_run_reason, next_run_tier = :next_run_tier,"
    " credits_before = :credits_before, credits_after = :credits_after,"
    " report = CAST(CAST(:report AS text) AS jsonb)"
    " WHERE id = :id AND outcome NOT IN ('stored', 'skipped') RETURNING id"
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
) -> int | None:
    """Take a slot; return the run's number, or None when it has been taken.

    A slot whose run failed is taken again, `ATTEMPTS` times in all. One whose failure was paid for is left to the
    retry that the run planned, or to what comes a minimum gap from now where it died, unless it is of the closing
    tier and a game starts before that or just after it.
    """
    taken = await fetch(
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
        },
    )
    return taken[0][0] if taken else None


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
    credits_before: int | None,
    credits_after: int | None,
    report: Mapping[str, Any] | None = None,
) -> bool:
    """Record how a run ended and what comes next; tell whether that was done.

    A run that ended well stays so: whoever finds it ended was not told that its record had been committed.
    """
    finished = await fetch(
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
            "credits_before": credits_before,
            "credits_after": credits_after,
            "report": None if report is None else as_json(report),
        },
    )
    return bool(finished)
