"""What the database knows of the events of an answer, read under the sport's lock before anything is stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from core.quality import IssueKey, IssueType
from core.quotes import Head, RegionMemory, SelectionKey
from core.scope import Scope
from storage.event_rows import EventRow
from storage.statements import run

# The constructors without their Python frame: thousands of these are made for an answer.
_KEY: Callable[[tuple[Any, ...]], SelectionKey] = partial(tuple.__new__, SelectionKey)
_HEAD: Callable[[tuple[Any, ...]], Head] = partial(tuple.__new__, Head)


@dataclass(slots=True)
class Heads:
    """The newest quote of every selection of an event, and the selections' row numbers."""

    heads: dict[SelectionKey, Head] = field(default_factory=dict)
    selection_ids: dict[SelectionKey, int] = field(default_factory=dict)


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
    """What is stored of one event, for one source; `heads` is None where its newest quotes were not read."""

    row: EventRow
    newest: NewestSnapshot | None
    has_this_snapshot: bool
    memory: RegionMemory
    heads: Heads | None = None


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


async def read_known(
    connection: AsyncConnection,
    sport_key: str,
    event_ids: Iterable[str],
    *,
    source: str,
    scope: Scope,
    snapshot_time: datetime,
    digests: Mapping[str, str] | None = None,
) -> Known:
    """Return what is stored of some events of a sport, before a snapshot is.

    The newest quotes of an event are read with it where `digests` holds another digest of its listing than the one
    stored last.
    """
    wanted = sorted(event_ids)
    ((events, open_issues, scope_id, is_logged),) = await run(
        connection,
        "read_known",
        {
            "event_ids": wanted,
            "listing_digests": [(digests or {}).get(event_id) for event_id in wanted],
            "sport_key": sport_key,
            "source": source,
            "snapshot_time": snapshot_time.isoformat(),
            "markets": list(scope.markets),
            "bookmakers": list(scope.bookmakers),
            "regions": list(scope.regions),
        },
    )
    return Known(
        events={entry["event"]["id"]: _known_event(entry) for entry in orjson.loads(events)},
        open_issues={_issue_key(entry): entry["id"] for entry in orjson.loads(open_issues)},
        scope_id=scope_id,
        is_logged=is_logged,
    )


async def read_heads(connection: AsyncConnection, event_ids: Iterable[str], *, source: str) -> dict[str, Heads]:
    """Return the newest quote of every selection of some events, by event id."""
    wanted = {event_id: Heads() for event_id in sorted(event_ids)}
    if not wanted:
        return wanted
    result = await run(connection, "read_heads", {"event_ids": list(wanted), "source": source})
    return {**wanted, **{event_id: _heads(orjson.loads(rows)) for event_id, rows in result}}


def _heads(columns: list[list[Any]]) -> Heads:
    """Return the newest quotes of an event, given column by column; all columns are None where there are none."""
    numbers, bookmakers, markets, outcomes, descriptions, lines, prices, points, updates, instants = columns
    if numbers is None:
        return Heads()
    keys = list(map(_KEY, zip(bookmakers, markets, outcomes, descriptions, lines, strict=True)))
    heads = map(_HEAD, zip(prices, points, map(_instant, updates), map(_instant, instants), strict=True))
    return Heads(dict(zip(keys, heads, strict=True)), dict(zip(keys, numbers, strict=True)))


@lru_cache(maxsize=8192)
def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


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
        heads=None if entry["heads"] is None else _heads(entry["heads"]),
    )


def _newest(entry: dict[str, Any]) -> NewestSnapshot:
    return NewestSnapshot(
        snapshot_time=datetime.fromisoformat(entry["snapshot_time"]),
        scope_id=entry["scope_id"],
        validation=entry["validation"],
        in_play=entry["in_play"],
        newest_last_update=_instant(entry["newest_last_update"]),
        listing_digest=entry["listing_digest"],
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
