"""How much to stake, as fractions of the bankroll, or of the money that several bets share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analytics.odds_math import FloatArray, checked_decimal, checked_probability, edge, implied_market


def kelly(
    probability: ArrayLike, decimal: ArrayLike, *, push: ArrayLike = 0.0, fraction: float = 1.0
) -> FloatArray:
    """Return the fraction of the bankroll that grows it fastest, or a part of it; 0 where there is no edge.

    (p b - q) / (b (p + q)) with b the decimal odds less 1, p the probability to win and q that to lose.
    Source: J. Kelly, A New Interpretation of Information Rate (1956).

    Args:
        probability: Fair probability to win; it and the others broadcast together, NaN gives NaN.
        decimal: Decimal odds that are taken.
        push: Probability that the stake comes back.
        fraction: Which part of the full stake, above 0 and at most 1.

    Raises:
        ValueError: The fraction, a probability or odds are not what they can be.

    >>> kelly([0.55, 0.5, 0.45], 2.0).round(6).tolist()
    [0.1, 0.0, 0.0]
    >>> round(float(kelly(0.55, 2.0, fraction=0.25)), 6)
    0.025
    """
    if not 0 < fraction <= 1:
        raise ValueError(f"{fraction:g} is no fraction of a stake, which is above 0 and at most 1")
    profit = edge(probability, decimal, push)
    staying = 1 - checked_probability(push)
    gain = (checked_decimal(decimal) - 1) * staying
    full = np.divide(profit, gain, out=np.zeros(np.broadcast(profit, gain).shape), where=gain != 0)
    return np.asarray(np.where(np.isnan(full), np.nan, fraction * np.maximum(full, 0)))


def arbitrage_profit(decimal: ArrayLike) -> FloatArray:
    """Return what a unit brings for sure when it is shared over all outcomes of a market; below 0 is a loss.

    Args:
        decimal: The best price of each outcome, shape (..., outcomes).

    >>> round(float(arbitrage_profit([2.1, 2.05])), 6)
    0.037349
    """
    return np.asarray(1 / implied_market(decimal).sum(axis=-1) - 1)


def arbitrage_shares(decimal: ArrayLike) -> FloatArray:
    """Return the share of the money on each outcome with which every outcome pays the same, shape (..., outcomes).

    >>> arbitrage_shares([2.0, 3.0]).round(6).tolist()
    [0.6, 0.4]
    """
    implied = implied_market(decimal)
    return np.asarray(implied / implied.sum(axis=-1, keepdims=True))


class Middle(NamedTuple):
    """Two bets that can both win: on an over and a higher under, or on both teams with points to spare.

    `shares` is the money on each, with which either pays the same when it wins alone. `hit` is the profit per unit
    when both win, `miss` when one does, and `break_even` the probability of a hit at which nothing is won or lost.
    """

    shares: tuple[float, float]
    hit: float
    miss: float
    break_even: float


def middle(first_decimal: float, second_decimal: float) -> Middle:
    """Return how to stake a middle, and how often it has to hit.

    `break_even` is 0 where even a miss is no loss: the two are an arbitrage besides.

    >>> found = middle(1.909091, 1.909091)
    >>> found.shares, round(found.hit, 4), round(found.miss, 4), round(found.break_even, 4)
    ((0.5, 0.5), 0.9091, -0.0455, 0.0476)
    """
    odds = [first_decimal, second_decimal]
    first, second = arbitrage_shares(odds).tolist()
    miss = float(arbitrage_profit(odds))
    hit = 2 * (1 + miss) - 1
    return Middle((first, second), hit, miss, max(-miss / (hit - miss), 0.0))


def growth_rate(fractions: ArrayLike, probability: ArrayLike, decimal: ArrayLike) -> FloatArray:
    """Return the expected logarithm of what the bankroll is multiplied by, for single bets; -inf where it is lost.

    >>> round(float(growth_rate(0.1, 0.55, 2.0)), 6)
    0.005008
    """
    stake, win = np.asarray(fractions, dtype=np.float64), checked_probability(probability)
    with np.errstate(divide="ignore"):
        return np.asarray(win * np.log1p(stake * (checked_decimal(decimal) - 1)) + (1 - win) * np.log1p(-stake))
