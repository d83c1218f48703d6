"""What the feed's answers have in common: JSON, rows that name events, and parts that have to be set aside."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import orjson

from core.feed.errors import PayloadError
from core.feed.fields import Fields, UnusableError, json_text, kind, read_instant, read_optional_text, read_text
from core.feed.values import FeedEvent, Malformed

_LONGEST_FRAGMENT = 2000
_T = TypeVar("_T")


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
