"""Number what is alike, so that arrays can be grouped by it."""

import numpy as np

from analytics.backtesting.values import IntArray
from analytics.odds_math import FloatArray

_WORTH_A_TABLE = 16
"""A table of all numbers that there might be, up to so many for each row, is quicker than sorting."""


def line_numbers(line: FloatArray) -> IntArray:
    """Return a number for each line, one for all that have none.

    >>> line_numbers(np.array([-3.5, np.nan, 2.0, -3.5, np.nan])).tolist()
    [0, 2, 1, 0, 2]
    """
    return np.unique(np.nan_to_num(line, nan=np.inf), return_inverse=True)[1].astype(np.int64)


def numbered(*columns: IntArray) -> IntArray:
    """Return a number for each distinct row of some columns, from 0, in the order of their values.

    >>> numbered(np.array([5, 5, 4, 5]), np.array([-1, 0, 0, -1])).tolist()
    [1, 2, 0, 1]
    """
    key, keys = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        lowest = int(column.min(initial=0))
        width = int(column.max(initial=0)) - lowest + 1
        key, keys = key * width + (column - lowest), keys * width
    if keys > _WORTH_A_TABLE * len(key):
        return np.unique(key, return_inverse=True)[1].astype(np.int64)
    there = np.zeros(keys, dtype=np.bool_)
    there[key] = True
    return (np.cumsum(there) - 1)[key]


def numbered_through_the_run(combination: IntArray, decision: IntArray) -> IntArray:
    """Return numbers of combinations that two decisions do not share, -1 for none.

    A strategy numbers those of each decision anew.

    >>> numbered_through_the_run(np.array([0, 0, -1, 0]), np.array([3, 3, 4, 5])).tolist()
    [0, 0, -1, 2]
    """
    return np.where(combination < 0, -1, numbered(decision, combination))
