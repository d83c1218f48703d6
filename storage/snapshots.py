"""Store snapshots and the quotes they change: append the raw rows, fold the quotes onto what is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import EventOdds
from core.quotes import Change
from core.scope import Scope
from core.tiers import Tier
from storage.known import Heads
from storage.statements import as_json, run


class Source(StrEnum):
    """Where a snapshot comes from; each source has quotes of its own."""

    LIVE = "live"
    HISTORICAL = "historical"
    IMPORT = "import"


class ValidationPolicy(StrEnum):
    """What is done with quotes found invalid; kept with each snapshot, so that a rebuild does the same."""

    OFF = "off"
    MARK = "mark"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Origin:
    """What all snapshots of one answer share; `received_at` is aware UTC."""

    received_at: datetime
    scope: Scope
    source: Source = Source.LIVE
    validation: ValidationPolicy = ValidationPolicy.MARK
    job_run_id: int | None = None


_ADD_SCOPE = text(
    "INSERT INTO raw_data.request_scopes (markets, bookmakers, regions)"
    " VALUES (CAST(:markets AS text[]), CAST(:bookmakers AS text[]), CAST(:regions AS text[]))"
    " ON CONFLICT (markets, bookmakers, regions) DO NOTHING RETURNING id"
)
_SCOPE = text(
    "SELECT id FROM raw_data.request_scopes WHERE markets = CAST(:markets AS text[])"
    " AND bookmakers = CAST(:bookmakers AS text[]) AND regions = CAST(:regions AS text[])"
)


class Snapshot(NamedTuple):
    """One event of an answer, with the rows that it adds; an event in play adds none."""

    odds: EventOdds
    tier: Tier
    changes: Sequence[Change]
    brought: Sequence[tuple[str, str]]


async def store_scope(connection: AsyncConnection, scope: Scope) -> int:
    """Store a scope unless it is there, and return its row number."""
    values = {
        "markets": list(scope.markets),
        "bookmakers": list(scope.bookmakers),
        "regions": list(scope.regions),
    }
    added = (await connection.execute(_ADD_SCOPE, values)).scalar_one_or_none()
    # A scope that another run is just adding is waited for, and there for the next statement.
    return int(added or (await connection.execute(_SCOPE, values)).scalar_one())


async def store_snapshots(
    connection: AsyncConnection,
    snapshots: Sequence[Snapshot],
    origin: Origin,
    *,
    scope_id: int,
    heads: Mapping[str, Heads],
    digests: Mapping[str, str],
    log: Mapping[str, object],
) -> tuple[int, int]:
    """Append snapshots and their quotes, and log the answer; return how many of each were stored.

    A snapshot that is there already (same event, instant and source) changes nothing.

    Args:
        connection: An open transaction that holds the sport's lock.
        snapshots: What to append, at most one an event.
        origin: When, how and by whom the answer was fetched.
        scope_id: The number of its scope.
        heads: The newest quotes before, by event, with the numbers of their selections.
        digests: The digest of each event's listing.
        log: The other columns of the answer's row in `operational.fetch_logs`.
    """
    ordered = sorted(snapshots, key=lambda snapshot: snapshot.odds.event.event_id)
    events = [snapshot.odds.event for snapshot in ordered]
    ((snapshot_count, quote_count),) = await run(
        connection,
        "store_snapshots",
        {
            "event_ids": [event.event_id for event in events],
            "commence_times": [event.commence_time.isoformat() for event in events],
            "bookmaker_counts": [str(len(snapshot.odds.bookmakers)) for snapshot in ordered],
            "tiers": [snapshot.tier.value for snapshot in ordered],
            "newest_last_updates": [_iso(snapshot.odds.newest_last_update) for snapshot in ordered],
            "listing_digests": [digests[event.event_id] for event in events],
            "raws": [snapshot.odds.raw for snapshot in ordered],
            "snapshot_time": origin.received_at.isoformat(),
            "scope_id": scope_id,
            "job_run_id": origin.job_run_id,
            "source": origin.source.value,
            "validation": origin.validation.value,
            **log,
            "bookmakers": as_json(dict(_titles(ordered))),
            "changes": as_json([row for snapshot in ordered for row in _change_rows(snapshot, heads)]),
            "brought": as_json(
                [
                    {"event_id": snapshot.odds.event.event_id, "region": region, "bookmaker_key": key}
                    for snapshot in ordered
                    for region, key in snapshot.brought
                ]
            ),
        },
    )
    return snapshot_count, quote_count


def _titles(snapshots: Iterable[Snapshot]) -> Iterable[tuple[str, str]]:
    for snapshot in snapshots:
        for bookmaker in snapshot.odds.bookmakers:
            yield bookmaker.bookmaker_key, bookmaker.title


def _change_rows(snapshot: Snapshot, heads: Mapping[str, Heads]) -> Iterable[dict[str, object]]:
    if not snapshot.changes:
        return
    event_id = snapshot.odds.event.event_id
    known = heads.get(event_id) or Heads()
    for change in snapshot.changes:
        yield {
            "event_id": event_id,
            "selection_id": known.selection_ids.get(change.key),
            **change.key._asdict(),
            "price": change.price,
            "point": change.point,
            "last_update": change.last_update,
            "note": change.note,
        }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
