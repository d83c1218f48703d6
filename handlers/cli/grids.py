"""`NAME=VALUES` on the command line: the values of a parameter that a sweep tries."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from analytics.strategies.base import BETS_ON_NOTHING
from core.errors import ConfigurationError
from core.model_faults import validated
from handlers.cli.assignments import assignable, read_assignments

M = TypeVar("M", bound=BaseModel)
MOST_SETS = 100_000
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(f"{_NUMBER}:{_NUMBER}:{_NUMBER}")
_WITHOUT_STEP = re.compile(f"{_NUMBER}:{_NUMBER}")


def read_grid(
    texts: Sequence[str], model: type[M], fixed: Sequence[str] = (), *, option: str = "--grid"
) -> list[M]:
    """Return the parameters of every combination that may bet, the last named varying fastest.

    Where both a least and its most vary, combinations without room between them are left out.

    Values are set apart by commas, or by semicolons where one value is a list itself; `0.01:0.05:0.01` is every
    step of a range, its end included.

    Args:
        texts: The parameters that vary, as `name=values`.
        model: The model of the parameters.
        fixed: The others that are given, as `name=value`.
        option: What the user typed, for errors.

    Raises:
        ConfigurationError: A text is no assignment, a value is not accepted, or there are too many combinations.
    """
    several = {field.name for field in assignable(model) if field.takes_several}
    given = {text.partition("=")[0].strip() for text in fixed}
    axes: dict[str, list[str]] = {}
    for text in texts:
        name, sign, values = (part.strip() for part in text.partition("="))
        if not sign or not values:
            raise ConfigurationError(f"{option} {text!r}: NAME=VALUES is expected, as min_edge=0.01,0.02")
        if name in axes or name in given:
            raise ConfigurationError(f"{option} {text!r}: {name} is given twice")
        axes[name] = _values(values, ";" if name in several else ",", option)
        if len(set(axes[name])) < len(axes[name]):
            raise ConfigurationError(f"{option} {text!r}: a value is given twice")
    count = prod(map(len, axes.values()))
    if count > MOST_SETS:
        raise ConfigurationError(f"{option}: {count:,} combinations, and {MOST_SETS:,} are the most")
    combinations = product(*([f"{name}={value}" for value in values] for name, values in axes.items()))
    read = [read_assignments([*fixed, *chosen], model, option) for chosen in combinations]
    both_ends = any(f"max_{name.removeprefix('min_')}" in axes for name in axes if name.startswith("min_"))
    may_bet = [values for values in read if not (both_ends and _bets_on_nothing(model, values))]
    return [validated(model, values, option) for values in may_bet or read]


def _bets_on_nothing(model: type[BaseModel], values: Mapping[str, Any]) -> bool:
    try:
        model.model_validate(values)
    except ValidationError as error:
        return all(fault["type"] == BETS_ON_NOTHING for fault in error.errors())
    return False


def _values(text: str, separator: str, option: str) -> list[str]:
    if _WITHOUT_STEP.fullmatch(text):
        raise ConfigurationError(f"{option}: {text!r} has no step: a range is from:to:step, as {text}:0.01")
    if not _RANGE.fullmatch(text):
        return [value.strip() for value in text.split(separator)]
    start, end, step = (Decimal(part) for part in text.split(":"))
    if step <= 0 or end < start:
        raise ConfigurationError(
            f"{option}: {text!r} is no range from a lower to a higher number by a step above 0"
        )
    if (end - start) / step >= MOST_SETS:
        raise ConfigurationError(f"{option}: {text!r} has more than {MOST_SETS:,} steps")
    return [str(start + number * step) for number in range(int((end - start) / step) + 1)]
