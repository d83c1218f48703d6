"""Sports of few goals a game."""

import random
from dataclasses import dataclass
from functools import lru_cache
from math import exp, factorial
from typing import TypeAlias

from core.simulation.scoring import LEAST_LEFT, STEPS, Outlook, Play

Distribution: TypeAlias = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class GoalScoring:
    """Few goals a game: each team's are Poisson, and a game may be drawn."""

    def winner(self, outlook: Outlook) -> tuple[float, ...]:
        """Return the probabilities of home, away and a draw."""
        margins, _ = _goals(*self._rates(outlook))
        home = sum(p for margin, p in margins if margin + outlook.lead > 0)
        away = sum(p for margin, p in margins if margin + outlook.lead < 0)
        return home, away, 1 - home - away

    def cover(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the home team wins with `point` added to its score."""
        margins, _ = _goals(*self._rates(outlook))
        return _won(margins, -point - outlook.lead)

    def over(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the total passes `point`."""
        _, totals = _goals(*self._rates(outlook))
        return _won(totals, point - outlook.scored)

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

    @staticmethod
    def _rates(outlook: Outlook) -> tuple[float, float]:
        left = max(outlook.left, LEAST_LEFT)
        home, away = (outlook.total + outlook.margin) / 2, (outlook.total - outlook.margin) / 2
        return round(max(home, 0.1) * left, 3), round(max(away, 0.1) * left, 3)


@lru_cache(maxsize=8192)
def _goals(home_rate: float, away_rate: float) -> tuple[Distribution, Distribution]:
    """Return the distributions of margin and total, in rising order."""
    most = 12
    home = [exp(-home_rate) * home_rate**n / factorial(n) for n in range(most)]
    away = [exp(-away_rate) * away_rate**n / factorial(n) for n in range(most)]
    margins = dict.fromkeys(range(1 - most, most), 0.0)
    totals = dict.fromkeys(range(2 * most - 1), 0.0)
    for h, p in enumerate(home):
        for a, q in enumerate(away):
            margins[h - a] += p * q
            totals[h + a] += p * q
    return tuple(margins.items()), tuple(totals.items())


def _won(distribution: Distribution, threshold: float) -> float:
    win = sum(p for value, p in distribution if value > threshold)
    lose = sum(p for value, p in distribution if value < threshold)
    return win / (win + lose) if win + lose else 0.5


def _poisson(rng: random.Random, rate: float) -> int:
    limit, count, product = exp(-max(rate, 0.0)), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
