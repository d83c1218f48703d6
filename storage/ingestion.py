"""Store one odds answer: raw snapshots and the quotes that changed, in one transaction, once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import OddsAnswer
from core.quality import MOMENTARY, Issue, IssueKey, IssueType
from core.quotes import RegionMemory, listing_digest
from core.tiers import Tier
from storage.event_updates import listed, store_events
from storage.folding import Folded, fold, is_unchanged
from storage.issues import store_issues
from storage.known import Heads, Known, read_heads, read_known
from storage.locks import of_sport, take_lock
from storage.rebuild import rebuild_event
from storage.snapshots import Origin, ValidationPolicy, store_scope, store_snapshots
from storage.tracking import track
from storage.validators import issues_of_malformed

_FOUND_UNCHECKED = frozenset({IssueType.MALFORMED, IssueType.BOOKMAKER_REFUSED, IssueType.MARKET_REFUSED})


@dataclass(frozen=True, slots=True)
class IngestionReport:
    """What one odds answer brought.

    `snapshots` counts the stored ones: fewer than `events` when some were there already. `quotes_seen` counts the
    quotes of events not yet started, `quotes_stored` the rows written: changes and withdrawals.
    """

    events: int
    in_play: int
    snapshots: int
    quotes_seen: int
    quotes_stored: int
    malformed: int
    issues_opened: int
    issues_closed: int


async def store_odds(
    connection: AsyncConnection,
    sport_key: str,
    answer: OddsAnswer,
    origin: Origin,
    *,
    issues: Sequence[Issue] = (),
    is_locked: bool = False,
) -> IngestionReport:
    """Store an odds answer in the open transaction; the same answer again changes nothing.

    Every event becomes a raw snapshot. The quotes of events not yet started are folded onto the stored ones. Where
    a newer snapshot of an event is stored already, the event's quotes are made anew: the order of arrival does not
    matter.

    Args:
        connection: An open transaction.
        sport_key: The sport that was asked for.
        answer: What could be read of the answer.
        origin: When, how and by whom it was fetched.
        issues: What was found wrong with the request itself.
        is_locked: Whether the transaction has the sport's lock.
    """
    if not is_locked:
        await take_lock(connection, of_sport(sport_key))
    source, at = origin.source.value, origin.received_at
    ids = {odds.event.event_id for odds in answer.events}
    ids.update(part.event_id for part in answer.malformed if part.event_id is not None)
    digests = {odds.event.event_id: listing_digest(odds) for odds in answer.events}
    known = await read_known(
        connection, sport_key, ids, source=source, scope=origin.scope, snapshot_time=at, digests=digests
    )
    fresh = [odds for odds in answer.events if not _is_stored(known, odds.event.event_id)]
    if known.is_logged and not fresh:
        return IngestionReport(len(answer.events), 0, 0, 0, 0, len(answer.malformed), 0, 0)
    late_ids = {odds.event.event_id for odds in fresh if _is_late(known, odds.event.event_id, origin)}
    memories = {odds.event.event_id: _memory(known, odds.event.event_id) for odds in fresh}
    unchanged_ids = {
        event_id
        for odds in fresh
        if (event_id := odds.event.event_id) not in late_ids
        and is_unchanged(odds, digests[event_id], origin, known.events.get(event_id), known.scope_id)
    }
    heads = await _read_heads(connection, known, memories.keys() - late_ids - unchanged_ids, source)
    folded = [
        fold(
            odds,
            origin,
            heads=heads.get(odds.event.event_id),
            memory=memories[odds.event.event_id],
            unchanged=odds.event.event_id in unchanged_ids,
        )
        for odds in fresh
    ]
    rows = {event_id: event.row for event_id, event in known.events.items()}
    listings = [
        listed(rows.get(odds.event.event_id), odds.event, at, in_events_list=False)
        for odds in fresh
        if odds.event.event_id not in late_ids
    ]
    await store_events(connection, rows, listings, at)
    opened, closed = await _store_issues(
        connection,
        sport_key,
        origin,
        found=[*issues, *issues_of_malformed(answer.malformed), *_issues(folded, memories.keys() - late_ids)],
        of_late=_issues(folded, late_ids),
        open_issues=_in_question(known.open_issues, unchanged_ids),
        memories={event_id: memory for event_id, memory in memories.items() if event_id not in late_ids},
    )
    before_start = [one.snapshot for one in folded if one.snapshot.tier is not Tier.IN_PLAY]
    counts = {
        "events": len(answer.events),
        "in_play": len(folded) - len(before_start),
        "quotes_seen": sum(len(snapshot.odds.quotes) for snapshot in before_start),
        "malformed": len(answer.malformed),
        "issues_opened": opened,
        "issues_closed": closed,
    }
    scope_id = known.scope_id or await store_scope(connection, origin.scope)
    snapshot_count, quote_count = await store_snapshots(
        connection,
        [one.snapshot for one in folded],
        origin,
        scope_id=scope_id,
        heads=heads,
        digests=digests,
        log={"sport_key": sport_key, **counts},
    )
    for event_id in sorted(late_ids):
        await rebuild_event(connection, event_id, source)
    return IngestionReport(snapshots=snapshot_count, quotes_stored=quote_count, **counts)


async def _read_heads(
    connection: AsyncConnection, known: Known, event_ids: Collection[str], source: str
) -> dict[str, Heads]:
    """Return the newest quotes of some events, by event id; most are known already, or there are none."""
    heads: dict[str, Heads | None] = {}
    for event_id in event_ids:
        event = known.events.get(event_id)
        heads[event_id] = Heads() if event is None or event.newest is None else event.heads
    present = {event_id: found for event_id, found in heads.items() if found is not None}
    return {**present, **await read_heads(connection, heads.keys() - present.keys(), source=source)}


def _is_stored(known: Known, event_id: str) -> bool:
    event = known.events.get(event_id)
    return event is not None and event.has_this_snapshot


def _is_late(known: Known, event_id: str, origin: Origin) -> bool:
    event = known.events.get(event_id)
    newest = event.newest if event else None
    return newest is not None and newest.snapshot_time > origin.received_at


def _memory(known: Known, event_id: str) -> RegionMemory:
    event = known.events.get(event_id)
    return event.memory if event else RegionMemory()


def _in_question(open_issues: Mapping[IssueKey, int], unchanged_ids: Collection[str]) -> dict[IssueKey, int]:
    """Return the open issues that the answer may close: not those with a listing that has not changed."""
    return {
        key: number
        for key, number in open_issues.items()
        if key.event_id not in unchanged_ids or key.issue_type in MOMENTARY
    }


def _issues(folded: Sequence[Folded], event_ids: Collection[str]) -> list[Issue]:
    return [
        issue for one in folded if one.snapshot.odds.event.event_id in event_ids for issue in one.checked.issues
    ]


async def _store_issues(
    connection: AsyncConnection,
    sport_key: str,
    origin: Origin,
    *,
    found: Sequence[Issue],
    of_late: Sequence[Issue],
    open_issues: Mapping[IssueKey, int],
    memories: Mapping[str, RegionMemory],
) -> tuple[int, int]:
    could_show: Collection[IssueKey] = open_issues.keys()
    if origin.validation is ValidationPolicy.OFF:
        could_show = {key for key in open_issues if key.issue_type in _FOUND_UNCHECKED}
    opened, closed = track(could_show, found, memories.keys(), scope=origin.scope, memories=memories)
    await store_issues(
        connection,
        sport_key=sport_key,
        at=origin.received_at,
        opened=opened,
        closed=closed,
        open_issues=open_issues,
        job_run_id=origin.job_run_id,
    )
    await store_issues(
        connection,
        sport_key=sport_key,
        at=origin.received_at,
        opened=of_late,
        job_run_id=origin.job_run_id,
        at_once=True,
    )
    return len(opened) + len(of_late), len(closed)
