"""When a game is to be looked at, by what the README says alone: the planner is not asked."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.simulation.market import SimulatedMarket

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BOUNDARIES = (72 * HOUR, 24 * HOUR, 12 * HOUR, 3 * HOUR)
INTERVALS = (48 * HOUR, 24 * HOUR, 12 * HOUR, 3 * HOUR, 30 * MINUTE)
"""How long a look may be ago before the first boundary, after it, and so on; at one the nearer interval holds."""

LEAD = 5 * MINUTE
GAP = 3 * MINUTE
"""No look follows another sooner; one that comes so much before a boundary is that boundary's."""


class Due(NamedTuple):
    """When a look is due, and when the game starts that it is due for."""

    at: datetime
    start: datetime
    is_last: bool = False


def next_look(last: datetime, starts: Iterable[datetime], *, last_looks_only: bool = False) -> Due | None:
    """Return which look is due first after the last one, of games that start at some instants."""
    dues = [
        due
        for start in starts
        if start > last + GAP
        for due in _looks(last, start)
        if due.is_last or not last_looks_only
    ]
    return min(dues, default=None)


def steady_starts(market: SimulatedMarket, since: datetime, until: datetime) -> list[datetime]:
    """Return the starts of the games that are listed from an instant to another, and never moved meanwhile."""
    first, last = int(since.timestamp()), int(until.timestamp())
    lives = [event.life for event in market.simulated_events]
    return [
        datetime.fromtimestamp(life.commence_time(first), UTC)
        for life in lives
        if life.is_listed(first)
        and life.is_listed(last)
        and all(
            at == life.started and start >= life.commence_time(first)
            for at, start in life.starts
            if first < at <= last
        )
    ]


def _looks(last: datetime, start: datetime) -> Iterator[Due]:
    before = start - last
    for boundary in BOUNDARIES:
        if before - boundary > GAP:
            yield Due(start - boundary, start)
    if before > LEAD:
        yield Due(start - LEAD, start, is_last=True)
    interval = INTERVALS[sum(before <= boundary for boundary in BOUNDARIES)]
    if interval < before:
        yield Due(last + interval, start)
