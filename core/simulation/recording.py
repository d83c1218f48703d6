"""Read recordings of odds answers: one JSON line an answer, its fetch time beside its untouched body."""

import lzma
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import orjson

from core.errors import LinekeeperError
from core.scope import Scope

SUFFIXES = (".jsonl", ".jsonl.xz")
TIME_FIELDS = ("fetched_at", "commit_time")
_BODY_KEY = b'"body":'

Progress = Callable[[int], None]
"""Called with the bytes of the file (as stored, compressed or not) read so far."""


class RecordingError(LinekeeperError):
    """A recording that cannot be used; the text names the file and, where one is at fault, the line."""


class _LineError(ValueError):
    """What is wrong with one line."""


class RecordedAnswer(NamedTuple):
    """One recorded odds answer: when it was fetched (aware, UTC), its body as recorded, and its line (from 1).

    `scope` is what was asked for, None where the line does not say.
    """

    fetched_at: datetime
    body: bytes
    line_number: int
    scope: Scope | None = None


def answers(
    path: Path,
    start: datetime | None = None,
    end: datetime | None = None,
    progress: Progress | None = None,
) -> Generator[RecordedAnswer, None, None]:
    """Yield the answers fetched from `start` to `end`, both included, reading the file line by line.

    Raises:
        RecordingError: The file is missing or has another suffix; a line is no recorded answer, or is not
            later than the one before it.
    """
    previous: datetime | None = None
    body_is_last = True
    with _opened(path) as (lines, raw):
        for number, line in _numbered(path, lines):
            if not line.strip():
                continue
            if previous is None:
                body_is_last = _body_is_last(line)
            try:
                fetched_at, body, scope = _read_line(line, body_is_last=body_is_last)
            except _LineError as error:
                raise RecordingError(f"{path}, line {number}: {error}") from error
            if previous is not None and fetched_at <= previous:
                raise RecordingError(
                    f"{path}, line {number}: fetched at {fetched_at.isoformat()}, not after the line before it "
                    f"({previous.isoformat()}); a recording must be in time order, each instant once"
                )
            previous = fetched_at
            if progress is not None:
                progress(raw.tell())
            if end is not None and fetched_at > end:
                return
            if start is None or fetched_at >= start:
                yield RecordedAnswer(fetched_at, body, number, scope)


def is_compressed(path: Path) -> bool:
    """Tell by its suffix whether a recording is compressed; raises RecordingError for a suffix of no recording."""
    if not path.name.endswith(SUFFIXES):
        raise RecordingError(f"{path}: a recording ends in {' or '.join(SUFFIXES)}")
    return path.name.endswith(".xz")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    compressed = is_compressed(path)
    try:
        raw = path.open("rb")
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error
    with raw:
        if not compressed:
            yield raw, raw
            return
        with lzma.open(raw, "rb") as lines:
            yield cast("IO[bytes]", lines), raw


def _numbered(path: Path, lines: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            yield number, line
    except (lzma.LZMAError, EOFError, OSError) as error:
        raise RecordingError(f"{path}, after line {number}: the file is damaged or cut short: {error}") from error


def _body_is_last(line: bytes) -> bool:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(record, dict) and next(reversed(record), None) == "body"


def _read_line(line: bytes, *, body_is_last: bool) -> tuple[datetime, bytes, Scope | None]:
    """Return fetch time, body and scope; the body is cut out of the line where its place is certain."""
    line = line.strip()
    record = _head(line) if body_is_last and line.endswith(b"]}") else None
    if record is not None:
        body = line[line.index(_BODY_KEY) + len(_BODY_KEY) : -1].strip()
        return _fetch_time(record), body, _scope(record)
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _LineError(f"not a JSON object: {error}") from error
    if not isinstance(record, dict):
        raise _LineError("not a JSON object")
    if not isinstance(record.get("body"), list):
        raise _LineError('no list of events under "body"')
    return _fetch_time(record), orjson.dumps(record["body"]), _scope(record)


def _scope(record: dict[str, Any]) -> Scope | None:
    given = record.get("scope")
    if given is None:
        return None
    try:
        return Scope.of(given["markets"], bookmakers=given["bookmakers"], regions=given["regions"])
    except (KeyError, TypeError, ValueError) as error:
        raise _LineError('"scope" needs lists of "markets", and of "bookmakers" or "regions"') from error


def _head(line: bytes) -> dict[str, Any] | None:
    """Return the keys before the body; None unless they parse, which proves the body key the object's own."""
    before, found, _ = line.partition(_BODY_KEY)
    if not found:
        return None
    try:
        record = orjson.loads(before.rstrip().removesuffix(b",") + b"}")
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _fetch_time(record: dict[str, Any]) -> datetime:
    for field in TIME_FIELDS:
        text = record.get(field)
        if text is None:
            continue
        try:
            instant = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            raise _LineError(f"{field} is not a time: {text!r}") from None
        if instant.tzinfo is None:
            raise _LineError(f"{field} has no offset from UTC: {text!r}")
        return instant.astimezone(UTC)
    raise _LineError(f"no fetch time under {' or '.join(TIME_FIELDS)}")
