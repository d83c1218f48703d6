"""What a strategy answers, held to what an answer may be: a bet of a wrong kind or size is refused aloud."""

import re
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from types import MappingProxyType

import numpy as np

from analytics.backtesting.numbering import numbered
from analytics.backtesting.values import BetOpportunity, IntArray, Opportunities
from core.errors import StrategyError

_ROUNDING = 1e-6
_UNTOLD = re.compile("[\0\ud800-\udfff]")
"""What no database keeps of a text, and no file."""
_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = MappingProxyType(
    {
        "probability": (lambda given: given is None or isinstance(given, Real), "a number from 0 to 1, or None"),
        "rationale": (lambda given: isinstance(given, str) and not _UNTOLD.search(given), "a text"),
        "combination": (
            lambda given: given is None or (isinstance(given, Integral) and int(given) >= 0),
            "a whole number from 0 on, or None",
        ),
        "share": (lambda given: isinstance(given, Real), "a number"),
    }
)
_WHOLE, _ANY = "iu", "iuf"
_ARRAYS: Mapping[str, str] = MappingProxyType(
    {"quotes": _WHOLE, "probability": _ANY, "combination": _WHOLE, "share": _ANY}
)


def wrong_with(one: BetOpportunity) -> str | None:
    """Return what is of a wrong kind in a bet that a strategy answered, None where nothing is.

    >>> from analytics.backtesting.values import KnownQuote
    >>> quote = KnownQuote._make([None] * len(KnownQuote._fields))
    >>> wrong_with(BetOpportunity(quote, combination=1.5))
    'combination 1.5: a whole number from 0 on, or None is expected'
    """
    for name, (fits, accepted) in _KINDS.items():
        given: object = getattr(one, name)
        if not fits(given):
            return f"{name} {given!r}: {accepted} is expected"
    return None


def check_arrays(strategy: str, found: Opportunities) -> None:
    """Check that what a vectorised strategy answered are arrays with an element for each bet.

    Raises:
        StrategyError: One is not, or holds other numbers than it may, or the rationales are fewer or more, or no
            texts.
    """
    count = np.size(found.quotes)
    for name, kinds in _ARRAYS.items():
        column: object = getattr(found, name)
        if isinstance(column, np.ndarray) and column.dtype.kind in kinds and column.shape == (count,):
            continue
        given = f"{column.dtype} {column.shape}" if isinstance(column, np.ndarray) else type(column).__name__
        numbers = "whole numbers" if kinds == _WHOLE else "numbers"
        msg = f"{strategy} answered {name} of {given}: an array of {count} {numbers} is expected, one for each bet"
        raise StrategyError(msg)
    if not isinstance(found.rationales, str) and len(found.rationales) != count:
        msg = f"{strategy} answered {len(found.rationales)} rationales of {count} bets: one for each is expected"
        raise StrategyError(msg)
    _check_rationales(strategy, found.rationales)


def _check_rationales(strategy: str, rationales: object) -> None:
    """Check reasons, but for those that are worded when somebody reads them.

    Raises:
        StrategyError: One is no text.
    """
    is_text, accepted = _KINDS["rationale"]
    given: Sequence[object] = (rationales,) if isinstance(rationales, str) else ()
    if isinstance(rationales, list | tuple | np.ndarray):
        given = [*rationales]
    for one in given:
        if not is_text(one):
            raise StrategyError(f"{strategy} answered rationale {one!r}: {accepted} is expected")


def check_values(strategy: str, found: Opportunities, decision: IntArray) -> None:
    """Check the probabilities and shares of what a strategy answered.

    Args:
        strategy: Its name, for the error.
        found: What it answered.
        decision: The number of the decision of each.

    Raises:
        StrategyError: A probability is not from 0 to 1, a share not above 0, those of one combination do not add
            up to 1, or a single bet has one.
    """
    probability = found.probability
    if np.any((probability < 0) | (probability > 1)):
        wrong = probability[(probability < 0) | (probability > 1)][0]
        raise StrategyError(f"{strategy} estimated a probability of {wrong:g}: 0 to 1 is one")
    if not np.all(found.share > 0):
        wrong = found.share[~(found.share > 0)][0]
        raise StrategyError(f"{strategy} answered a share of {wrong:g}: a share is above 0")
    legs = np.flatnonzero(found.combination >= 0)
    combined = numbered(decision[legs], found.combination[legs])
    together = np.bincount(combined, weights=found.share[legs])
    totals = np.concatenate([together, found.share[found.combination < 0]])
    if np.any(np.abs(totals - 1) > _ROUNDING):
        wrong = totals[np.abs(totals - 1) > _ROUNDING][0]
        msg = f"{strategy} answered shares that add up to {wrong:g}: those of one combination do to 1, that of a"
        raise StrategyError(f"{msg} single bet is 1")
