"""Chance that repeats: the same parts always give the same sequence, whatever was drawn before."""

import random


def dice(*parts: object) -> random.Random:
    """Return the random sequence named by its parts.

    >>> dice(7, "event", 3).random() == dice(7, "event", 3).random()
    True
    """
    return random.Random(":".join(str(part) for part in parts))  # noqa: S311
