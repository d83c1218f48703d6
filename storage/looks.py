"""What a stored look brought, read back from its log."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.ingestion import IngestionReport

_STORED = text(
    "SELECT event_count, in_play_count, snapshot_count, quotes_seen, quotes_stored, malformed_count,"
    " issues_opened, issues_closed FROM operational.fetch_logs"
    " WHERE job_run_id = :job_run_id AND fetched_at = :fetched_at"
)


async def stored_look(
    connection: AsyncConnection, job_run_id: int, fetched_at: datetime
) -> IngestionReport | None:
    """Return what a run stored of the answer that it received at an instant, or None where it stored nothing.

    A commit whose acknowledgement was lost leaves its writer in doubt: this tells.
    """
    row = (await connection.execute(_STORED, {"job_run_id": job_run_id, "fetched_at": fetched_at})).one_or_none()
    return None if row is None else IngestionReport(*row)
