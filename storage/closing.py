"""How near to its start each event was last looked at."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CLOSES = text(
    "SELECT events.id, events.sport_key, events.home_team, events.away_team, events.scheduled_commence_time,"
    " close.snapshot_time"
    " FROM core_betting.events"
    " LEFT JOIN LATERAL ("
    "  SELECT snapshots.snapshot_time FROM raw_data.odds_snapshots AS snapshots"
    "  WHERE snapshots.event_id = events.id AND snapshots.source = 'live'"
    "  AND snapshots.commence_time > snapshots.snapshot_time"
    "  ORDER BY snapshots.snapshot_time DESC LIMIT 1"
    " ) AS close ON true"
    " WHERE events.status IN ('live', 'final') AND events.scheduled_commence_time >= :since"
    " AND events.first_seen_at < events.scheduled_commence_time"
    " ORDER BY events.scheduled_commence_time, events.id"
)


class Close(NamedTuple):
    """The last look at an event before its start; instants are aware UTC, None where there was no look."""

    event_id: str
    sport_key: str
    home_team: str | None
    away_team: str | None
    commence_time: datetime
    seen_at: datetime | None

    @property
    def age(self) -> timedelta | None:
        """Return how old the closing odds were at the start, the start being the one known before it passed."""
        return None if self.seen_at is None else self.commence_time - self.seen_at


async def read_closes(connection: AsyncConnection, since: datetime) -> list[Close]:
    """Return the close of every event that has started since an instant and was known before it did."""
    return [Close(*row) for row in await connection.execute(_CLOSES, {"since": since})]
