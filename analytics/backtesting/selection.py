"""Whether the best of many strategies is more than luck: what trying often does to the best result.

Every ratio here is of a day, not of a year: `sharpe_ratio(returns, periods=1)`.
"""

from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from analytics.backtesting.metrics import defined, sharpe_ratio
from analytics.odds_math import FloatArray

_FEWEST_DAYS = 4
_MOST_CELLS = 4_000_000


def probabilistic_sharpe(returns: ArrayLike, benchmark: float = 0.0) -> float | None:
    """Return the probability that the true Sharpe ratio is above a benchmark, from skewed and heavy-tailed days.

    Φ((SR - SR*) √(n - 1) / √(1 - skew SR + (kurtosis - 1) / 4 SR²)), of unbiased skew and kurtosis. Undefined
    for fewer than four days, or without any spread.
    Source: D. Bailey, M. López de Prado, The Sharpe Ratio Efficient Frontier (2012).

    Args:
        returns: Of each day, shape (days,).
        benchmark: The Sharpe ratio of a day to be above.

    >>> round(probabilistic_sharpe([0.01, -0.01, 0.02, 0.0, -0.005, 0.01]), 3)
    0.801
    """
    daily = np.asarray(returns, dtype=np.float64)
    ratio = defined(sharpe_ratio(daily, periods=1))
    if ratio is None or len(daily) < _FEWEST_DAYS:
        return None
    skew, kurtosis = _moments(daily)
    variance = (1 - skew * ratio + (kurtosis - 1) / 4 * ratio**2) / (len(daily) - 1)
    return NormalDist().cdf((ratio - benchmark) / np.sqrt(variance)) if variance > 0 else None


def expected_best_sharpe(ratios: ArrayLike) -> float:
    """Return the Sharpe ratio that the best of as many strategies without an edge is expected to have.

    √variance * ((1 - g) Φ⁻¹(1 - 1/n) + g Φ⁻¹(1 - 1/(n e))) with Euler's constant g; 0 for a single one.
    Source: D. Bailey, M. López de Prado, The Deflated Sharpe Ratio (2014).

    Args:
        ratios: The Sharpe ratio of a day of every strategy tried, NaN for those without one.

    >>> round(expected_best_sharpe([-0.1, 0.0, 0.1, 0.05]), 4)
    0.0898
    """
    tried = np.asarray(ratios, dtype=np.float64)
    tried = tried[np.isfinite(tried)]
    if len(tried) <= 1:
        return 0.0
    normal, count = NormalDist(), len(tried)
    highest = (1 - np.euler_gamma) * normal.inv_cdf(1 - 1 / count)
    highest += np.euler_gamma * normal.inv_cdf(1 - 1 / (count * np.e))
    return float(tried.std(ddof=1) * highest)


def deflated_sharpe(returns: ArrayLike, ratios: ArrayLike) -> float | None:
    """Return the probability that the chosen strategy's true Sharpe ratio is above what luck gives the best.

    Source: D. Bailey, M. López de Prado, The Deflated Sharpe Ratio (2014).

    Args:
        returns: Of the chosen strategy by day.
        ratios: The Sharpe ratio of a day of every strategy tried, the chosen one among them.

    >>> daily = [0.01, -0.01, 0.02, 0.0, -0.005, 0.01]
    >>> deflated_sharpe(daily, [0.4, -0.2, 0.1]) < probabilistic_sharpe(daily)
    True
    """
    return probabilistic_sharpe(returns, expected_best_sharpe(ratios))


def overfitting_probability(returns: ArrayLike, blocks: int = 10) -> float | None:
    """Return how often the best strategy on half of the blocks of days is not above the median on the others.

    Every half of the blocks is tried. Undefined for fewer than two strategies, or fewer than two days a block.
    Source: D. Bailey, J. Borwein, M. López de Prado, Q. Zhu, The Probability of Backtest Overfitting (2015).

    Args:
        returns: By day and strategy, shape (days, strategies).
        blocks: An even number of blocks of neighbouring days.

    Raises:
        ValueError: The number of blocks is odd, or not from 2 to 16.

    >>> rng = np.random.default_rng(1)
    >>> luck = rng.normal(0, 0.01, (200, 20))
    >>> skill = luck + np.linspace(0, 0.01, 20)
    >>> overfitting_probability(skill) < 0.1 < overfitting_probability(luck)
    True
    """
    if blocks not in range(2, 17, 2):
        raise ValueError(f"{blocks} blocks cannot be halved: an even number from 2 to 16")
    table = np.asarray(returns, dtype=np.float64)
    days = len(table) // blocks * blocks
    if table.shape[1] <= 1 or days < 2 * blocks:
        return None
    parts = table[:days].reshape(blocks, days // blocks, -1)
    sums, squares = parts.sum(axis=1), np.square(parts).sum(axis=1)
    halves = list(combinations(range(blocks), blocks // 2))
    below = sum(_best_disappoints(sums, squares, half, days // 2) for half in halves)
    return below / len(halves)


def luck_of_the_best_p_value(returns: ArrayLike, *, resamples: int, rng: np.random.Generator) -> float | None:
    """Return how often the best of as many strategies without an edge looks as good as the best one found.

    The days are resampled, all strategies together, each strategy's mean is taken off, and the highest mean over
    its standard error is compared. Undefined where no strategy's returns have any spread, or without draws.
    Source: H. White, A Reality Check for Data Snooping (2000), studentised as by P. Hansen (2005).

    Args:
        returns: By day and strategy, shape (days, strategies).
        resamples: How often the days are drawn again.
        rng: Where the draws come from.

    >>> daily = np.random.default_rng(1).normal(0, 0.01, (100, 50))
    >>> luck_of_the_best_p_value(daily, resamples=500, rng=np.random.default_rng(2)) > 0.05
    True
    """
    table = np.asarray(returns, dtype=np.float64)
    days = len(table)
    spread = table.std(axis=0, ddof=1) if days > 1 else np.zeros(table.shape[1])
    table, spread = table[:, spread > 0], spread[spread > 0]
    if resamples == 0 or table.shape[1] == 0:
        return None
    standard = table / (spread * np.sqrt(days))
    means = standard.sum(axis=0)
    as_good = 0
    at_once = max(_MOST_CELLS // table.shape[1], 1)
    for begun in range(0, resamples, at_once):
        drawn = rng.multinomial(days, np.full(days, 1 / days), min(at_once, resamples - begun))
        as_good += int(np.count_nonzero((drawn @ standard - means).max(axis=1) >= means.max()))
    return (1 + as_good) / (1 + resamples)


def _moments(daily: FloatArray) -> tuple[float, float]:
    """Return the unbiased skew and kurtosis (3 for a normal distribution), whatever the unit of the days."""
    count = len(daily)
    centred = daily - daily.mean()
    centred = np.ldexp(centred, -np.frexp(np.abs(centred).max())[1])  # the powers of tiny days would be 0
    second, third, fourth = (float(np.mean(centred**power)) for power in (2, 3, 4))
    skew = np.sqrt(count * (count - 1)) / (count - 2) * third / second**1.5
    excess = fourth / second**2 - 3
    corrected = (count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * excess + 6)
    return float(skew), float(corrected) + 3


def _best_disappoints(sums: FloatArray, squares: FloatArray, half: tuple[int, ...], days: int) -> bool:
    others = [block for block in range(len(sums)) if block not in half]
    chosen, judged = (_ratios(sums[list(part)], squares[list(part)], days) for part in (half, others))
    best = judged[int(np.argmax(chosen))]
    rank = (np.count_nonzero(judged < best) + (np.count_nonzero(judged == best) + 1) / 2) / (len(judged) + 1)
    return bool(rank <= 0.5)  # noqa: PLR2004


def _ratios(sums: FloatArray, squares: FloatArray, days: int) -> FloatArray:
    """Return the Sharpe ratio of a day of each strategy over some blocks, 0 without any spread."""
    mean = sums.sum(axis=0) / days
    variance = np.maximum(squares.sum(axis=0) / days - mean**2, 0)
    return np.asarray(np.divide(mean, np.sqrt(variance), out=np.zeros_like(mean), where=variance > 0))
