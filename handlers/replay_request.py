"""What to replay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.simulation.known_events import FinalScore

Progress = Callable[[datetime], None]
"""Called with the virtual instant that has been reached."""


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """What to replay: a recording or the part fetched from `start` to `end`, with the results of its events.

    With `every_snapshot` each recorded answer is stored at its own fetch time; otherwise the collector decides
    itself when to look. `on_read` is called with the bytes of the file read so far.
    """

    recording: Path
    results: dict[str, FinalScore]
    start: datetime | None = None
    end: datetime | None = None
    every_snapshot: bool = False
    on_read: Callable[[int], None] | None = None
