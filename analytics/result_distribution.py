"""How games end around the number that their line closed on, counted from past games.

Lines lie on the axis of the result: the home team's margin that is to be passed, which is its handicap with the
other sign, or the total. A bet is on the result being above its number, or below.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.odds_math import FloatArray, checked_probability
from analytics.roots import decreasing_root

FEWEST_GAMES = 100
_NEIGHBOURHOOD = 1 / 8
_WIDENINGS = (1, 2, 4, 8, np.inf)
_STEEPEST = 20.0
_QUARTER = 0.25


class Chances(NamedTuple):
    """The probabilities that results lie above numbers, and on them; on a quarter, the mean of both its halves."""

    above: FloatArray
    on: FloatArray


@dataclass(frozen=True, eq=False)
class ResultDistribution:
    """How often games ended on a result, by the number that their line closed on: `counts` (closes, results)."""

    results: FloatArray
    closes: FloatArray
    counts: FloatArray

    @classmethod
    def of_margins(cls, margins: ArrayLike, closing_numbers: ArrayLike) -> "ResultDistribution":
        """Return that of home margins, each game counted from both teams' sides.

        Args:
            margins: Home score less away score of past games.
            closing_numbers: What their spreads closed on: the home team's handicap with the other sign.

        Raises:
            ValueError: There are fewer than 100 games, or not as many of both.

        >>> spread = ResultDistribution.of_margins([-3, 3] * 50, [-2.5, 2.5] * 50)
        >>> spread.results.tolist(), spread.counts.sum()
        ([-3.0, 3.0], np.float64(200.0))
        """
        margin, close = _games(margins, closing_numbers)
        return cls._counted(np.concatenate([margin, -margin]), np.concatenate([close, -close]))

    @classmethod
    def of_totals(cls, totals: ArrayLike, closing_numbers: ArrayLike) -> "ResultDistribution":
        """Return that of totals.

        Args:
            totals: The points of both teams in past games.
            closing_numbers: The totals that their lines closed on.

        Raises:
            ValueError: There are fewer than 100 games, or not as many of both.
        """
        return cls._counted(*_games(totals, closing_numbers))

    @classmethod
    def _counted(cls, results: FloatArray, closing: FloatArray) -> "ResultDistribution":
        values, of_value = np.unique(results, return_inverse=True)
        numbers, of_number = np.unique(closing, return_inverse=True)
        places = of_number * len(values) + of_value
        counts = np.bincount(places, minlength=len(numbers) * len(values)).astype(np.float64)
        return cls(values, numbers, counts.reshape(len(numbers), len(values)))

    def chances(self, number: ArrayLike, closing_number: ArrayLike, closing_probability: ArrayLike) -> Chances:
        """Return the chances at numbers of games that closed on others, NaN where something is not known.

        Games that closed near a game's closing number stand for it, the nearer the more; they are weighed by
        exp(θ * result), so that they agree with the fair close on its own number.

        Args:
            number: The numbers to judge, shape (bets,).
            closing_number: The numbers that their games closed on.
            closing_probability: By the fair close, of a result above the closing number where it is not on it.
        """
        numbers, closes = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (number, closing_number))
        fair = np.atleast_1d(checked_probability(closing_probability))
        base = self._near(closes)
        above, on = _shares(self.results, closes)
        offset = self.results - closes[:, np.newaxis]
        scale = np.sqrt((base * offset**2).sum(axis=1))
        tilt = _tilt(base, offset / scale[:, np.newaxis], (above, 1 - above - on), fair)
        tilted = _tilted(base, offset / scale[:, np.newaxis], tilt)
        above, on = _shares(self.results, numbers)
        return Chances((tilted * above).sum(axis=1), (tilted * on).sum(axis=1))

    def _near(self, closes: FloatArray) -> FloatArray:
        """Return how results of games that closed near each number are distributed, shape (bets, results)."""
        games = self.counts.sum(axis=1)
        mean = games @ self.closes / games.sum()
        spread = np.sqrt(self.counts.sum(axis=0) @ (self.results - mean) ** 2 / games.sum())
        apart = (closes[:, np.newaxis] - self.closes) / (spread * _NEIGHBOURHOOD)
        weights = np.zeros_like(apart)
        for widening in _WIDENINGS:
            few = weights @ games < FEWEST_GAMES
            weights[few] = np.exp(-0.5 * (apart[few] / widening) ** 2)
        near = weights @ self.counts
        return np.asarray(near / near.sum(axis=1, keepdims=True))


def _games(results: ArrayLike, closing: ArrayLike) -> tuple[FloatArray, FloatArray]:
    ended, closed = (np.asarray(each, dtype=np.float64) for each in (results, closing))
    if ended.shape != closed.shape or ended.ndim != 1:
        raise ValueError(f"as many results as closing numbers are needed, not {ended.shape} and {closed.shape}")
    known = ~np.isnan(ended) & ~np.isnan(closed)
    if known.sum() < FEWEST_GAMES:
        raise ValueError(f"{known.sum()} games are too few to tell how games end: at least {FEWEST_GAMES}")
    return ended[known], closed[known]


def _shares(results: FloatArray, number: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return which share of a bet each result puts above its number, and on it: both (bets, results)."""
    halves = np.abs(number * 2 - np.round(number * 2)) > _QUARTER
    step = np.where(halves, _QUARTER, 0.0)
    low, high = (number - step)[:, np.newaxis], (number + step)[:, np.newaxis]
    above = ((results > low).astype(np.float64) + (results > high)) / 2
    on = ((results == low).astype(np.float64) + (results == high)) / 2
    return above, on


def _tilt(
    base: FloatArray, offset: FloatArray, sides: tuple[FloatArray, FloatArray], fair: FloatArray
) -> FloatArray:
    """Return θ for each bet, at which the results above the close are as probable as the fair close says."""
    above, below = sides

    def excess(theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        tilted = _tilted(base, offset, theta)
        high, low = tilted * above, tilted * below
        won, lost = high.sum(axis=1), low.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = won / (won + lost)
            pull = (high * offset).sum(axis=1) / won - (low * offset).sum(axis=1) / lost
        return fair - share, -share * (1 - share) * pull

    steepest = np.where(np.isnan(fair) | (fair <= 0) | (fair >= 1), np.nan, _STEEPEST)
    return decreasing_root(excess, -steepest, steepest)


def _tilted(base: FloatArray, offset: FloatArray, theta: FloatArray) -> FloatArray:
    exponent = theta[:, np.newaxis] * offset
    weights = base * np.exp(exponent - exponent.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
