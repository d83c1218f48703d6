"""What was known at an instant stays what was known, and a close is from before the start."""

from datetime import UTC, datetime
from typing import Any

from core.simulation.market import SimulatedMarket
from handlers.simulation.world import World
from tests.world.checks import FIRING
from tests.world.findings import Findings
from tests.world.stored import query

Known = dict[datetime, dict[str, list[tuple[Any, ...]]]]
"""What could be read as known at some instants, by event."""

_KNOWN = (
    "SELECT events.id, known.bookmaker_key, known.market_key, known.outcome_name, known.price, known.point,"
    " known.odds_timestamp, known.seen_at FROM core_betting.events"
    " CROSS JOIN LATERAL core_betting.odds_at(events.id, CAST(:at AS timestamptz)) AS known ORDER BY 1, 2, 3, 4, 6"
)
_CLOSES = "SELECT event_id, max(seen_at), max(commence_time) FROM analytics.closing_lines GROUP BY 1 ORDER BY 1"
_STARTS = "SELECT id, commence_time FROM core_betting.events ORDER BY id"


async def known_at(world: World, at: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """Return every event's odds as of an instant."""
    known: dict[str, list[tuple[Any, ...]]] = {}
    for event_id, *quote in await query(world, _KNOWN, at=at):
        known.setdefault(event_id, []).append(tuple(quote))
    return known


async def d7_what_was_known_stays(world: World, known: Known) -> Findings:
    """What was read as of an instant, when it was the present, is read again now."""
    found = Findings()
    for at, was in known.items():
        now = await known_at(world, at)
        for event_id in was.keys() | now.keys():
            found.judge(
                now.get(event_id) == was.get(event_id),
                f"what was known of {event_id} at {at:%a %H:%M} has changed",
            )
    return found


async def d10_no_close_is_from_play(world: World, market: SimulatedMarket) -> Findings:
    """No closing line was seen when the game had begun, nor after the start that was known then."""
    begun = {event.event_id: event.life.started for event in market.simulated_events}
    found = Findings()
    for event_id, seen_at, start in await query(world, _CLOSES):
        true_start = begun[event_id]
        in_play = true_start is not None and seen_at >= datetime.fromtimestamp(true_start, UTC)
        found.judge(
            not in_play and seen_at < start, f"the close of {event_id} was seen {seen_at:%H:%M:%S}, in play"
        )
    return found


async def c6_starts_are_as_listed(world: World, market: SimulatedMarket) -> Findings:
    """The start of every listed game is one that the feed gave within the last status interval."""
    now, scheduler = world.clock.now(), world.app.settings.scheduler
    since = now - scheduler.status_interval - FIRING - scheduler.minimum_gap
    stored: dict[str, datetime] = dict(await query(world, _STARTS))
    found = Findings()
    for event in market.simulated_events:
        if not (event.life.is_listed(_seconds(since)) and event.life.is_listed(_seconds(now))):
            continue
        instants = [_seconds(since), *(at for at, _ in event.life.starts if _seconds(since) < at <= _seconds(now))]
        listed = {datetime.fromtimestamp(event.life.commence_time(at), UTC) for at in instants}
        found.judge(
            stored.get(event.event_id) in listed, f"the start of {event.event_id} is not the one that is listed"
        )
    return found


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
