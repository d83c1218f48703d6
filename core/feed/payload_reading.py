"""Reading the feed's JSON: single fields, the events that rows name, and what has to be set aside."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import orjson

from core.feed.errors import PayloadError
from core.feed.values import FeedEvent, Malformed

Fields = dict[str, Any]
LONGEST_TEXT = 200
_LONGEST_FRAGMENT = 2000
_LONGEST_INSTANT = 40
_T = TypeVar("_T")


class UnusableError(Exception):
    """A part that does not fit the contract; `path` starts at the object that holds it (`.price`, or empty)."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class SetAside:
    """The parts of one answer that do not fit the contract, in the order they were met."""

    def __init__(self) -> None:
        self._parts: list[Malformed] = []

    def add(self, path: str, reason: str, part: object, event_id: str | None) -> None:
        """Keep a part with its JSON path and the reason; its text is cut to what a log can hold."""
        fragment = json_text(part) or "(nested too deeply to be shown)"
        self._parts.append(Malformed(path, reason, fragment[:_LONGEST_FRAGMENT], event_id))

    def field(
        self, read: Callable[[Fields, str], _T], fields: Fields, key: str, path: str, event_id: str | None
    ) -> _T | None:
        """Return what `read` makes of one field; None, and the field alone is set aside, when it is unusable."""
        try:
            return read(fields, key)
        except UnusableError as error:
            self.add(path + error.path, error.reason, fields[key], event_id)
            return None

    def parts(self) -> tuple[Malformed, ...]:
        """Return all of them."""
        return tuple(self._parts)


class EventRow(NamedTuple):
    """A row of an answer that names an event: its JSON path, its fields and the event."""

    path: str
    fields: Fields
    event: FeedEvent


def decode(body: bytes) -> object:
    """Return the body's JSON value; raises PayloadError when it is no JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = f"no JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    raise PayloadError("$", reason)


def decode_array(body: bytes) -> list[Any]:
    """Return the body's JSON array; raises PayloadError when it is anything else."""
    value = decode(body)
    if not isinstance(value, list):
        raise PayloadError("$", f"an array was expected, not {kind(value)}")
    return value


def json_text(value: object) -> str | None:
    """Return a value's JSON text, None when it is nested too deeply to be written."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return None


def event_rows(rows: list[Any], aside: SetAside, root: str = "$") -> Iterator[EventRow]:
    """Yield the rows that name an event not met before; the others are set aside whole.

    Args:
        rows: Elements of an answer's array.
        aside: Takes what cannot be read.
        root: JSON path of the array, so that its elements are `{root}[0]`, `{root}[1]` and so on.
    """
    met: set[str] = set()
    for index, fields in enumerate(rows):
        row = event_row(fields, f"{root}[{index}]", aside)
        if row is None:
            continue
        if row.event.event_id in met:
            aside.add(row.path, "listed twice", fields, row.event.event_id)
            continue
        met.add(row.event.event_id)
        yield row


def event_row(fields: object, path: str, aside: SetAside) -> EventRow | None:
    """Return the event that an object names; None, and the object is set aside, when it names none."""
    if not isinstance(fields, dict):
        aside.add(path, f"an object was expected, not {kind(fields)}", fields, None)
        return None
    event_id = None
    try:
        event_id = read_text(fields, "id")
        sport_key = read_text(fields, "sport_key")
        commence_time = read_instant(fields, "commence_time")
        home_team = read_optional_text(fields, "home_team") or None
        away_team = read_optional_text(fields, "away_team") or None
    except UnusableError as error:
        aside.add(path + error.path, error.reason, fields, event_id)
        return None
    title = aside.field(read_optional_text, fields, "sport_title", path, event_id) or sport_key
    return EventRow(path, fields, FeedEvent(event_id, sport_key, title, commence_time, home_team, away_team))


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
        UnusableError: Neither of the two, or beyond what a date can hold.
    """
    value = fields.get(key)
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return _instant_of_text(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise UnusableError(f".{key}", "an instant was expected: ISO 8601 with a zone, or Unix seconds")


@lru_cache(maxsize=8192)
def _instant_of_text(text: str) -> datetime:
    if len(text) > _LONGEST_INSTANT:
        raise ValueError(text)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)


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
