"""Store what the free list of events says: new games, moved starts, and who is missing from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import EventsAnswer
from storage.event_rows import EventRow
from storage.event_updates import absent, listed, store_events
from storage.issues import store_issues
from storage.locks import of_sport, take_lock
from storage.schedule import ScoresRead, scores_endpoint
from storage.statements import run
from storage.validators import issues_of_malformed

_OF_SCORES = 2
"""How many columns of what is known tell of results; those of an event follow."""


@dataclass(frozen=True, slots=True)
class ListingReport:
    """What a look at the free list brought: counts of events."""

    listed: int
    new: int
    start_moved: int
    status_changed: int
    absent: int
    malformed: int


async def store_listing(
    connection: AsyncConnection,
    sport_key: str,
    answer: EventsAnswer,
    at: datetime,
    *,
    job_run_id: int | None = None,
    is_locked: bool = False,
) -> ListingReport:
    """Store a look at the free list in the open transaction.

    Args:
        connection: An open transaction.
        sport_key: The sport that was asked for.
        answer: What could be read of the answer.
        at: When it was received, aware, in UTC.
        job_run_id: The run that asked.
        is_locked: Whether the transaction has the sport's lock.
    """
    if not is_locked:
        await take_lock(connection, of_sport(sport_key))
    ids = {event.event_id for event in answer.events}
    known, scores_read = await _read_known(connection, sport_key, ids)
    missing = {row.id: row for row in known.values() if row.id not in ids and row.last_listed_at < at}
    unread = {part.event_id for part in answer.malformed}
    after = [listed(known.get(event.event_id), event, at, in_events_list=True) for event in answer.events]
    after += [absent(row, at, _read_at(scores_read, row)) for row in missing.values() if row.id not in unread]
    await store_events(connection, known, after, at)
    await store_issues(
        connection,
        sport_key=sport_key,
        at=at,
        opened=issues_of_malformed(answer.malformed),
        job_run_id=job_run_id,
        at_once=True,
    )
    old = [(known[row.id], row) for row in after if row.id in known]
    return ListingReport(
        listed=len(answer.events),
        new=len(after) - len(old),
        start_moved=sum(then.commence_time != now.commence_time for then, now in old),
        status_changed=sum(then.status != now.status for then, now in old),
        absent=len(missing.keys() - unread),
        malformed=len(answer.malformed),
    )


async def _read_known(
    connection: AsyncConnection, sport_key: str, event_ids: Iterable[str]
) -> tuple[dict[str, EventRow], ScoresRead | None]:
    """Return the rows of those events and of the others that are open, and when results were last read."""
    parameters = {
        "sport_key": sport_key,
        "event_ids": sorted(event_ids),
        "scores_endpoint": scores_endpoint(sport_key),
    }
    rows = [tuple(row) for row in await run(connection, "read_listed", parameters)]
    read_at, days = rows[0][:_OF_SCORES]
    events = [EventRow._make(row[_OF_SCORES:]) for row in rows if row[_OF_SCORES] is not None]
    return {row.id: row for row in events}, None if read_at is None else ScoresRead(read_at, days)


def _read_at(scores: ScoresRead | None, row: EventRow) -> datetime | None:
    """Return when results that would have had the event were last read."""
    return scores.at if scores is not None and scores.would_have(row.commence_time) else None
