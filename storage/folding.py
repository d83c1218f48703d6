"""From one event of an answer to the rows it adds: check it, and fold it onto what is stored."""

from typing import NamedTuple

from core.feed.values import EventOdds
from core.quality import Checked
from core.quotes import RegionMemory, changes
from core.tiers import Tier, tier_of
from storage.known import Heads, KnownEvent
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
    unchanged: bool = False,
) -> Folded:
    """Return the snapshot of an event with the rows it adds; the memory learns what it brought.

    An event in play adds none: its prices are no pre-start prices.

    Args:
        odds: The event as the answer gave it.
        origin: When and how the answer was fetched.
        heads: The event's newest quotes before this snapshot; None when it is not to be folded onto them.
        memory: Which bookmakers each region brought before this snapshot.
        unchanged: The listing is known to be that of the snapshot before: there is nothing new to check in it.
    """
    tier = tier_of(odds.event.commence_time, origin.received_at)
    if tier is Tier.IN_PLAY:
        return Folded(Snapshot(odds, tier, (), ()), NOTHING_FOUND)
    checked = NOTHING_FOUND if unchanged else _check(odds, origin, heads)
    if heads is None:
        return Folded(Snapshot(odds, tier, (), ()), checked)
    brought = tuple(memory.learn(origin.scope, [bookmaker.bookmaker_key for bookmaker in odds.bookmakers]))
    changed = changes(
        odds.quotes,
        origin.scope,
        heads.heads,
        memory,
        checked.notes,
        reject_invalid=origin.validation is ValidationPolicy.REJECT,
    )
    return Folded(Snapshot(odds, tier, changed, brought), checked)


def is_unchanged(
    odds: EventOdds, digest: str, origin: Origin, known: KnownEvent | None, scope_id: int | None
) -> bool:
    """Tell whether the newest stored snapshot asked for the same and listed the same, so that nothing can change.

    A rejected quote is not listed, and what is rejected depends on the clock: then nothing is taken for granted.
    Nor is it when the feed's own time is odd: ahead of ours, or behind its own.

    Args:
        odds: The event as the answer gave it.
        digest: The digest of its listing.
        origin: When and how the answer was fetched.
        known: What is stored of the event.
        scope_id: The number of the answer's scope; None where it is new.
    """
    newest = known.newest if known else None
    if newest is None or newest.in_play or newest.scope_id != scope_id or newest.listing_digest != digest:
        return False
    if origin.validation is ValidationPolicy.REJECT or newest.validation != origin.validation:
        return False
    last_update, before = odds.newest_last_update, newest.newest_last_update
    if last_update is None or before is None:
        return last_update is before
    return before <= last_update <= origin.received_at


def _check(odds: EventOdds, origin: Origin, heads: Heads | None) -> Checked:
    if origin.validation is ValidationPolicy.OFF:
        return NOTHING_FOUND
    return check_event(
        odds, snapshot_time=origin.received_at, scope=origin.scope, heads=heads.heads if heads else {}
    )
