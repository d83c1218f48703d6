"""Prove that the stored quotes are what the raw snapshots say: rebuild them, and compare."""

from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.locks import of_sport, take_lock
from storage.rebuild import rebuild_event

_STORED = text(
    "SELECT DISTINCT events.id, events.sport_key, snapshots.source"
    " FROM core_betting.events JOIN raw_data.odds_snapshots AS snapshots ON snapshots.event_id = events.id"
    " WHERE CAST(:event_id AS text) IS NULL OR events.id = :event_id ORDER BY 1, 3"
)
_OF_EVENT = "WHERE selections.event_id = :event_id AND selections.source = :source"
_SELECTION = (
    "selections.bookmaker_key, selections.market_key, selections.outcome_name, selections.description,"
    " selections.line"
)
_SELECTIONS = text(f"SELECT {_SELECTION} FROM core_betting.selections {_OF_EVENT}")  # noqa: S608
_QUOTES = text(
    f"SELECT {_SELECTION}, quotes.odds_timestamp, quotes.price, quotes.point, quotes.last_update,"  # noqa: S608
    " quotes.validation_notes, quotes.snapshot_id"
    f" FROM core_betting.quotes JOIN core_betting.selections ON selections.id = quotes.selection_id {_OF_EVENT}"
)
_BROUGHT = text(
    "SELECT region, bookmaker_key, first_seen_at FROM core_betting.event_bookmaker_regions"
    " WHERE event_id = :event_id AND source = :source"
)
_IDENTITIES = ((_SELECTIONS, 5), (_QUOTES, 6), (_BROUGHT, 2))
"""What is made from the snapshots of an event, and how many columns tell one row from another."""

_Rows = dict[tuple[int, tuple[Any, ...]], tuple[Any, ...]]


class StoredEvent(NamedTuple):
    """An event that has snapshots of a source."""

    event_id: str
    sport_key: str
    source: str


class Rebuilt(NamedTuple):
    """The quotes of an event after a rebuild, and how many rows that removed, changed or added.

    Those are quotes, selections, and what says which bookmakers a region brought.
    """

    event_id: str
    source: str
    quotes: int
    differing: int


async def stored_events(connection: AsyncConnection, event_id: str | None = None) -> list[StoredEvent]:
    """Return what can be rebuilt: all events with snapshots, or the one named."""
    return [StoredEvent(*row) for row in await connection.execute(_STORED, {"event_id": event_id})]


async def rebuild_and_compare(connection: AsyncConnection, event: StoredEvent) -> Rebuilt:
    """Make the quotes of an event anew in the open transaction, and say how many rows differed."""
    await take_lock(connection, of_sport(event.sport_key))
    before = await _read(connection, event)
    quotes = await rebuild_event(connection, event.event_id, event.source)
    after = await _read(connection, event)
    differing = {identity for identity, _ in before.items() ^ after.items()}
    return Rebuilt(event.event_id, event.source, quotes, len(differing))


async def _read(connection: AsyncConnection, event: StoredEvent) -> _Rows:
    """Return the rows that are made from the snapshots of an event, by what tells one from another."""
    wanted = {"event_id": event.event_id, "source": event.source}
    rows: _Rows = {}
    for kind, (query, columns) in enumerate(_IDENTITIES):
        for row in await connection.execute(query, wanted):
            rows[kind, tuple(row[:columns])] = tuple(row[columns:])
    return rows
