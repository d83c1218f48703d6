"""Single fields of the feed's JSON: each reader returns the value, or raises what is wrong with it."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

Fields = dict[str, Any]
LONGEST_TEXT = 200
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""No instant of the feed is so far off that a sum with it could pass what a date can hold."""
_LONGEST_INSTANT = 40


class UnusableError(Exception):
    """A part that does not fit the contract; `path` starts at the object that holds it (`.price`, or empty)."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read_text(fields: Fields, key: str) -> str:
    """Return a text that must be there; raises UnusableError when it is absent, empty or unfit to be kept."""
    value = read_optional_text(fields, key)
    if not value:
        raise UnusableError(f".{key}", "missing" if value is None else "empty")
    return value


def read_optional_text(fields: Fields, key: str) -> str | None:
    """Return a text, None when absent; raises UnusableError when it is no text, or unfit to be kept."""
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnusableError(f".{key}", f"a text was expected, not {kind(value)}")
    if len(value) > LONGEST_TEXT:
        raise UnusableError(f".{key}", f"longer than {LONGEST_TEXT} characters")
    if "\0" in value:
        raise UnusableError(f".{key}", "holds a NUL character, which no text column can keep")
    return value


def read_instant(fields: Fields, key: str) -> datetime:
    """Return an instant that must be there, in UTC; raises UnusableError."""
    value = read_optional_instant(fields, key)
    if value is None:
        raise UnusableError(f".{key}", "missing")
    return value


def read_optional_instant(fields: Fields, key: str) -> datetime | None:
    """Return an instant in UTC, from an ISO text with a zone or from Unix seconds; None when absent.

    Raises:
        UnusableError: Neither of the two, or before 1900 or after 2199.
    """
    value = fields.get(key)
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return _within_reach(instant_of_text(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _within_reach(datetime.fromtimestamp(value, UTC))
    except (ValueError, OverflowError, OSError):
        pass
    raise UnusableError(
        f".{key}", "an instant was expected: ISO 8601 with a zone, or Unix seconds, of the years 1900 to 2199"
    )


@lru_cache(maxsize=8192)
def instant_of_text(text: str) -> datetime:
    """Return the instant of an ISO text with a zone, in UTC; raises ValueError or OverflowError for any other."""
    if len(text) > _LONGEST_INSTANT:
        raise ValueError(text)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)


def _within_reach(instant: datetime) -> datetime:
    if not _EARLIEST <= instant < _LATEST:
        raise ValueError(instant)
    return instant


def read_array(fields: Fields, key: str) -> list[Any]:
    """Return an array that must be there; raises UnusableError."""
    value = fields.get(key)
    if not isinstance(value, list):
        raise UnusableError(f".{key}", f"an array was expected, not {kind(value)}" if key in fields else "missing")
    return value


def read_boolean(fields: Fields, key: str) -> bool:
    """Return a boolean that must be there; raises UnusableError."""
    value = fields.get(key)
    if not isinstance(value, bool):
        raise UnusableError(
            f".{key}", f"a boolean was expected, not {kind(value)}" if key in fields else "missing"
        )
    return value


def kind(value: object) -> str:
    """Return what a JSON value is, in words."""
    names = {type(None): "null", bool: "a boolean", str: "a text", list: "an array", dict: "an object"}
    return names.get(type(value), "a number")


def json_text(value: object) -> str | None:
    """Return a value's JSON text, None when it is nested too deeply to be written."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return None
