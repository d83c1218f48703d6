"""Write recordings of odds answers, in the form that `core/simulation/recording.py` reads."""

import lzma
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

import orjson

from core.scope import Scope
from core.simulation.recording import RecordingError, is_compressed


class RecordingWriter:
    """Write a recording; nothing is at `path` until the writer is left without an error.

    ```python
    with RecordingWriter(Path("nba.jsonl.xz")) as recording:
        recording.write(answer.received_at, answer.body)
    ```
    """

    def __init__(self, path: Path) -> None:
        """Choose the file; raises RecordingError for a suffix other than `.jsonl` and `.jsonl.xz`."""
        self._path = path
        self._compressed = is_compressed(path)
        self._partial = path.with_name(f".{path.name}.partial")
        self._stream: IO[bytes] | None = None
        self._previous: datetime | None = None

    def __enter__(self) -> Self:
        try:
            self._stream = (
                cast("IO[bytes]", lzma.open(self._partial, "wb", preset=3))
                if self._compressed
                else self._partial.open("wb")
            )
        except OSError as error:
            raise RecordingError(f"{self._path}: cannot be written: {error.strerror}") from error
        return self

    def write(self, fetched_at: datetime, body: bytes, scope: Scope | None = None) -> None:
        """Append an answer, with what was asked for where that is known.

        Raises:
            RecordingError: It is not later than the answer before it.
        """
        if self._stream is None:
            raise RecordingError(f"{self._path}: the writer is not open")
        if self._previous is not None and fetched_at <= self._previous:
            raise RecordingError(f"{self._path}: an answer of {fetched_at.isoformat()} comes out of time order")
        self._previous = fetched_at
        stamp = fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        one_line = body.strip().replace(b"\r", b" ").replace(b"\n", b" ")
        asked = b"" if scope is None else b'"scope":%s,' % orjson.dumps(asdict(scope))
        self._stream.write(b'{"fetched_at":"%s",%s"body":%s}\n' % (stamp.encode(), asked, one_line))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
        if kind is None:
            self._partial.replace(self._path)
        else:
            self._partial.unlink(missing_ok=True)
