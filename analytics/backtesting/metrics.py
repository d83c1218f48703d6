"""The figures of a backtest, each with its formula.

Returns are those of the bankroll by day, days without bets included, and come on the last axis: of one series, or
of many at once as resampling makes them. Where a figure is undefined it is NaN; `defined` makes None of that, so
that no report holds infinity.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.backtesting.values import IntArray
from analytics.odds_math import FloatArray

DAYS_A_YEAR = 365
_NO_SPREAD = 1e-12
_NO_FALL = 1e-12


def defined(figure: ArrayLike) -> float | None:
    """Return a single figure as a number, or None where it is undefined.

    >>> defined(np.array(0.5)), defined(np.nan), defined(np.inf)
    (0.5, None, None)
    """
    number = float(np.asarray(figure, dtype=np.float64))
    return number if np.isfinite(number) else None


def daily_returns(bankroll: ArrayLike) -> FloatArray:
    """Return the return of each day: its bankroll / that of the day before - 1; 0 once nothing is left.

    Args:
        bankroll: The starting bankroll and that at the end of each day, shape (..., 1 + days).

    >>> daily_returns([100, 110, 99, 0, 0]).round(6).tolist()
    [0.1, -0.1, -1.0, 0.0]
    """
    money = np.asarray(bankroll, dtype=np.float64)
    before, after = money[..., :-1], money[..., 1:]
    return np.divide(after, before, out=np.ones_like(after), where=before > 0) - 1


def growth(returns: ArrayLike) -> FloatArray:
    """Return what a unit became by the end of each day, the start included: shape (..., 1 + days).

    >>> growth([0.1, -0.5]).tolist()
    [1.0, 1.1, 0.55]
    """
    daily = np.asarray(returns, dtype=np.float64)
    factors = np.ones((*daily.shape[:-1], daily.shape[-1] + 1))
    factors[..., 1:] += daily
    return np.cumprod(factors, axis=-1, out=factors)


def sharpe_ratio(returns: ArrayLike, *, periods: float = DAYS_A_YEAR) -> FloatArray:
    """Return mean / standard deviation (ddof 1) * √periods; undefined without two days or without any spread.

    With `periods=1` it is the ratio of a day, which the inference works on.

    >>> round(float(sharpe_ratio([0.01, -0.01, 0.02])), 4)
    8.3381
    """
    daily = np.asarray(returns, dtype=np.float64)
    if daily.shape[-1] <= 1:
        return np.full(daily.shape[:-1], np.nan)
    mean = daily.mean(axis=-1, keepdims=True)
    spread = daily.std(axis=-1, ddof=1, mean=mean)
    return np.asarray(_ratio(mean[..., 0], spread, daily) * np.sqrt(periods))


def sortino_ratio(returns: ArrayLike) -> FloatArray:
    """Return mean / √(mean(min(r, 0)²)) over all days * √365; undefined without a losing day.

    Source: F. Sortino, L. Price, Performance Measurement in a Downside Risk Framework (1994), the target being 0.

    >>> round(float(sortino_ratio([0.01, -0.01, 0.02])), 4)
    22.0605
    """
    daily = np.asarray(returns, dtype=np.float64)
    if daily.shape[-1] == 0:
        return np.full(daily.shape[:-1], np.nan)
    downside = np.sqrt(np.mean(np.square(np.minimum(daily, 0)), axis=-1))
    return np.asarray(_ratio(daily.mean(axis=-1), downside, daily) * np.sqrt(DAYS_A_YEAR))


def drawdowns(equity: ArrayLike) -> FloatArray:
    """Return how far each point is below the highest so far, as a fraction of that, shape (..., points).

    Args:
        equity: Bankrolls above 0 at the start, the starting one first, for it counts as a peak.

    >>> drawdowns([100, 50, 200, 120]).tolist()
    [0.0, 0.5, 0.0, 0.4]
    """
    return falls(_of_the_peak(np.asarray(equity, dtype=np.float64)))


def max_drawdown(equity: ArrayLike) -> FloatArray:
    """Return the deepest fall from a running peak, as a fraction of that peak.

    >>> float(max_drawdown([100, 50, 200, 120]))
    0.5
    """
    return falls(_of_the_peak(np.asarray(equity, dtype=np.float64)).min(axis=-1, initial=1.0))


def falls(of_peak: FloatArray) -> FloatArray:
    """Return how far below 1 shares of a peak are; what rounding leaves is no fall.

    >>> falls(np.array([1.0, 0.5, 1 - 1e-15])).tolist()
    [0.0, 0.5, 0.0]
    """
    below = 1 - of_peak
    return np.where(below > _NO_FALL, below, 0.0)


def longest_drawdown_days(equity: ArrayLike) -> int:
    """Return the most days in a row that one bankroll by day was below its peak.

    >>> longest_drawdown_days([100, 90, 95, 101, 99])
    2
    """
    return int(longest_runs(drawdowns(equity) > 0))


def annual_return(returns: ArrayLike) -> FloatArray:
    """Return the compound return of a year: (∏ (1 + r)) ** (365 / days) - 1; undefined without a day.

    >>> round(float(annual_return([0.001] * 365)), 6)
    0.440251
    """
    daily = np.asarray(returns, dtype=np.float64)
    if daily.shape[-1] == 0:
        return np.full(daily.shape[:-1], np.nan)
    return in_a_year(np.prod(1 + daily, axis=-1), daily.shape[-1])


def in_a_year(grown: ArrayLike, days: int) -> FloatArray:
    """Return what a year brings at the pace of some days, infinity where that is more than a number holds.

    It is undefined where less than nothing is left, as a correction of a result may leave it.

    Args:
        grown: What a unit became in those days.
        days: At least one.

    >>> float(in_a_year(1.21, 730).round(6)), float(in_a_year(1e9, 5))
    (0.1, inf)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.asarray(grown, dtype=np.float64) ** (DAYS_A_YEAR / days) - 1)


def calmar_ratio(returns: ArrayLike) -> FloatArray:
    """Return the compound annual return / max drawdown, negative when the return is; undefined without a fall.

    Source: T. Young, Calmar Ratio: A Smoother Tool (1991).

    >>> round(float(calmar_ratio([0.01, -0.02] * 50)), 4)
    -2.0787
    """
    fall = max_drawdown(growth(returns))
    fallen = fall > 0
    return np.asarray(np.where(fallen, annual_return(returns) / np.where(fallen, fall, 1), np.nan))


def roi(profits: ArrayLike, stakes: ArrayLike) -> FloatArray:
    """Return profit / money staked, also called yield; undefined where nothing is staked.

    >>> float(roi([90.9, -100.0], [100.0, 100.0]).round(4))
    -0.0455
    """
    staked = np.asarray(stakes, dtype=np.float64).sum(axis=-1)
    won = np.asarray(profits, dtype=np.float64).sum(axis=-1)
    return np.asarray(np.divide(won, staked, out=np.full_like(won, np.nan), where=staked > 0))


def win_rate(profits: ArrayLike) -> FloatArray:
    """Return the bets that brought money / those that brought or cost some: pushes and voids are left out.

    >>> float(win_rate([90.0, -100.0, 0.0, 45.0]).round(4))
    0.6667
    """
    results = np.asarray(profits, dtype=np.float64)
    decided = np.count_nonzero(results, axis=-1)
    won = np.count_nonzero(results > 0, axis=-1)
    return np.asarray(np.divide(won, decided, out=np.full(np.shape(won), np.nan), where=decided > 0))


def profit_factor(profits: ArrayLike) -> FloatArray:
    """Return what winning bets brought / what losing ones cost; undefined where none lost.

    >>> float(profit_factor([90.0, 60.0, -100.0]))
    1.5
    """
    results = np.asarray(profits, dtype=np.float64)
    won, lost = np.maximum(results, 0).sum(axis=-1), -np.minimum(results, 0).sum(axis=-1)
    return np.asarray(np.divide(won, lost, out=np.full_like(won, np.nan), where=lost > 0))


def longest_streaks(profits: ArrayLike) -> tuple[int, int]:
    """Return the most wins and the most losses in a row; a push neither counts nor ends a streak.

    >>> longest_streaks([90, 0, 90, -100, 90])
    (2, 1)
    """
    results = np.asarray(profits, dtype=np.float64)
    decided = results[results != 0]
    return int(longest_runs(decided > 0)), int(longest_runs(decided < 0))


def longest_runs(holds: NDArray[np.bool_]) -> IntArray:
    """Return the most neighbours in a row of which something holds.

    Args:
        holds: Of which it does, shape (..., neighbours).

    >>> longest_runs(np.array([[True, True, False], [False, True, False]])).tolist()
    [2, 1]
    """
    places = np.arange(1, holds.shape[-1] + 1, dtype=np.int32)
    last_not = np.maximum.accumulate(places * ~holds, axis=-1)
    return np.asarray((places - last_not).max(axis=-1, initial=0), dtype=np.int64)


def expected_profit(stakes: ArrayLike, edges: ArrayLike) -> float | None:
    """Return the sum of stake * edge, what the bets were expected to bring; None where no edge is known.

    Args:
        stakes: Money on each bet.
        edges: Expected profit per unit of each, NaN where the strategy had no estimate.

    >>> expected_profit([100.0, 50.0, 100.0], [0.02, 0.04, np.nan])
    4.0
    """
    expected = np.asarray(stakes, dtype=np.float64) * np.asarray(edges, dtype=np.float64)
    known = expected[~np.isnan(expected)]
    return float(known.sum()) if len(known) else None


def _of_the_peak(curve: FloatArray) -> FloatArray:
    """Return each point as a share of the highest so far."""
    peak = np.maximum.accumulate(curve, axis=-1)
    return np.divide(curve, peak, out=peak)


def _ratio(mean: FloatArray, spread: FloatArray, daily: FloatArray) -> FloatArray:
    """Return mean / spread, undefined where the spread is no more than rounding leaves."""
    spreads = spread > _NO_SPREAD * np.maximum(daily.max(axis=-1), -daily.min(axis=-1))
    return np.asarray(np.where(spreads, mean / np.where(spreads, spread, 1), np.nan))
