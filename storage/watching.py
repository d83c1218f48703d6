"""When a sport was looked at, and what was known of its starts at any instant."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.planning.unwatched import KnownStart

_LOOKS = text(
    "SELECT fetched_at FROM operational.fetch_logs WHERE sport_key = :sport_key AND source = 'live' ORDER BY 1"
)
_LOOKS_ABOUT = text(
    "SELECT fetched_at FROM operational.fetch_logs WHERE sport_key = :sport_key AND source = 'live'"
    " AND fetched_at >= coalesce((SELECT max(logs.fetched_at) FROM operational.fetch_logs AS logs"
    "  WHERE logs.sport_key = :sport_key AND logs.source = 'live' AND logs.fetched_at <= :start), '-infinity')"
    " AND fetched_at <= coalesce((SELECT min(logs.fetched_at) FROM operational.fetch_logs AS logs"
    "  WHERE logs.sport_key = :sport_key AND logs.source = 'live' AND logs.fetched_at >= :end), 'infinity')"
    " ORDER BY 1"
)
_STARTS = text(
    "SELECT changes.seen_at, changes.event_id, changes.commence_time"
    " FROM core_betting.commence_time_changes AS changes"
    " JOIN core_betting.events ON events.id = changes.event_id WHERE events.sport_key = :sport_key"
    " UNION ALL"
    " SELECT status_changed_at, id, NULL FROM core_betting.events"
    " WHERE sport_key = :sport_key AND status = 'cancelled'"
    " ORDER BY 1, 2"
)


async def read_looks(connection: AsyncConnection, sport_key: str) -> list[datetime]:
    """Return the instants of all answered looks at a sport, the earliest first."""
    return [at for (at,) in await connection.execute(_LOOKS, {"sport_key": sport_key})]


async def read_looks_about(
    connection: AsyncConnection, sport_key: str, start: datetime, end: datetime
) -> list[datetime]:
    """Return the instants of the answered looks at a sport from the last by `start` to the first from `end` on."""
    values = {"sport_key": sport_key, "start": start, "end": end}
    return [at for (at,) in await connection.execute(_LOOKS_ABOUT, values)]


async def read_known_starts(connection: AsyncConnection, sport_key: str) -> list[KnownStart]:
    """Return every start that the feed gave for an event of a sport, in the order in which they became known."""
    return [KnownStart(*row) for row in await connection.execute(_STARTS, {"sport_key": sport_key})]
