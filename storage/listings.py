"""Store what the free list of events says: new games, moved starts, and who is missing from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import EventsAnswer
from storage.event_rows import EventRow
from storage.event_updates import absent, listed, store_events
from storage.issues import store_issues
from storage.known import lock_sport
from storage.schedule import SportState, read_sport_state
from storage.statements import fetch
from storage.validators import issues_of_malformed

_LISTED = (
    f"SELECT {', '.join(EventRow._fields)} FROM core_betting.events"  # noqa: S608
    " WHERE id = ANY (CAST(:event_ids AS text[]))"
)


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
) -> ListingReport:
    """Store a look at the free list in the open transaction.

    Args:
        connection: An open transaction.
        sport_key: The sport that was asked for.
        answer: What could be read of the answer.
        at: When it was received, aware, in UTC.
        job_run_id: The run that asked.
    """
    await lock_sport(connection, sport_key)
    state = await read_sport_state(connection, sport_key)
    ids = [event.event_id for event in answer.events]
    known = await _known(connection, ids, state)
    missing = {row.id: row for row in state.open_events if row.id not in ids and row.last_listed_at < at}
    unread = {part.event_id for part in answer.malformed}
    after = [listed(known.get(event.event_id), event, at, in_events_list=True) for event in answer.events]
    after += [absent(row, at, _scores_read_at(state, row)) for row in missing.values() if row.id not in unread]
    before = {**known, **missing}
    await store_events(connection, before, after, at)
    await store_issues(
        connection,
        sport_key=sport_key,
        at=at,
        opened=issues_of_malformed(answer.malformed),
        job_run_id=job_run_id,
        at_once=True,
    )
    old = [(before[row.id], row) for row in after if row.id in before]
    return ListingReport(
        listed=len(answer.events),
        new=len(after) - len(old),
        start_moved=sum(then.commence_time != now.commence_time for then, now in old),
        status_changed=sum(then.status != now.status for then, now in old),
        absent=len(missing.keys() - unread),
        malformed=len(answer.malformed),
    )


async def _known(connection: AsyncConnection, event_ids: Sequence[str], state: SportState) -> dict[str, EventRow]:
    """Return the rows of those events that are known; one that is over may be listed again."""
    still_open = {row.id: row for row in state.open_events}
    known = {event_id: still_open[event_id] for event_id in event_ids if event_id in still_open}
    others = [event_id for event_id in event_ids if event_id not in known]
    if others:
        found = map(EventRow._make, await fetch(connection, _LISTED, {"event_ids": others}))
        known |= {row.id: row for row in found}
    return known


def _scores_read_at(state: SportState, row: EventRow) -> datetime | None:
    """Return when scores that would have had the event were last read."""
    read = state.scores_read
    return read.at if read is not None and read.would_have(row.commence_time) else None
