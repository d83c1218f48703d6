"""What the database knows of the events of an answer, read under the sport's lock before anything is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.quality import IssueKey, IssueType
from core.quotes import Head, RegionMemory, SelectionKey
from core.scope import Scope
from storage.event_rows import EventRow
from storage.statements import statement


class NewestSnapshot(NamedTuple):
    """The newest stored snapshot of an event, without its contents."""

    snapshot_time: datetime
    scope_id: int
    validation: str
    in_play: bool
    newest_last_update: datetime | None
    listing_digest: str


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """What is stored of one event, for one source."""

    row: EventRow
    newest: NewestSnapshot | None
    has_this_snapshot: bool
    memory: RegionMemory


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of the events of an answer.

    `open_issues` gives each open issue's row number; `scope_id` is None where the scope is new. `is_logged` says
    that an answer of the sport, received at the same instant, was stored already.
    """

    events: Mapping[str, KnownEvent]
    open_issues: Mapping[IssueKey, int]
    scope_id: int | None
    is_logged: bool


@dataclass(slots=True)
class Heads:
    """The newest quote of every selection of an event, and the selections' row numbers."""

    heads: dict[SelectionKey, Head] = field(default_factory=dict)
    selection_ids: dict[SelectionKey, int] = field(default_factory=dict)


async def lock_sport(connection: AsyncConnection, sport_key: str) -> None:
    """Wait until no other transaction is storing answers about the sport; the lock ends with the transaction.

    Safe behind a transaction pooler. Reads that follow see everything committed before.
    """
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:name AS text), 0))")
    await connection.execute(lock, {"name": f"linekeeper {sport_key}"})


async def read_known(
    connection: AsyncConnection,
    sport_key: str,
    event_ids: Iterable[str],
    *,
    source: str,
    scope: Scope,
    snapshot_time: datetime,
) -> Known:
    """Return what is stored of some events of a sport, before a snapshot is."""
    result = await connection.execute(
        statement("read_known"),
        {
            "event_ids": sorted(event_ids),
            "sport_key": sport_key,
            "source": source,
            "snapshot_time": snapshot_time.isoformat(),
            "markets": list(scope.markets),
            "bookmakers": list(scope.bookmakers),
            "regions": list(scope.regions),
        },
    )
    events, open_issues, scope_id, is_logged = result.one()
    return Known(
        events={entry["event"]["id"]: _known_event(entry) for entry in _loaded(events)},
        open_issues={_issue_key(entry): entry["id"] for entry in _loaded(open_issues)},
        scope_id=scope_id,
        is_logged=is_logged,
    )


async def read_heads(connection: AsyncConnection, event_ids: Iterable[str], *, source: str) -> dict[str, Heads]:
    """Return the newest quote of every selection of some events, by event id."""
    wanted = {event_id: Heads() for event_id in sorted(event_ids)}
    if not wanted:
        return wanted
    result = await connection.execute(statement("read_heads"), {"event_ids": list(wanted), "source": source})
    for event_id, number, bookmaker, market, outcome, description, line, price, point, last_update, at in result:
        key = SelectionKey(bookmaker, market, outcome, description, line)
        of_event = wanted[event_id]
        of_event.heads[key] = Head(price, point, last_update, at)
        of_event.selection_ids[key] = number
    return wanted


def _loaded(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    loaded: list[dict[str, Any]] = orjson.loads(value) if isinstance(value, str | bytes) else value
    return loaded


def _known_event(entry: dict[str, Any]) -> KnownEvent:
    newest = entry["newest"]
    brought: dict[str, list[str]] = {}
    for region, bookmaker_key in entry["brought"] or ():
        brought.setdefault(region, []).append(bookmaker_key)
    return KnownEvent(
        row=EventRow.from_json(entry["event"]),
        newest=newest and _newest(newest),
        has_this_snapshot=entry["has_this_snapshot"],
        memory=RegionMemory(brought),
    )


def _newest(entry: dict[str, Any]) -> NewestSnapshot:
    last_update = entry["newest_last_update"]
    return NewestSnapshot(
        **{
            **entry,
            "snapshot_time": datetime.fromisoformat(entry["snapshot_time"]),
            "newest_last_update": last_update and datetime.fromisoformat(last_update),
        }
    )


def _issue_key(entry: dict[str, Any]) -> IssueKey:
    return IssueKey(
        IssueType(entry["issue_type"]),
        entry["event_id"],
        entry["bookmaker_key"],
        entry["market_key"],
        entry["outcome_name"],
        entry["outcome_description"],
        entry["path"],
    )
