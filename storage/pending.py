"""Runs that were planned and never came, and retries that are to come."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.triggers.base import Trigger
from storage.statements import fetch

# One probe of the index for each job and sport: to sort all runs would take longer with every day of the ledger.
OVERDUE = (
    "WITH RECURSIVE pairs AS ("
    "  (SELECT job, sport_key FROM operational.job_runs ORDER BY job, sport_key LIMIT 1)"
    "  UNION ALL"
    "  SELECT following.job, following.sport_key FROM pairs CROSS JOIN LATERAL ("
    "   SELECT job, sport_key FROM operational.job_runs"
    "   WHERE (job_runs.job, job_runs.sport_key) > (pairs.job, pairs.sport_key)"
    "   ORDER BY job, sport_key LIMIT 1"
    "  ) AS following"
    " )"
    " SELECT planned.job, planned.sport_key, planned.next_run_at, planned.next_run_reason, planned.next_run_tier"
    " FROM pairs CROSS JOIN LATERAL ("
    "  SELECT * FROM operational.job_runs AS runs"
    "  WHERE runs.job = pairs.job AND runs.sport_key = pairs.sport_key AND runs.next_run_at IS NOT NULL"
    "  ORDER BY runs.started_at DESC, runs.id DESC LIMIT 1"
    " ) AS planned"
    " WHERE planned.next_run_at <= :now AND NOT EXISTS ("
    "  SELECT FROM operational.job_runs AS later WHERE later.job = planned.job"
    "  AND later.sport_key = planned.sport_key AND later.scheduled_at >= planned.next_run_at"
    " ) ORDER BY planned.next_run_at"
)
_RETRY = (
    "SELECT job, sport_key, next_run_at, next_run_reason, next_run_tier FROM ("
    "  SELECT * FROM operational.job_runs WHERE job = :job AND sport_key = :sport_key"
    "  ORDER BY started_at DESC, id DESC LIMIT 1"
    " ) AS newest WHERE outcome = 'failed' AND next_run_at > :now"
)


async def overdue_runs(connection: AsyncConnection, now: datetime) -> Mapping[tuple[str, str], Trigger]:
    """Return what the newest run of each job and sport planned for an instant that has passed without a run."""
    rows = await fetch(connection, OVERDUE, {"now": now})
    return {(row[0], row[1]): Trigger(*row) for row in rows}


async def retry_to_come(connection: AsyncConnection, job: str, sport_key: str, now: datetime) -> Trigger | None:
    """Return what the newest run of a job and a sport, which failed, planned for an instant still to come."""
    rows = await fetch(connection, _RETRY, {"job": job, "sport_key": sport_key, "now": now})
    return Trigger(*rows[0]) if rows else None
