"""From one event of an answer to the rows it adds: check it, and fold it onto what is stored."""

from datetime import datetime
from typing import NamedTuple

from core.feed.values import EventOdds
from core.quality import Checked
from core.quotes import RegionMemory, changes
from core.scope import Scope
from core.tiers import Tier, tier_of
from storage.known import Heads
from storage.snapshots import Snapshot, ValidationPolicy
from storage.validators import check_event

NOTHING_FOUND = Checked((), {})


class Folded(NamedTuple):
    """A snapshot ready to be stored, and what the checks of its event found."""

    snapshot: Snapshot
    checked: Checked


def fold(
    odds: EventOdds,
    *,
    received_at: datetime,
    scope: Scope,
    policy: ValidationPolicy,
    heads: Heads,
    memory: RegionMemory,
) -> Folded:
    """Return the snapshot of an event with the rows it adds; the memory learns what it brought.

    An event in play adds none: its prices are no pre-start prices.

    Args:
        odds: The event as the answer gave it.
        received_at: When the answer was received, aware, in UTC.
        scope: What was asked for.
        policy: What is done with invalid quotes.
        heads: The event's newest quotes before this snapshot.
        memory: Which bookmakers each region brought before this snapshot.
    """
    tier = tier_of(odds.event.commence_time, received_at)
    if tier is Tier.IN_PLAY:
        return Folded(Snapshot(odds, tier, (), ()), NOTHING_FOUND)
    checked = (
        NOTHING_FOUND
        if policy is ValidationPolicy.OFF
        else check_event(odds, snapshot_time=received_at, scope=scope, heads=heads.heads)
    )
    brought = tuple(memory.learn(scope, [bookmaker.bookmaker_key for bookmaker in odds.bookmakers]))
    changed = changes(
        odds.quotes,
        scope,
        heads.heads,
        memory,
        checked.notes,
        reject_invalid=policy is ValidationPolicy.REJECT,
    )
    return Folded(Snapshot(odds, tier, changed, brought), checked)
