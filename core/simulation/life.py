"""The life of a simulated event: listed, moved, perhaps postponed or cancelled, started, completed.

All instants are whole epoch seconds.
"""

import random
from dataclasses import dataclass
from typing import NamedTuple

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_POSTPONED, _CANCELLED_OF_THOSE = 0.02, 0.35
_MOVED, _EARLY, _HIDDEN = 0.4, 0.03, 0.25


class Window(NamedTuple):
    """A time from `start` up to, and without, `end`."""

    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Tell whether an instant lies inside."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Life:
    """What becomes of an event.

    `starts` are its commence times, each with the instant from which it is listed; the last is the true start,
    listed when the game has begun (`started`). A cancelled event never starts: `started` and `completed` are None.
    It is on no list during `absent`, and without prices during `hidden`.
    """

    listed: Window
    starts: tuple[tuple[int, int], ...]
    absent: Window
    hidden: Window
    started: int | None
    completed: int | None

    def commence_time(self, at: int) -> int:
        """Return the start as it is listed at an instant."""
        return next(start for since, start in reversed(self.starts) if since <= at)

    def is_listed(self, at: int) -> bool:
        """Tell whether the event is on the lists, upcoming or live."""
        return self.listed.holds(at) and not self.absent.holds(at)

    def has_started(self, at: int) -> bool:
        """Tell whether the game has begun."""
        return self.started is not None and at >= self.started


def live_through(rng: random.Random, commence: int, listed: int, length: int) -> Life:
    """Return the life of an event scheduled at `commence`, first listed at `listed`, that lasts about `length`."""
    starts = [(listed, commence)]
    absent = Window(0, 0)
    if rng.random() < _POSTPONED:
        vanishes = max(listed + HOUR, commence - rng.randint(2 * HOUR, 30 * HOUR))
        if rng.random() < _CANCELLED_OF_THOSE:
            return Life(Window(listed, vanishes), tuple(starts), absent, absent, None, None)
        absent = Window(vanishes, vanishes + rng.randint(8 * HOUR, 60 * HOUR))
        commence += rng.randint(4, 12) * DAY
        starts.append((absent.end, commence))
    if rng.random() < _MOVED:
        since = commence - rng.randint(2 * HOUR, 40 * HOUR)
        if since > starts[-1][0]:
            commence += rng.choice((-5, -2, 1, 1, 2, 3, 5, 10)) * MINUTE
            starts.append((since, commence))
    begins = commence + _delay(rng)
    started = begins + rng.randint(5, 50)
    starts.append((started, begins))
    completed = begins + round(length * min(max(rng.gauss(1.0, 0.06), 0.85), 1.3))
    hidden = _hidden(rng, starts[-2][0], commence)
    return Life(Window(listed, completed), tuple(starts), absent, hidden, started, completed)


def _delay(rng: random.Random) -> int:
    """Return by how many seconds a game begins after its schedule; a few begin early."""
    if rng.random() < _EARLY:
        return -rng.randint(3 * MINUTE, 7 * MINUTE)
    return round(min(max(rng.gauss(2 * MINUTE, 2 * MINUTE), -MINUTE), 12 * MINUTE))


def _hidden(rng: random.Random, since: int, commence: int) -> Window:
    """Return a short time without prices, never within two hours of the start; empty for most events."""
    latest = commence - 2 * HOUR
    if rng.random() >= _HIDDEN or latest <= since:
        return Window(0, 0)
    start = rng.randint(since, latest)
    return Window(start, start + rng.randint(10 * MINUTE, 40 * MINUTE))
