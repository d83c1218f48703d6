"""Bring events up to date with what an answer says of them: their start, their status, their result."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import FeedEvent
from storage.event_rows import EventRow
from storage.statements import as_json, statement


def seen(row: EventRow | None, event: FeedEvent, at: datetime) -> EventRow:
    """Return an event's row after an answer received at an instant listed it; the newest answer says the start."""
    if row is None:
        return _first_seen(event, at)
    row = row._replace(first_seen_at=min(row.first_seen_at, at), last_listed_at=max(row.last_listed_at, at))
    if at < row.commence_time_seen_at:
        return row
    return row._replace(
        sport_title=event.sport_title,
        home_team=event.home_team,
        away_team=event.away_team,
        commence_time=event.commence_time,
        commence_time_seen_at=at,
        scheduled_commence_time=event.commence_time if event.commence_time > at else row.scheduled_commence_time,
    )


async def listed_in_odds(
    connection: AsyncConnection, known: Mapping[str, EventRow], events: Sequence[FeedEvent], at: datetime
) -> None:
    """Store the events that an odds answer listed."""
    await store_events(connection, known, [seen(known.get(event.event_id), event, at) for event in events], at)


async def store_events(
    connection: AsyncConnection, before: Mapping[str, EventRow], after: Iterable[EventRow], at: datetime
) -> None:
    """Write rows as they now are, with the history of their starts, statuses and results."""
    rows = sorted((row for row in after if row != before.get(row.id)), key=lambda row: row.id)
    if not rows:
        return
    await connection.execute(
        statement("store_events"),
        {
            "events": as_json([row._asdict() for row in rows]),
            "commence_time_changes": as_json(
                [
                    {"event_id": row.id, "seen_at": at, "commence_time": row.commence_time}
                    for row in rows
                    if row.id not in before or before[row.id].commence_time != row.commence_time
                ]
            ),
            "status_changes": as_json(
                [_status_change(row, at) for row in rows if _differs(before.get(row.id), row)]
            ),
        },
    )


def _first_seen(event: FeedEvent, at: datetime) -> EventRow:
    return EventRow(
        id=event.event_id,
        sport_key=event.sport_key,
        sport_title=event.sport_title,
        home_team=event.home_team,
        away_team=event.away_team,
        commence_time=event.commence_time,
        commence_time_seen_at=at,
        scheduled_commence_time=event.commence_time,
        status="scheduled" if event.commence_time > at else "live",
        status_reason="listed by the feed",
        status_changed_at=at,
        home_score=None,
        away_score=None,
        completed_at=None,
        first_seen_at=at,
        last_listed_at=at,
        absent_looks=0,
        absent_since=None,
    )


def _differs(before: EventRow | None, after: EventRow) -> bool:
    if before is None:
        return True
    return (before.status, before.home_score, before.away_score) != (
        after.status,
        after.home_score,
        after.away_score,
    )


def _status_change(row: EventRow, at: datetime) -> dict[str, Any]:
    return {
        "event_id": row.id,
        "changed_at": at,
        "status": row.status,
        "home_score": row.home_score,
        "away_score": row.away_score,
        "reason": row.status_reason,
    }
