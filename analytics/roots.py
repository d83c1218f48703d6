"""The root of many decreasing functions at once."""

from collections.abc import Callable

import numpy as np

from analytics.odds_math import FloatArray

_MOST_STEPS = 200
_TOLERANCE = 4 * np.finfo(np.float64).eps


def decreasing_root(
    function: Callable[[FloatArray], tuple[FloatArray, FloatArray]], lower: FloatArray, upper: FloatArray
) -> FloatArray:
    """Return where each function is 0: Newton's step, or half of what is left where it would leave that.

    Args:
        function: Takes an array of arguments and returns values and slopes, all of one shape.
        lower: Arguments of that shape where the values are not below 0; NaN gives NaN.
        upper: Arguments where they are not above 0.

    >>> root = decreasing_root(lambda x: (2 - x**2, -2 * x), np.array([0.0, 1.0]), np.array([2.0, 4.0]))
    >>> root.round(9).tolist()
    [1.414213562, 1.414213562]
    """
    argument = (lower + upper) / 2
    for _ in range(_MOST_STEPS):
        value, slope = function(argument)
        lower, upper = np.where(value > 0, argument, lower), np.where(value < 0, argument, upper)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = argument - value / slope
        within = (newton >= lower) & (newton <= upper)
        previous, argument = argument, np.where(within, newton, (lower + upper) / 2)
        if not (np.abs(argument - previous) > _TOLERANCE * (1 + np.abs(argument))).any():
            break
    return argument
