"""What a model of pydantic refused, told to who gave it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import ConfigurationError

M = TypeVar("M", bound=BaseModel)
Place = tuple[int | str, ...]

_LONGEST_SHOWN = 60
_WORDED = {
    "dict_type": "an object is expected",
    "extra_forbidden": "there is no such field",
    "model_type": "an object is expected",
    "timezone_aware": "an instant with its offset is expected, as 2025-10-21T00:00Z",
    "too_long": "at most {max_length:,} are expected, not {actual_length:,}",
    "too_short": "at least {min_length:,} is expected",
    "tuple_type": "a list is expected",
}
"""By kind, what pydantic words for programmers."""
_SAY_IT_ALL = ("missing", "extra_forbidden")


def validated(model: type[M], values: Mapping[str, Any], what: str) -> M:
    """Return the model made of the values.

    Args:
        model: The model.
        values: What was given, by field.
        what: What they were given to, which a refusal begins with.

    Raises:
        ConfigurationError: It refuses some; names each, with what was given and what is accepted.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(f"{what}: {faults_of(error)}") from None


def faults_of(error: ValidationError, *, whole: str = "") -> str:
    """Return each fault: where it is, what is accepted there, and what was given if that is short.

    What a whole lacks because a part of it was refused is left out.

    Args:
        error: What the model refused.
        whole: What a fault of the model as a whole is told of; by default of nothing.
    """
    faults = error.errors(include_url=False)
    places = [fault["loc"] for fault in faults]
    told = [fault for fault in faults if not any(_is_part(place, fault["loc"]) for place in places)]
    return "; ".join(f"{_place(fault['loc'], whole)}{_accepted(fault)}{_given(fault)}" for fault in told)


def _is_part(place: Place, whole: Place) -> bool:
    return len(place) > len(whole) and place[: len(whole)] == whole


def _place(place: Place, whole: str) -> str:
    named = ".".join(map(str, place)) or whole
    return f"{named}: " if named else ""


def _accepted(fault: ErrorDetails) -> str:
    said = fault["msg"].removeprefix("Value error, ")
    if fault["type"] in _WORDED:
        return _WORDED[fault["type"]].format(**fault.get("ctx", {}))
    return said[:1].lower() + said[1:]


def _given(fault: ErrorDetails) -> str:
    given = fault["input"]
    if fault["type"] in _SAY_IT_ALL or not isinstance(given, str | int | float | None):
        return ""
    return f", not {given[:_LONGEST_SHOWN]!r}" if isinstance(given, str) else f", not {given!r}"
