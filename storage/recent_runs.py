"""How much a job has run of late: what bounds a loop."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from core.triggers.base import BY_HAND
from storage.statements import fetch

_IN_A_ROW = (
    "SELECT count(*) FROM operational.job_runs"
    " WHERE job = :job AND sport_key = :sport_key AND outcome = 'failed' AND started_at > :since"
    " AND NOT starts_with(reason, :by_hand)"
    " AND started_at > coalesce((SELECT max(started_at) FROM operational.job_runs WHERE job = :job"
    "  AND sport_key = :sport_key AND outcome IN ('stored', 'skipped') AND attempt > 0), '-infinity')"
)


class RecentRuns(NamedTuple):
    """The runs of a job and a sport: how many slots were taken, when the last one was, and how often one died.

    A run that failed without planning what comes next has died, and each attempt at its slot counts; but for one
    that a user asked for, which plans nothing.
    """

    runs: int
    last: datetime | None
    died: int


def runs_of(job: str, sport_key: str) -> str:
    """Return the SQL of `RecentRuns`, which began after `:since`, of a job and a sport that are given in SQL."""
    return (
        "SELECT count(*) FILTER (WHERE attempt > 0) AS runs, max(started_at) FILTER (WHERE attempt > 0) AS last,"  # noqa: S608
        " coalesce(sum(attempt) FILTER (WHERE outcome = 'failed' AND next_run_at IS NULL"
        "  AND NOT starts_with(reason, :by_hand)), 0) AS died"
        " FROM operational.job_runs"
        f" WHERE job_runs.job = {job} AND job_runs.sport_key = {sport_key} AND started_at > :since"
    )


async def failures_in_a_row(connection: AsyncConnection, job: str, sport_key: str, since: datetime) -> int:
    """Return how many planned runs of a job and a sport have failed since one ended well, and since an instant."""
    names = {"job": job, "sport_key": sport_key, "since": since, "by_hand": BY_HAND}
    ((failed,),) = await fetch(connection, _IN_A_ROW, names)
    return int(failed)
