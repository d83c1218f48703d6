"""From one event of an answer to the rows it adds: check it, and fold it onto what is stored."""

from typing import NamedTuple

from core.feed.values import EventOdds
from core.quality import Checked
from core.quotes import RegionMemory, changes, listing_digest
from core.tiers import Tier, tier_of
from storage.known import Heads, KnownEvent, NewestSnapshot
from storage.snapshots import Origin, Snapshot, ValidationPolicy
from storage.validators import check_event

NOTHING_FOUND = Checked((), {})


class Folded(NamedTuple):
    """A snapshot ready to be stored, and what the checks of its event found."""

    snapshot: Snapshot
    checked: Checked


def fold(
    odds: EventOdds,
    origin: Origin,
    *,
    heads: Heads | None,
    memory: RegionMemory,
) -> Folded:
    """Return the snapshot of an event with the rows it adds; the memory learns what it brought.

    An event in play adds none: its prices are no pre-start prices.

    Args:
        odds: The event as the answer gave it.
        origin: When and how the answer was fetched.
        heads: The event's newest quotes before this snapshot; None when the listing is known to be unchanged.
        memory: Which bookmakers each region brought before this snapshot.
    """
    digest = listing_digest(odds)
    tier = tier_of(odds.event.commence_time, origin.received_at)
    if tier is Tier.IN_PLAY:
        return Folded(Snapshot(odds, tier, digest, (), ()), NOTHING_FOUND)
    checked = _check(odds, origin, heads)
    if heads is None:
        return Folded(Snapshot(odds, tier, digest, (), ()), checked)
    brought = tuple(memory.learn(origin.scope, [bookmaker.bookmaker_key for bookmaker in odds.bookmakers]))
    changed = changes(
        odds.quotes,
        origin.scope,
        heads.heads,
        memory,
        checked.notes,
        reject_invalid=origin.validation is ValidationPolicy.REJECT,
    )
    return Folded(Snapshot(odds, tier, digest, changed, brought), checked)


def is_unchanged(odds: EventOdds, origin: Origin, known: KnownEvent | None, scope_id: int | None) -> bool:
    """Tell whether the newest stored snapshot asked for the same and listed the same, so that nothing can change.

    A rejected quote is not listed, and what is rejected depends on the clock: then nothing is taken for granted.
    Nor is it when the feed's own time seems to run backwards: the checks want to see the stored quotes then.
    """
    newest = known.newest if known else None
    if newest is None or newest.in_play or newest.scope_id != scope_id:
        return False
    if origin.validation is ValidationPolicy.REJECT or newest.validation != origin.validation:
        return False
    return newest.listing_digest == listing_digest(odds) and not _runs_backwards(odds, newest)


def _check(odds: EventOdds, origin: Origin, heads: Heads | None) -> Checked:
    if origin.validation is ValidationPolicy.OFF:
        return NOTHING_FOUND
    return check_event(
        odds, snapshot_time=origin.received_at, scope=origin.scope, heads=heads.heads if heads else {}
    )


def _runs_backwards(odds: EventOdds, newest: NewestSnapshot) -> bool:
    last_update = odds.newest_last_update
    return (
        last_update is not None
        and newest.newest_last_update is not None
        and last_update < newest.newest_last_update
    )
