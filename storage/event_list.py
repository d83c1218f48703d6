"""Events as an operator looks through them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_EVENTS = text(
    "SELECT events.id, events.sport_key, events.commence_time, events.scheduled_commence_time, events.away_team,"
    " events.home_team, events.status, events.status_reason, events.away_score, events.home_score,"
    " looks.snapshots, looks.newest, looks.newest_before_start,"
    " (SELECT count(*) FROM core_betting.commence_time_changes AS changes WHERE changes.event_id = events.id) - 1"
    " FROM core_betting.events"
    " CROSS JOIN LATERAL ("
    "  SELECT count(*) AS snapshots, max(snapshot_time) AS newest,"
    "   max(snapshot_time) FILTER (WHERE snapshots.commence_time > snapshot_time) AS newest_before_start"
    "  FROM raw_data.odds_snapshots AS snapshots"
    "  WHERE snapshots.event_id = events.id AND snapshots.source = 'live'"
    " ) AS looks"
    " WHERE events.commence_time >= :start AND events.commence_time < :end"
    " AND (CAST(:sport_key AS text) IS NULL OR events.sport_key = :sport_key)"
    " AND (CAST(:status AS text) IS NULL OR events.status = :status)"
    " AND (CAST(:team AS text) IS NULL"
    "  OR position(lower(:team) IN lower(concat(events.away_team, ' at ', events.home_team))) > 0)"
    " ORDER BY events.commence_time, events.id"
)


class EventFilter(NamedTuple):
    """Which events: those that start in `[start, end)`; the other fields narrow it where they are given."""

    start: datetime
    end: datetime
    team: str | None = None
    sport_key: str | None = None
    status: str | None = None


class ListedEvent(NamedTuple):
    """An event with its looks; instants are aware UTC.

    `scheduled_commence_time` is the start as it was known before it passed, `start_moves` how often it moved.
    """

    event_id: str
    sport_key: str
    commence_time: datetime
    scheduled_commence_time: datetime
    away_team: str | None
    home_team: str | None
    status: str
    status_reason: str
    away_score: int | None
    home_score: int | None
    snapshots: int
    last_look: datetime | None
    last_look_before_start: datetime | None
    start_moves: int

    @property
    def close_age(self) -> timedelta | None:
        """Return how long before the start the last look came."""
        last = self.last_look_before_start
        return None if last is None else self.scheduled_commence_time - last


async def read_events(connection: AsyncConnection, wanted: EventFilter) -> list[ListedEvent]:
    """Return the events of a span of time, the earliest first."""
    return [ListedEvent(*row) for row in await connection.execute(_EVENTS, wanted._asdict())]
