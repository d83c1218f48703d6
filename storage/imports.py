"""What an import would change of what is stored already: nothing may."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.snapshots import Source

_STORED = text(
    "SELECT wanted.event_id, encode(snapshots.listing_digest, 'hex')"
    " FROM unnest(CAST(:event_ids AS text[])) AS wanted (event_id)"
    " JOIN raw_data.odds_snapshots AS snapshots ON snapshots.event_id = wanted.event_id"
    " WHERE snapshots.snapshot_time = :at AND snapshots.source = :source"
)


async def differing_snapshots(connection: AsyncConnection, digests: Mapping[str, str], at: datetime) -> list[str]:
    """Return the events whose imported snapshot of an instant lists other prices than those given, sorted.

    Args:
        connection: An open transaction.
        digests: The digest of each event's listing, as it is to be imported.
        at: The instant, aware, in UTC.
    """
    values = {"event_ids": list(digests), "at": at, "source": Source.IMPORT.value}
    stored = await connection.execute(_STORED, values)
    return sorted(event_id for event_id, digest in stored if digest != digests[event_id])
