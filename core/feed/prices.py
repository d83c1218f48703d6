"""Prices as the feed writes them in JSON, read into American odds."""

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from core.feed.fields import Fields, UnusableError, kind

LARGEST_PRICE = 2**31 - 1


def read_american(fields: Fields, key: str) -> int:
    """Return an American price; raises UnusableError for anything but a whole number that can be kept."""
    value = _number(fields, key)
    if isinstance(value, float) and not value.is_integer():
        raise UnusableError(
            f".{key}", f"{value!r} is no whole number, as American odds are: are these decimal odds?"
        )
    return _bounded(int(value), key)


def read_decimal(fields: Fields, key: str) -> int:
    """Return the American price of decimal odds; raises UnusableError for anything but a number above 1."""
    value = _number(fields, key)
    if not 1 < value < math.inf:
        raise UnusableError(f".{key}", f"{value!r} is no decimal odds, which are above 1")
    return _bounded(american_of_decimal(value), key)


@lru_cache(maxsize=4096)
def american_of_decimal(decimal_odds: float) -> int:
    """Return the American odds of decimal odds above 1, rounded half away from zero.

    The decimal digits are taken as written, so that 2.345 is 134.5 to be rounded, and not a little less.

    >>> american_of_decimal(2.5), american_of_decimal(1.5), american_of_decimal(2.345), american_of_decimal(1.91)
    (150, -200, 135, -110)
    """
    net = Decimal(str(decimal_odds)) - 1
    american = net * 100 if net >= 1 else Decimal(-100) / net
    return int(american.to_integral_value(ROUND_HALF_UP))


def _number(fields: Fields, key: str) -> int | float:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        reason = f"a number was expected, not {kind(value)}" if key in fields else "missing"
        raise UnusableError(f".{key}", reason)
    return value


def _bounded(price: int, key: str) -> int:
    if abs(price) > LARGEST_PRICE:
        raise UnusableError(f".{key}", f"a price of {price} is beyond anything that can be kept")
    return price
