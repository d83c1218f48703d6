"""Closing line value: what a bet is worth by the fair close, also where its number has moved since."""

import numpy as np
from numpy.typing import ArrayLike

from analytics.odds_math import FloatArray, checked_decimal, checked_probability, edge
from analytics.result_distribution import ResultDistribution


def closing_line_value(decimal: ArrayLike, closing_probability: ArrayLike) -> FloatArray:
    """Return odds taken / fair closing odds - 1: the profit per unit that the close expects of the bet.

    Args:
        decimal: Decimal odds that were taken; it and the other broadcast together, NaN gives NaN.
        closing_probability: Of the same outcome on the same line, by the close without its vig.

    Raises:
        ValueError: Odds are not above 1, or a probability is not from 0 to 1.

    >>> closing_line_value([2.0, 2.1], 0.5).round(6).tolist()
    [0.0, 0.05]
    """
    return np.asarray(checked_decimal(decimal) * checked_probability(closing_probability) - 1)


def moved_closing_line_value(
    decimal: ArrayLike,
    number: ArrayLike,
    *,
    above: ArrayLike,
    closing_number: ArrayLike,
    closing_probability: ArrayLike,
    results: ResultDistribution,
) -> FloatArray:
    """Return the profit per unit that the close expects of bets whose line closed on another number.

    Args:
        decimal: Decimal odds that were taken, shape (bets,).
        number: The numbers that were bet on.
        above: Whether each bet is on a result above its number: on the home team, or an over.
        closing_number: The numbers that their lines closed on.
        closing_probability: By the fair close, of a result above the closing number.
        results: How comparable games ended.

    Raises:
        ValueError: Odds are not above 1, or a probability is not from 0 to 1.

    >>> rng = np.random.default_rng(1)
    >>> closes = rng.integers(-10, 10, 4000) + 0.5
    >>> games = ResultDistribution.of_margins((closes + rng.normal(0, 12, 4000)).round(), closes)
    >>> close = dict(closing_number=3.5, closing_probability=0.5, results=games)
    >>> better, same = moved_closing_line_value(1.91, [1.5, 3.5], above=True, **close)
    >>> round(float(same), 3), bool(0.08 < better < 0.18)
    (-0.045, True)
    """
    wins, pushes = results.chances(*np.broadcast_arrays(number, closing_number, closing_probability))
    return edge(np.where(above, wins, 1 - wins - pushes).clip(0, 1), decimal, pushes)
