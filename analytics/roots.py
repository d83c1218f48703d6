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

    A root stays as it is once it is found, so that it does not depend on what others are sought beside it.

    Args:
        function: Takes an array of arguments and returns values and slopes, all of one shape.
        lower: Arguments of that shape, or one for all, where the values are not below 0; NaN gives NaN.
        upper: Arguments where they are not above 0.

    >>> root = decreasing_root(lambda x: (2 - x**2, -2 * x), np.array([0.0, 1.0]), np.array([2.0, 4.0]))
    >>> root.round(9).tolist()
    [1.414213562, 1.414213562]
    """
    argument = (lower + upper) / 2
    found = np.zeros(np.shape(argument), dtype=np.bool_)
    for _ in range(_MOST_STEPS):
        value, slope = function(argument)
        lower, upper = np.where(value > 0, argument, lower), np.where(value < 0, argument, upper)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = argument - value / slope
        within = (newton >= lower) & (newton <= upper)
        following = np.where(within, newton, (lower + upper) / 2)
        is_near = ~(np.abs(following - argument) > _TOLERANCE * (1 + np.abs(following)))
        argument = np.where(found, argument, following)
        found = found | is_near
        if found.all():
            break
    return argument
