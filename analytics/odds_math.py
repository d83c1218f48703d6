"""Odds and probabilities, as arrays of any shape; functions on a market act on the last axis, its outcomes.

NaN stands for a price that is missing and gives NaN; anything else that is no price is refused with ValueError.
The mean of American odds has no meaning: average probabilities or decimal odds.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]

EVEN = 100.0
_FEWEST_OUTCOMES = 2
_KEPT_DIGITS = 6


def american_to_decimal(american: ArrayLike) -> FloatArray:
    """Return decimal odds, the return of one unit with its stake.

    Args:
        american: Prices of any shape, each at least +100 or at most -100.

    Raises:
        ValueError: A price lies between, or is infinite.

    >>> american_to_decimal([150, -200, 100, -100]).tolist()
    [2.5, 1.5, 2.0, 2.0]
    """
    price = _floats(american)
    _refuse(price, ~(np.abs(price) >= EVEN) | np.isinf(price), "American odds, at least +100 or at most -100")
    return 1 + np.where(price > 0, price / EVEN, -EVEN / price)


def decimal_to_american(decimal: ArrayLike) -> FloatArray:
    """Return American odds as whole numbers, half rounded away from zero, as prices are stored.

    Every legal price up to 500 million comes back from `american_to_decimal` as it was, but -100, which is even
    money and has the other spelling +100.

    Args:
        decimal: Decimal odds of any shape, each above 1.

    Raises:
        ValueError: One is not above 1, or infinite.

    >>> decimal_to_american([2.5, 1.5, 2.345, 1.91, 2]).tolist()
    [150.0, -200.0, 135.0, -110.0, 100.0]
    """
    net = checked_decimal(decimal) - 1
    size = np.round(EVEN * np.where(net >= 1, net, 1 / net), _KEPT_DIGITS)
    return np.where(net >= 1, 1.0, -1.0) * np.floor(size + 0.5)


def implied_probability(decimal: ArrayLike) -> FloatArray:
    """Return 1 / decimal odds: what a price would need to happen for it to break even.

    >>> implied_probability([2.0, 4.0]).tolist()
    [0.5, 0.25]
    """
    return 1 / checked_decimal(decimal)


def fair_decimal(probability: ArrayLike) -> FloatArray:
    """Return the decimal odds at which a bet of this probability breaks even.

    Args:
        probability: Of any shape, each above 0 and below 1.

    Raises:
        ValueError: One is not.

    >>> fair_decimal([0.5, 0.25]).tolist()
    [2.0, 4.0]
    """
    chance = _floats(probability)
    _refuse(chance, ~((chance > 0) & (chance < 1)), "a probability above 0 and below 1")
    return 1 / chance


def overround(decimal: ArrayLike) -> FloatArray:
    """Return the vig of each market: the sum of its implied probabilities less 1.

    Args:
        decimal: Decimal odds, shape (..., outcomes).

    >>> round(float(overround([1.909091, 1.909091])), 4)
    0.0476
    """
    return np.asarray(implied_market(decimal).sum(axis=-1) - 1)


def hold(decimal: ArrayLike) -> FloatArray:
    """Return the share of all stakes that each market keeps when they are balanced: overround / (1 + overround).

    Args:
        decimal: Decimal odds, shape (..., outcomes).

    >>> round(float(hold([1.909091, 1.909091])), 4)
    0.0455
    """
    vig = overround(decimal)
    return np.asarray(vig / (1 + vig))


def edge(probability: ArrayLike, decimal: ArrayLike, push: ArrayLike = 0.0) -> FloatArray:
    """Return the expected profit per unit staked, also called EV: probability * decimal + push - 1.

    Args:
        probability: Fair probability to win; it and the others broadcast together.
        decimal: Decimal odds that are taken.
        push: Probability that the stake comes back, on a line that can be met exactly.

    Raises:
        ValueError: A probability is not from 0 to 1, together with the push above 1, or odds are not above 1.

    >>> edge([0.5, 0.55], 2.0).round(6).tolist()
    [0.0, 0.1]
    >>> round(float(edge(0.48, 2.0, push=0.05)), 6)
    0.01
    """
    win, back = checked_probability(probability), checked_probability(push)
    _refuse(win + back, win + back > 1 + np.finfo(np.float64).eps, "a win and a push of at most 1 together")
    return np.asarray(win * checked_decimal(decimal) + back - 1)


def implied_market(decimal: ArrayLike) -> FloatArray:
    """Return the implied probabilities of markets, the vig still in, shape (..., outcomes).

    Raises:
        ValueError: There are fewer than two outcomes, or odds are not above 1.

    >>> implied_market([2.0, 4.0]).tolist()
    [0.5, 0.25]
    """
    implied = implied_probability(decimal)
    if implied.ndim == 0 or implied.shape[-1] < _FEWEST_OUTCOMES:
        raise ValueError(
            f"a market has at least two outcomes on the last axis, not an array of shape {implied.shape}"
        )
    return implied


def checked_decimal(decimal: ArrayLike) -> FloatArray:
    """Return decimal odds as an array; raises ValueError for any that is not above 1, or infinite.

    >>> checked_decimal(2).tolist()
    2.0
    """
    odds = _floats(decimal)
    _refuse(odds, ~(odds > 1) | np.isinf(odds), "decimal odds, which are above 1")
    return odds


def checked_probability(probability: ArrayLike) -> FloatArray:
    """Return probabilities as an array; raises ValueError for any that is not from 0 to 1.

    >>> checked_probability([0, 1]).tolist()
    [0.0, 1.0]
    """
    chance = _floats(probability)
    _refuse(chance, ~((chance >= 0) & (chance <= 1)), "a probability from 0 to 1")
    return chance


def _floats(values: ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _refuse(values: FloatArray, wrong: NDArray[np.bool_], accepted: str) -> None:
    """Raise for the first wrong value; NaN is a missing one and passes."""
    wrong = wrong & ~np.isnan(values)
    if wrong.any():
        raise ValueError(f"{float(values[wrong].flat[0]):g} is not {accepted}")
