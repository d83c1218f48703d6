"""Which events were never seen."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import fetch

_UNSEEN = """
SELECT id FROM unnest(:event_ids::text[]) AS id
WHERE NOT EXISTS (SELECT FROM core_betting.events AS event WHERE event.id = id.id) ORDER BY id
"""


async def read_unseen_events(connection: AsyncConnection, event_ids: Iterable[str]) -> list[str]:
    """Return those of some events, by id, that are not in the database."""
    rows = await fetch(connection, _UNSEEN, {"event_ids": [*event_ids]})
    return [event_id for (event_id,) in rows]
