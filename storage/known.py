"""What the database knows of the events of an answer, read under the sport's lock before anything is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.quality import IssueKey, IssueType
from core.quotes import Head, RegionMemory, SelectionKey
from storage.event_rows import EventRow
from storage.statements import statement


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """What is stored of one event, for one source."""

    row: EventRow
    newest_snapshot_time: datetime | None
    has_this_snapshot: bool
    memory: RegionMemory


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of the events of an answer; `open_issues` gives each open issue's row number."""

    events: Mapping[str, KnownEvent]
    open_issues: Mapping[IssueKey, int]


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
    connection: AsyncConnection, sport_key: str, event_ids: Iterable[str], *, source: str, snapshot_time: datetime
) -> Known:
    """Return what is stored of some events of a sport."""
    result = await connection.execute(
        statement("read_known"),
        {
            "event_ids": sorted(event_ids),
            "sport_key": sport_key,
            "source": source,
            "snapshot_time": snapshot_time.isoformat(),
        },
    )
    events, open_issues = result.one()
    return Known(
        events={entry["event"]["id"]: _known_event(entry) for entry in _loaded(events)},
        open_issues={_issue_key(entry): entry["id"] for entry in _loaded(open_issues)},
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
    newest = entry["newest_snapshot_time"]
    brought: dict[str, list[str]] = {}
    for region, bookmaker_key in entry["brought"] or ():
        brought.setdefault(region, []).append(bookmaker_key)
    return KnownEvent(
        row=EventRow.from_json(entry["event"]),
        newest_snapshot_time=newest and datetime.fromisoformat(newest),
        has_this_snapshot=entry["has_this_snapshot"],
        memory=RegionMemory(brought),
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
