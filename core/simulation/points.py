"""Sports of many points a game."""

import random
from dataclasses import dataclass
from math import erf, sqrt

from core.simulation.scoring import LEAST_LEFT, STEPS, Outlook, Play


@dataclass(frozen=True, slots=True)
class PointScoring:
    """Many points a game: margin and total are normal, in whole points; a level game is played on to a winner."""

    margin_deviation: float
    total_deviation: float

    def winner(self, outlook: Outlook) -> tuple[float, ...]:
        """Return the probabilities of home and away."""
        home = self._margin_above(outlook, 0.0)
        return home, 1 - home

    def cover(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the home team wins with `point` added to its score."""
        win = self._margin_above(outlook, _above(-point))
        lose = 1 - self._margin_above(outlook, _below(-point))
        return win / (win + lose)

    def over(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the total passes `point`."""
        mean = outlook.scored + outlook.total * outlook.left
        deviation = self.total_deviation * sqrt(max(outlook.left, LEAST_LEFT))
        win, lose = (
            _normal_above(_above(point), mean, deviation),
            1 - _normal_above(_below(point), mean, deviation),
        )
        return win / (win + lose)

    def play(self, rng: random.Random, margin: float, total: float) -> Play:
        """Run a game: both margin and total walk to their end in equal steps."""
        leads, totals = [0.0], [0.0]
        for _ in range(STEPS):
            leads.append(leads[-1] + rng.gauss(margin / STEPS, self.margin_deviation / sqrt(STEPS)))
            totals.append(totals[-1] + rng.gauss(total / STEPS, self.total_deviation / sqrt(STEPS)))
        lead = round(leads[-1]) or (1 if leads[-1] > 0 else -1)
        scored = _same_parity(totals[-1], lead)
        return Play(tuple(leads), tuple(totals), (scored + lead) // 2, (scored - lead) // 2)

    def _margin_above(self, outlook: Outlook, threshold: float) -> float:
        mean = outlook.lead + outlook.margin * outlook.left
        deviation = self.margin_deviation * sqrt(max(outlook.left, LEAST_LEFT))
        return _normal_above(0.0 if abs(threshold) < 1 else threshold, mean, deviation)


def _above(point: float) -> float:
    """Return the threshold of a continuous score whose rounding passes `point`."""
    return point + 0.5 if point == int(point) else point


def _below(point: float) -> float:
    return point - 0.5 if point == int(point) else point


def _normal_above(threshold: float, mean: float, deviation: float) -> float:
    return 0.5 * (1 - erf((threshold - mean) / (deviation * sqrt(2))))


def _same_parity(total: float, margin: int) -> int:
    """Return the whole total nearest to `total` that a game of this margin can have."""
    least = abs(margin)
    return max(least, least + 2 * round((total - least) / 2))
