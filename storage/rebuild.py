"""Make the quotes of an event anew from its raw snapshots: after a late arrival, or to prove that they agree."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.payloads import parse_odds
from core.quotes import Change, Head, RegionMemory
from core.scope import Scope
from storage.folding import fold
from storage.known import Heads
from storage.snapshots import Origin, ValidationPolicy
from storage.statements import as_json, run

_READ = text(
    "SELECT snapshots.id, snapshots.snapshot_time, CAST(snapshots.raw_data AS text), snapshots.validation,"
    " scopes.markets, scopes.bookmakers, scopes.regions"
    " FROM raw_data.odds_snapshots AS snapshots"
    " JOIN raw_data.request_scopes AS scopes ON scopes.id = snapshots.scope_id"
    " WHERE snapshots.event_id = :event_id AND snapshots.source = :source"
    " ORDER BY snapshots.snapshot_time"
)


async def rebuild_event(connection: AsyncConnection, event_id: str, source: str) -> int:
    """Replace the quotes of an event by what its snapshots say; return how many there are now.

    The open transaction holds the sport's lock.
    """
    quotes: list[dict[str, Any]] = []
    brought: list[dict[str, Any]] = []
    heads = Heads()
    memory = RegionMemory()
    result = await connection.execute(_READ, {"event_id": event_id, "source": source})
    for snapshot_id, snapshot_time, raw, policy, markets, bookmakers, regions in result:
        scope = Scope(tuple(markets), tuple(bookmakers), tuple(regions))
        origin = Origin(snapshot_time, scope, validation=ValidationPolicy(policy))
        (odds,) = parse_odds(raw.encode()).events
        snapshot = fold(odds, origin, heads=heads, memory=memory).snapshot
        for change in snapshot.changes:
            heads.heads[change.key] = Head(change.price, change.point, change.last_update, snapshot_time)
        quotes.extend(_rows(snapshot_id, snapshot.changes))
        brought.extend(
            {"region": region, "bookmaker_key": key, "first_seen_at": snapshot_time}
            for region, key in snapshot.brought
        )
    await run(connection, "clear_quotes", {"event_id": event_id, "source": source})
    await run(
        connection,
        "replace_quotes",
        {"event_id": event_id, "source": source, "quotes": as_json(quotes), "brought": as_json(brought)},
    )
    return len(quotes)


def _rows(snapshot_id: int, changed: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        {
            "snapshot_id": snapshot_id,
            **change.key._asdict(),
            "price": change.price,
            "point": change.point,
            "last_update": change.last_update,
            "note": change.note,
        }
        for change in changed
    ]
