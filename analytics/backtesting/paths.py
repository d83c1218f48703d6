"""The ways that a bankroll might have gone, its days drawn again: where it ends, how deep it falls, its ratios."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.backtesting.metrics import DAYS_A_YEAR, falls
from analytics.odds_math import FloatArray

_ROUNDING = 1e-6
"""Less spread than this share of the largest return is what is left of sums that cancel out."""


class Paths(NamedTuple):
    """Where many paths end and how deep they fall on the way, shape (resamples,) each."""

    bankroll_return: FloatArray
    max_drawdown: FloatArray


def resampled_paths(returns: ArrayLike, *, resamples: int, rng: np.random.Generator) -> Paths:
    """Return where a bankroll ends, and how deep it falls from its peak, over days drawn with replacement.

    All paths go on by one day at a time, so that what is kept of each is where it stands.

    Args:
        returns: Those of the bankroll by day, shape (days,), at most 65,536 of them.
        resamples: How many paths, each of as many days.
        rng: Where the draws come from.

    Raises:
        ValueError: There is no day.

    >>> paths = resampled_paths([0.5, -0.5], resamples=1000, rng=np.random.default_rng(1))
    >>> sorted(set(paths.bankroll_return.tolist())), sorted(set(paths.max_drawdown.tolist()))
    ([-0.75, -0.25, 1.25], [0.0, 0.5, 0.75])
    """
    factors = 1 + np.asarray(returns, dtype=np.float64)
    days = len(factors)
    if not days:
        raise ValueError("days cannot be drawn from 0: at least one is expected")
    curve, peak, lowest = np.ones(resamples), np.ones(resamples), np.ones(resamples)
    for _ in range(days):
        curve *= factors.take(rng.integers(0, days, resamples, dtype=np.uint16))
        np.maximum(peak, curve, out=peak)
        np.minimum(lowest, curve / peak, out=lowest)
    return Paths(curve - 1, falls(lowest))


class Ratios(NamedTuple):
    """The ratios of many series of daily returns, shape (series,) each: as in `metrics`, NaN where undefined."""

    sharpe: FloatArray
    sortino: FloatArray


def daily_moments(returns: ArrayLike) -> FloatArray:
    """Return by day what sums to the ratios of any days that are drawn of these returns, shape (days, 3).

    It is how far the day is from their mean, the square of that, and the square of what it lost.
    """
    daily = np.asarray(returns, dtype=np.float64)
    apart = daily - daily.mean()
    return np.stack([apart, np.square(apart), np.square(np.minimum(daily, 0))], axis=-1)


def ratios_of(sums: FloatArray, returns: ArrayLike) -> Ratios:
    """Return the ratios of draws of as many days as there are returns.

    Args:
        sums: Of the daily moments of the days that each draw has, shape (draws, 3).
        returns: Those that were drawn from, shape (days,), at least one.

    >>> returns = [0.01, -0.01, 0.02]
    >>> [round(float(one[0]), 4) for one in ratios_of(daily_moments(returns).sum(axis=0)[np.newaxis], returns)]
    [8.3381, 22.0605]
    """
    daily = np.asarray(returns, dtype=np.float64)
    days, least = len(daily), _ROUNDING * float(np.abs(daily).max())
    apart, squared, lost = sums.T
    mean = daily.mean() + apart / days
    variance = np.maximum(squared - np.square(apart) / days, 0) / max(days - 1, 1)
    return Ratios(_annual(mean, np.sqrt(variance), least), _annual(mean, np.sqrt(lost / days), least))


def _annual(mean: FloatArray, spread: FloatArray, least: float) -> FloatArray:
    spreads = spread > least
    return np.asarray(np.where(spreads, mean / np.where(spreads, spread, 1), np.nan) * np.sqrt(DAYS_A_YEAR))
