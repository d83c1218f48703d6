"""How much a job has run of late: what bounds a loop."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import fetch

_SINCE = (
    "SELECT coalesce(sum(attempt), 0), coalesce(sum(attempt) FILTER (WHERE outcome = 'failed'), 0)"
    " FROM operational.job_runs WHERE job = :job AND sport_key = :sport_key AND started_at > :since"
)


class RecentRuns(NamedTuple):
    """The attempts at runs of a job and a sport, and those among them whose run failed."""

    attempts: int
    failed: int


async def runs_since(connection: AsyncConnection, job: str, sport_key: str, since: datetime) -> RecentRuns:
    """Return how often a job ran for a sport after an instant (aware, UTC)."""
    ((attempts, failed),) = await fetch(connection, _SINCE, {"job": job, "sport_key": sport_key, "since": since})
    return RecentRuns(attempts, failed)
