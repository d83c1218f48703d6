"""Bring events up to date with what an answer says of them: their start, their status, their result."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import FeedEvent, FeedScore
from core.lifecycle import EventStatus, Evidence, Scores, next_status
from core.sports import has_scores, usual_duration
from storage.event_rows import EventRow
from storage.statements import as_json, run

_MOST_LOOKS = 32_767
_SEEN_TO_THE = timedelta(hours=1)
_NEWS = attrgetter(*(name for name in EventRow._fields if name not in {"commence_time_seen_at", "last_listed_at"}))


def listed(row: EventRow | None, event: FeedEvent, at: datetime, *, in_events_list: bool) -> EventRow:
    """Return an event's row after an answer listed it; the newest answer says the start.

    Args:
        row: The row before; None when the event is new.
        event: What the answer said.
        at: When the answer was received, aware, in UTC.
        in_events_list: Whether it was the free list of events: only there an absence means something.
    """
    if row is None:
        return _judged(_first_seen(event, at), at)
    first_seen_at = min(row.first_seen_at, at)
    if at < row.commence_time_seen_at:
        return row._replace(first_seen_at=first_seen_at)
    row = row._replace(
        first_seen_at=first_seen_at,
        sport_title=event.sport_title,
        home_team=event.home_team,
        away_team=event.away_team,
        commence_time=event.commence_time,
        commence_time_seen_at=at,
        scheduled_commence_time=event.commence_time if event.commence_time > at else row.scheduled_commence_time,
        last_listed_at=at,
    )
    if in_events_list and row.absent_looks:
        row = row._replace(absent_looks=0, absent_since=None)
    return _judged(row, at)


def absent(row: EventRow, at: datetime, scores_read_at: datetime | None) -> EventRow:
    """Return an event's row after the free list of events did not name it.

    Args:
        row: The row before.
        at: When the list was received, aware, in UTC.
        scores_read_at: When a scores answer that would have had it was last read.
    """
    row = row._replace(absent_looks=min(row.absent_looks + 1, _MOST_LOOKS), absent_since=row.absent_since or at)
    return _judged(row, at, scores_read_at=scores_read_at)


def scored(row: EventRow, score: FeedScore, at: datetime) -> EventRow:
    """Return an event's row after a scores answer named it; a corrected result takes the place of the first."""
    row = _judged(row, at, score=score)
    return row._replace(completed_at=row.completed_at or at) if score.completed else row


def _judged(
    row: EventRow, at: datetime, *, score: FeedScore | None = None, scores_read_at: datetime | None = None
) -> EventRow:
    """Return an event's row with the status and the scores that everything known of it gives."""
    transition = next_status(
        Evidence(
            status=EventStatus(row.status),
            commence_time=row.commence_time,
            first_commence_time=row.first_commence_time,
            now=at,
            usual_duration=usual_duration(row.sport_key),
            absent_looks=row.absent_looks,
            absent_since=row.absent_since,
            scores_offered=has_scores(row.sport_key),
            scores_read_at=scores_read_at,
            completed=score is not None and score.completed,
            reported_scores=_scores(score.home_score, score.away_score) if score else None,
            known_scores=_scores(row.home_score, row.away_score),
            was_completed=row.completed_at is not None,
        )
    )
    status, (home_score, away_score) = transition.status.value, transition.scores or (None, None)
    if (status, home_score, away_score) == _standing(row):
        return row
    return row._replace(
        status=status,
        home_score=home_score,
        away_score=away_score,
        status_reason=transition.reason,
        status_changed_at=row.status_changed_at if status == row.status else at,
    )


def _scores(home: int | None, away: int | None) -> Scores | None:
    return None if home is None or away is None else Scores(home, away)


async def store_events(
    connection: AsyncConnection, before: Mapping[str, EventRow], after: Iterable[EventRow], at: datetime
) -> None:
    """Write rows as they now are, with the history of their starts, statuses and results.

    When an event was last seen is written to the hour: it alone is no news.
    """
    rows = sorted((row for row in after if _is_news(before.get(row.id), row)), key=lambda row: row.id)
    if not rows:
        return
    await run(
        connection,
        "store_events",
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
                [_status_change(row, at) for row in rows if _standing(before.get(row.id)) != _standing(row)]
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
        first_commence_time=event.commence_time,
        scheduled_commence_time=event.commence_time,
        status=EventStatus.SCHEDULED.value,
        status_reason="listed with a start to come",
        status_changed_at=at,
        home_score=None,
        away_score=None,
        completed_at=None,
        first_seen_at=at,
        last_listed_at=at,
        absent_looks=0,
        absent_since=None,
    )


def _is_news(before: EventRow | None, after: EventRow) -> bool:
    if before is None or after.last_listed_at - before.last_listed_at >= _SEEN_TO_THE:
        return True
    return _NEWS(before) != _NEWS(after)


def _standing(row: EventRow | None) -> tuple[str, int | None, int | None] | None:
    return row and (row.status, row.home_score, row.away_score)


def _status_change(row: EventRow, at: datetime) -> dict[str, Any]:
    return {
        "event_id": row.id,
        "changed_at": at,
        "status": row.status,
        "home_score": row.home_score,
        "away_score": row.away_score,
        "reason": row.status_reason,
    }
