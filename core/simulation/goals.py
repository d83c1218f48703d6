"""Sports of few goals a game."""

import random
from dataclasses import dataclass
from functools import lru_cache
from math import exp, factorial
from typing import TypeAlias

from core.simulation.scoring import LEAST_LEFT, STEPS, Outlook, Play

Distribution: TypeAlias = tuple[tuple[int, float], ...]

_FEWER_GOALS = 16
"""A team is taken to score fewer goals than this in a game."""


@dataclass(frozen=True, slots=True)
class GoalScoring:
    """Few goals a game: each team's are Poisson, and a game may be drawn."""

    def winner(self, outlook: Outlook) -> tuple[float, ...]:
        """Return the probabilities of home, away and a draw."""
        margins, _ = _goals(*rates_left(outlook))
        home = sum(p for margin, p in margins if margin + outlook.lead > 0)
        away = sum(p for margin, p in margins if margin + outlook.lead < 0)
        return home, away, 1 - home - away

    def cover(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the home team wins with `point` added to its score."""
        margins, _ = _goals(*rates_left(outlook))
        return won(margins, -point - outlook.lead)

    def over(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the total passes `point`."""
        _, totals = _goals(*rates_left(outlook))
        return won(totals, point - outlook.scored)

    def play(self, rng: random.Random, margin: float, total: float) -> Play:
        """Run a game: goals fall at any step, at each team's own rate."""
        home = away = 0
        leads, totals = [0.0], [0.0]
        for _ in range(STEPS):
            home += _poisson(rng, (total + margin) / 2 / STEPS)
            away += _poisson(rng, (total - margin) / 2 / STEPS)
            leads.append(float(home - away))
            totals.append(float(home + away))
        return Play(tuple(leads), tuple(totals), home, away)


def rates_left(outlook: Outlook) -> tuple[float, float]:
    """Return the goals that home and away are expected to score in what is left of a game."""
    left = max(outlook.left, LEAST_LEFT)
    home, away = (outlook.total + outlook.margin) / 2, (outlook.total - outlook.margin) / 2
    return round(max(home, 0.1) * left, 3), round(max(away, 0.1) * left, 3)


def chances_of_goals(rate: float) -> list[float]:
    """Return the probabilities of no goal, one, two and so on, where so many are expected."""
    return [exp(-rate) * rate**n / factorial(n) for n in range(_FEWER_GOALS)]


def won(distribution: Distribution, threshold: float) -> float:
    """Return the probability of a value above a threshold, where one at it gives the bet back."""
    win = sum(p for value, p in distribution if value > threshold)
    lose = sum(p for value, p in distribution if value < threshold)
    return win / (win + lose) if win + lose else 0.5


@lru_cache(maxsize=8192)
def _goals(home_rate: float, away_rate: float) -> tuple[Distribution, Distribution]:
    """Return the distributions of margin and total, in rising order."""
    margins = dict.fromkeys(range(1 - _FEWER_GOALS, _FEWER_GOALS), 0.0)
    totals = dict.fromkeys(range(2 * _FEWER_GOALS - 1), 0.0)
    for h, p in enumerate(chances_of_goals(home_rate)):
        for a, q in enumerate(chances_of_goals(away_rate)):
            margins[h - a] += p * q
            totals[h + a] += p * q
    return tuple(margins.items()), tuple(totals.items())


def _poisson(rng: random.Random, rate: float) -> int:
    limit, count, product = exp(-max(rate, 0.0)), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
