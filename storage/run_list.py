"""Runs as an operator looks through them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_RUNS = text(
    "WITH runs AS ("
    "SELECT id, job, sport_key, scheduled_at, started_at, finished_at, outcome, reason, tier,"
    " next_run_at, next_run_reason, credits_before, credits_after, report"
    " FROM operational.job_runs"
    " WHERE (CAST(:job AS text) IS NULL OR job = :job) AND (NOT :failed OR outcome = 'failed')"
    " ORDER BY started_at DESC, id DESC LIMIT :limit"
    "), spent AS ("
    "SELECT job_run_id, sum(charged) AS charged FROM operational.credit_ledger"
    " WHERE recorded_at >= (SELECT min(least(scheduled_at, started_at)) FROM runs) GROUP BY job_run_id"
    ") SELECT runs.*, spent.charged FROM runs LEFT JOIN spent ON spent.job_run_id = runs.id"
    " ORDER BY runs.started_at DESC, runs.id DESC"
)


class RunFilter(NamedTuple):
    """Which runs: the newest so many, of one job, only those that failed."""

    limit: int
    job: str | None = None
    failed: bool = False


class LoggedRun(NamedTuple):
    """A run as the ledger has it; instants are aware UTC.

    `credits_before` and `credits_after` are the account's, which other runs may have spent from meanwhile;
    `credits_charged` is what its own calls were charged, in all its attempts, None where no answer told.
    """

    number: int
    job: str
    sport_key: str
    scheduled_at: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    reason: str
    tier: str | None
    next_run_at: datetime | None
    next_run_reason: str | None
    credits_before: int | None
    credits_after: int | None
    report: dict[str, Any] | None
    credits_charged: int | None = None

    @property
    def late(self) -> timedelta:
        """Return how long after its time the run began."""
        return self.started_at - self.scheduled_at


async def read_runs(connection: AsyncConnection, wanted: RunFilter) -> list[LoggedRun]:
    """Return runs, the newest first."""
    return [LoggedRun(*row) for row in await connection.execute(_RUNS, wanted._asdict())]
