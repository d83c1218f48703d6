"""Prove that the stored quotes are what the raw snapshots say: rebuild them, and compare."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.locks import of_sport, take_lock
from storage.rebuild import rebuild_event

_STORED = text(
    "SELECT DISTINCT events.id, events.sport_key, snapshots.source"
    " FROM core_betting.events JOIN raw_data.odds_snapshots AS snapshots ON snapshots.event_id = events.id"
    " WHERE CAST(:event_id AS text) IS NULL OR events.id = :event_id ORDER BY 1, 3"
)
_QUOTES = text(
    "SELECT selections.bookmaker_key, selections.market_key, selections.outcome_name, selections.description,"
    " selections.line, quotes.odds_timestamp, quotes.price, quotes.point, quotes.last_update,"
    " quotes.validation_notes, quotes.snapshot_id"
    " FROM core_betting.quotes JOIN core_betting.selections ON selections.id = quotes.selection_id"
    " WHERE selections.event_id = :event_id AND selections.source = :source"
)


class StoredEvent(NamedTuple):
    """An event that has snapshots of a source."""

    event_id: str
    sport_key: str
    source: str


class Rebuilt(NamedTuple):
    """The quotes of an event after a rebuild, and how many rows that removed, changed or added."""

    event_id: str
    source: str
    quotes: int
    differing: int


async def stored_events(connection: AsyncConnection, event_id: str | None = None) -> list[StoredEvent]:
    """Return what can be rebuilt: all events with snapshots, or the one named."""
    return [StoredEvent(*row) for row in await connection.execute(_STORED, {"event_id": event_id})]


async def rebuild_and_compare(connection: AsyncConnection, event: StoredEvent) -> Rebuilt:
    """Make the quotes of an event anew in the open transaction, and say what differed."""
    await take_lock(connection, of_sport(event.sport_key))
    wanted = {"event_id": event.event_id, "source": event.source}
    before = {tuple(row) for row in await connection.execute(_QUOTES, wanted)}
    quotes = await rebuild_event(connection, event.event_id, event.source)
    after = {tuple(row) for row in await connection.execute(_QUOTES, wanted)}
    return Rebuilt(event.event_id, event.source, quotes, len(before ^ after))
