"""Kelly stakes for bets that are open at the same time and do not depend on each other.

The expected logarithm of the bankroll over all 2^n ways in which n bets can end is one integral, because
log(x) = ∫ (exp(-t) - exp(-t x)) / t dt and the mean of exp(-t x) is a product over independent bets. So forty bets
take little longer than four.
"""

import numpy as np
from numpy.typing import ArrayLike

from analytics.odds_math import FloatArray, checked_decimal, checked_probability
from analytics.staking import kelly

_STEP = 0.1
_LOWEST = -30.0
_DECAYED = 45.0
_MOST_STEPS = 100
_MOST_AT_FIRST = 0.9
_NEAR_ENOUGH = 1e-7
_NO_RISE = 1e-10
_SUREST = 1 - 1e-12
_UNLIKELIEST = 1e-12
_LEAST_LEFT = 1e-12


class OpenBets:
    """Bets that are staked already: their probability, decimal odds, and fraction of the bankroll."""

    def __init__(self, probability: ArrayLike = (), decimal: ArrayLike = (), fractions: ArrayLike = ()) -> None:
        """Take arrays of one length; the fractions sum to less than 1."""
        self.probability = checked_probability(probability)
        self.decimal = checked_decimal(decimal)
        self.fractions = np.asarray(fractions, dtype=np.float64)
        if not (self.fractions >= 0).all() or self.fractions.sum() >= 1:
            raise ValueError("the fractions of open bets are not below 0 and sum to less than 1")


def simultaneous_kelly(
    probability: ArrayLike, decimal: ArrayLike, *, fraction: float = 1.0, beside: OpenBets | None = None
) -> FloatArray:
    """Return the fractions of the bankroll that together grow it fastest, or a part of them.

    A bet without an edge gets 0, and all of them together less than what is not staked yet. One bet alone gets its
    `kelly`. Sources: L. MacLean, E. Thorp, W. Ziemba, The Kelly Capital Growth Investment Criterion (2011);
    C. Whitrow, Algorithms for Optimal Allocation of Bets on Many Simultaneous Events (2007).

    Args:
        probability: Fair probability of each bet to win, shape (bets,).
        decimal: Decimal odds of each.
        fraction: Which part of the full stakes, above 0 and at most 1.
        beside: Bets that are open already.

    Raises:
        ValueError: A probability, odds or the fraction are not what they can be.

    >>> simultaneous_kelly([0.55, 0.55, 0.5], [2.0, 2.0, 2.0]).round(4).tolist()
    [0.099, 0.099, 0.0]
    """
    single = np.atleast_1d(kelly(probability, decimal, fraction=fraction)) / fraction
    chosen = np.flatnonzero(single > 0)
    fractions = np.where(np.isnan(single), np.nan, 0.0)
    if len(chosen):
        win, odds = (
            np.broadcast_to(np.asarray(each, dtype=np.float64), single.shape) for each in (probability, decimal)
        )
        growth = _Growth(win[chosen], odds[chosen], beside or OpenBets())
        fractions[chosen] = fraction * growth.best(single[chosen])
    return fractions


class _Growth:
    """The expected logarithm of the bankroll as a function of the fractions on some bets, concave in them."""

    def __init__(self, probability: FloatArray, decimal: FloatArray, beside: OpenBets) -> None:
        self._count = len(probability)
        self._win = np.clip(np.concatenate([probability, beside.probability]), _UNLIKELIEST, _SUREST)
        self._gain = np.concatenate([decimal, beside.decimal]) - 1
        self._beside = beside.fractions

    def best(self, fractions: FloatArray) -> FloatArray:
        """Return the fractions at which it is highest, by Newton's steps from some others."""
        free = _MOST_AT_FIRST * float(1 - self._beside.sum())
        at: FloatArray = fractions * min(1.0, free / float(fractions.sum()))
        height = self._value(at)
        for _ in range(_MOST_STEPS):
            step = self._newton(at)
            while not self._is_inside(at + step) or (higher := self._value(at + step)) < height:
                step = step / 2
                if np.abs(step).max() < _NEAR_ENOUGH:
                    return at
            risen = higher - height
            at, height = at + step, higher
            if risen < _NO_RISE:
                break
        return at

    def _is_inside(self, fractions: FloatArray) -> bool:
        return bool((fractions > 0).all()) and 1 - self._staked(fractions).sum() > _LEAST_LEFT

    def _staked(self, fractions: FloatArray) -> FloatArray:
        return np.concatenate([fractions, self._beside])

    def _value(self, fractions: FloatArray) -> float:
        times, decay, _ = self._terms(fractions)
        return float(_STEP * np.sum(np.exp(-times) - decay))

    def _newton(self, fractions: FloatArray) -> FloatArray:
        times, decay, won = self._terms(fractions)
        gain, won = self._gain[: self._count], won[:, : self._count]
        mean, square = won * gain - (1 - won), won * gain**2 + (1 - won)
        weight = _STEP * times * decay
        slope = weight @ mean
        curvature = (mean * (weight * times)[:, np.newaxis]).T @ mean
        np.fill_diagonal(curvature, (weight * times) @ square)
        return _solved(curvature, slope)

    def _terms(self, fractions: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return t, the mean of exp(-t x), and there the share of it in which each bet has won."""
        staked = self._staked(fractions)
        times = np.exp(np.arange(_LOWEST, np.log(_DECAYED / (1 - staked.sum())) + _STEP, _STEP))
        won = np.log(self._win) - np.outer(times, staked * self._gain)
        lost = np.log1p(-self._win) + np.outer(times, staked)
        both = np.logaddexp(won, lost)
        return times, np.exp(both.sum(axis=1) - times), np.exp(won - both)


def _solved(curvature: FloatArray, slope: FloatArray) -> FloatArray:
    """Return the step that curvature and slope ask for; the shortest one where bets can stand for each other."""
    try:
        return np.asarray(np.linalg.solve(curvature, slope))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(curvature, slope)[0])
