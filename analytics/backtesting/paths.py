"""The ways that a bankroll might have gone: its days drawn again, for figures that are no ratio of sums."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.backtesting.metrics import DAYS_A_YEAR
from analytics.odds_math import FloatArray

_ROUNDING = 1e-6
"""Less spread than this share of the largest return is what is left of sums that cancel out."""


class Paths(NamedTuple):
    """The figures of many paths, shape (resamples,) each: as in `metrics`, NaN where one is undefined."""

    bankroll_return: FloatArray
    max_drawdown: FloatArray
    sharpe: FloatArray
    sortino: FloatArray


def resampled_paths(returns: ArrayLike, *, resamples: int, rng: np.random.Generator) -> Paths:
    """Return where a bankroll ends, how deep it falls and at what ratios, over days drawn with replacement.

    All paths go on by one day at a time, so that what is kept of each is a few sums.

    Args:
        returns: Those of the bankroll by day, shape (days,), at most 65,535 of them.
        resamples: How many paths, each of as many days.
        rng: Where the draws come from.

    Raises:
        ValueError: There is no day.

    >>> paths = resampled_paths([0.5, -0.5], resamples=1000, rng=np.random.default_rng(1))
    >>> sorted(set(paths.bankroll_return.tolist())), sorted(set(paths.max_drawdown.tolist()))
    ([-0.75, -0.25, 1.25], [0.0, 0.5, 0.75])
    """
    daily = np.asarray(returns, dtype=np.float64)
    days = len(daily)
    if not days:
        raise ValueError("days cannot be drawn from 0: at least one is expected")
    mean = daily.mean()
    factor, apart, short = 1 + daily, daily - mean, np.square(np.minimum(daily, 0))
    squared_apart = np.square(apart)
    curve, peak, lowest = np.ones(resamples), np.ones(resamples), np.ones(resamples)
    total, spread, shortfall = np.zeros(resamples), np.zeros(resamples), np.zeros(resamples)
    for _ in range(days):
        drawn = rng.integers(0, days, resamples, dtype=np.uint16)
        curve *= factor.take(drawn)
        np.maximum(peak, curve, out=peak)
        np.minimum(lowest, curve / peak, out=lowest)
        total += apart.take(drawn)
        spread += squared_apart.take(drawn)
        shortfall += short.take(drawn)
    means, least = mean + total / days, _ROUNDING * np.abs(daily).max()
    variance = np.maximum(spread - np.square(total) / days, 0) / max(days - 1, 1)
    return Paths(
        bankroll_return=curve - 1,
        max_drawdown=1 - lowest,
        sharpe=_annual(means, np.sqrt(variance), least),
        sortino=_annual(means, np.sqrt(shortfall / days), least),
    )


def _annual(mean: FloatArray, spread: FloatArray, least: float) -> FloatArray:
    spreads = spread > least
    return np.asarray(np.where(spreads, mean / np.where(spreads, spread, 1), np.nan) * np.sqrt(DAYS_A_YEAR))
