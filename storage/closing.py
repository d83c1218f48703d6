"""How near to its start each event was last looked at."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# The newest first, so that an index ends the reading where only the last are asked for.
CLOSES = text(
    "SELECT events.id, events.sport_key, events.home_team, events.away_team, events.scheduled_commence_time,"
    " looks.newest_before_start, events.commence_time"
    " FROM core_betting.events"
    " CROSS JOIN LATERAL ("
    "  SELECT max(snapshot_time) FILTER (WHERE snapshots.source = 'live'"
    "    AND snapshots.commence_time > snapshot_time) AS newest_before_start,"
    "   count(*) FILTER (WHERE snapshots.source = 'import') AS imported"
    "  FROM raw_data.odds_snapshots AS snapshots WHERE snapshots.event_id = events.id"
    " ) AS looks"
    " WHERE events.status IN ('live', 'final') AND events.scheduled_commence_time >= :since"
    " AND events.first_seen_at < events.scheduled_commence_time AND looks.imported = 0"
    " ORDER BY events.scheduled_commence_time DESC, events.id DESC LIMIT CAST(:count AS bigint)"
)
_NEW = text(
    "SELECT this.started_at, earlier.started_at"
    " FROM operational.job_runs AS this JOIN operational.job_runs AS earlier"
    " ON earlier.job = this.job AND earlier.sport_key = this.sport_key"
    " AND earlier.outcome = 'stored' AND earlier.started_at < this.started_at"
    " WHERE this.job = :job AND this.sport_key = :sport_key AND this.scheduled_at = :slot"
    " AND this.outcome = 'stored' ORDER BY earlier.started_at DESC LIMIT 1"
)

_BEFORE_ALL_STARTS = datetime(1970, 1, 1, tzinfo=UTC)

MISSED_BEYOND = timedelta(hours=1)
"""A look this long before the start is not the close of an event any more: the close was missed."""


class Close(NamedTuple):
    """The last look at an event before its start; instants are aware UTC, None where there was no look.

    `commence_time` is the start known before it passed, `began_at` the one that the feed gave at last.
    """

    event_id: str
    sport_key: str
    home_team: str | None
    away_team: str | None
    commence_time: datetime
    seen_at: datetime | None
    began_at: datetime | None = None

    @property
    def age(self) -> timedelta | None:
        """Return how old the closing odds were at the start, the start being the one known before it passed."""
        return None if self.seen_at is None else self.commence_time - self.seen_at

    @property
    def is_missed(self) -> bool:
        """Whether the event was not looked at within the hour before its start."""
        return self.age is None or self.age > MISSED_BEYOND


async def read_closes(connection: AsyncConnection, since: datetime) -> list[Close]:
    """Return the close of every event that has started since an instant and was known before it did."""
    return await _read(connection, since, None)


async def read_last_closes(connection: AsyncConnection, count: int) -> list[Close]:
    """Return the closes of the last so many events that have started and were known before they did."""
    return await _read(connection, _BEFORE_ALL_STARTS, count)


async def read_new_closes(connection: AsyncConnection, job: str, sport_key: str, slot: datetime) -> list[Close]:
    """Return the closes of the events that started between a run and the one before it, so that each is told once.

    Both are runs of a job that stored something; without two of them there is nothing new.

    Args:
        connection: An open transaction.
        job: The job, one that reads the list of events.
        sport_key: The sport.
        slot: The instant that the later run was planned for.
    """
    runs = await connection.execute(_NEW, {"job": job, "sport_key": sport_key, "slot": slot})
    for until, since in runs:
        closes = await read_closes(connection, since)
        return [one for one in closes if one.sport_key == sport_key and since < one.commence_time <= until]
    return []


async def _read(connection: AsyncConnection, since: datetime, count: int | None) -> list[Close]:
    """Return closes, the earliest start first."""
    newest_first = await connection.execute(CLOSES, {"since": since, "count": count})
    return [Close(*row) for row in newest_first][::-1]
