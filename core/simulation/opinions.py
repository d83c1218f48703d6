"""What the market holds of an event as its start nears: drift and steam, and how each bookmaker follows."""

import random
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from core.simulation.books import BOOKMAKERS, Bookmaker
from core.simulation.leagues import League
from core.simulation.life import HOUR, MINUTE

_GRID = 10 * MINUTE
_DRIFT, _LATE_DRIFT, _LATE = 0.022, 0.09, 3 * HOUR
_STEAM_A_DAY = 0.35
_STEAM_STEPS = (3.0, 6.0)
_SHARP_LEADS = 0.75


class Move(NamedTuple):
    """A change of the fair margin and total at an instant (epoch seconds); steam has a leader who moves first."""

    at: int
    margin: float
    total: float
    leader: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """A margin and a total held from each instant on; the first holds from ever."""

    instants: tuple[int, ...]
    margins: tuple[float, ...]
    totals: tuple[float, ...]

    def at(self, instant: int) -> tuple[float, float]:
        """Return the margin and the total held at an instant."""
        place = bisect_right(self.instants, instant)
        return self.margins[place], self.totals[place]


def moves(rng: random.Random, league: League, since: int, until: int) -> list[Move]:
    """Return the moves of a fair opinion between two instants, in order; each has no direction beforehand."""
    found = []
    steam_rate = _STEAM_A_DAY * _GRID / (24 * HOUR)
    for at in range(since, until, _GRID):
        rate = _LATE_DRIFT if until - at < _LATE else _DRIFT
        draw = rng.random()
        if draw < steam_rate:
            found.append(_steam(rng, league, at + rng.randrange(_GRID)))
        elif draw < steam_rate + rate:
            margin, total = rng.gauss(0, league.margin_step), rng.gauss(0, league.total_step)
            found.append(Move(at + rng.randrange(_GRID), margin, total, None))
    return [move for move in found if move.at < until]


def fair_path(opening: tuple[float, float], changes: list[Move]) -> Path:
    """Return the opinion that knows every move at once."""
    return _path(opening, ((move.at, move) for move in changes))


def followed_path(
    rng: random.Random, league: League, opening: tuple[float, float], changes: list[Move], book: Bookmaker
) -> Path:
    """Return a bookmaker's opinion: every move, as late as it follows, on its grain and with its own bias."""
    followed = _path(opening, [(move.at + _lateness(rng, move, book), move) for move in changes])
    own_margin = (rng.gauss(0, book.bias) + book.shade) * league.margin_step
    own_total = rng.gauss(0, book.bias) * league.total_step
    return Path(
        followed.instants,
        _grained(followed.margins, book.tick * league.margin_step, own_margin),
        _grained(followed.totals, book.tick * league.total_step, own_total),
    )


def _steam(rng: random.Random, league: League, at: int) -> Move:
    size = rng.uniform(*_STEAM_STEPS) * rng.choice((-1, 1))
    leader = BOOKMAKERS[0] if rng.random() < _SHARP_LEADS else rng.choice(BOOKMAKERS[1:])
    if rng.random() < 0.5:  # noqa: PLR2004
        return Move(at, size * league.margin_step, 0.0, leader.key)
    return Move(at, 0.0, size * league.total_step, leader.key)


def _lateness(rng: random.Random, move: Move, book: Bookmaker) -> int:
    if move.leader == book.key:
        return 0
    behind_a_leader = rng.randint(20, 90) if move.leader else 0
    return behind_a_leader + round(book.lag * rng.uniform(0.6, 1.4))


def _grained(values: tuple[float, ...], grain: float, own: float) -> tuple[float, ...]:
    return tuple(round(value / grain) * grain + own for value in values)


def _path(opening: tuple[float, float], timed: Iterable[tuple[int, Move]]) -> Path:
    instants: list[int] = []
    margins, totals = [opening[0]], [opening[1]]
    for at, move in sorted(timed):
        instants.append(at)
        margins.append(margins[-1] + move.margin)
        totals.append(totals[-1] + move.total)
    return Path(tuple(instants), tuple(margins), tuple(totals))
