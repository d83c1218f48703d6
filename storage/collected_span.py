"""Over which time odds were collected, and until when of each sport."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import run

_LAST_LOOKS = text(
    "SELECT sport_key, max(fetched_at) AS fetched_at FROM operational.fetch_logs"
    " WHERE source = ANY (CAST(:sources AS text[])) GROUP BY sport_key"
)


class CollectedSpan(NamedTuple):
    """The first answer about odds and the last start of an event, aware UTC; None where there is none."""

    first_at: datetime | None
    last_start: datetime | None


async def read_span(
    connection: AsyncConnection, *, sports: Sequence[str] = (), sources: Sequence[str] = ("live",)
) -> CollectedSpan:
    """Return over which time odds of some sports, or of all, came from some sources."""
    values = {"sports": list(sports), "sources": list(sources)}
    (span,) = await run(connection, "read_collected_span", values)
    return CollectedSpan(*span)


async def read_last_looks(connection: AsyncConnection, sources: Sequence[str]) -> dict[str, datetime]:
    """Return when the last odds of each sport came from some sources, by sport key."""
    rows = await connection.execute(_LAST_LOOKS, {"sources": list(sources)})
    return {row.sport_key: row.fetched_at for row in rows}
