"""Log issues with the data: a row when one opens, its end when it is gone."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.quality import Issue, IssueKey
from storage.statements import as_json, run

_OPENED_SINCE = text(
    "SELECT issue_type, severity, count(*) FROM operational.data_quality_logs"
    " WHERE opened_at >= :since AND sport_key = :sport_key GROUP BY issue_type, severity"
)


async def store_issues(
    connection: AsyncConnection,
    *,
    sport_key: str,
    at: datetime,
    opened: Collection[Issue],
    closed: Iterable[IssueKey] = (),
    open_issues: Mapping[IssueKey, int] | None = None,
    job_run_id: int | None = None,
    at_once: bool = False,
) -> None:
    """Log issues that opened and close others.

    Args:
        connection: An open transaction.
        sport_key: The sport they are about.
        at: The instant of both, aware, in UTC.
        opened: Issues to log.
        closed: Issues that are gone, each a key of `open_issues`.
        open_issues: The row numbers of open issues.
        job_run_id: The run that found them.
        at_once: Close what opens too: the issue is of one instant (a late snapshot, a single event).
    """
    closed_ids = [str((open_issues or {})[key]) for key in closed]
    if not opened and not closed_ids:
        return
    await run(
        connection,
        "store_issues",
        {
            "at": at.isoformat(),
            "at_once": at_once,
            "closed_ids": closed_ids,
            "job_run_id": job_run_id,
            "sport_key": sport_key,
            "opened": as_json([issue._asdict() for issue in opened]),
        },
    )


async def issues_opened_since(
    connection: AsyncConnection, sport_key: str, since: datetime
) -> Mapping[tuple[str, str], int]:
    """Return how many issues of a sport have opened since an instant, by type and severity."""
    rows = await connection.execute(_OPENED_SINCE, {"sport_key": sport_key, "since": since})
    return {(issue_type, severity): count for issue_type, severity, count in rows}
