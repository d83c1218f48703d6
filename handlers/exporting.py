"""Write what was collected as a recording that anyone can replay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import ConfigurationError
from core.simulation.recording_writer import RecordingWriter
from storage.database import Database
from storage.exporting import answer_bodies, collected_sports, stored_answers

Progress = Callable[[int, int], None]
"""Called with the answers written so far and all of them."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written; instants are aware UTC, None where there was no answer."""

    path: str
    sport_key: str
    answers: int
    snapshots: int
    first_at: datetime | None
    last_at: datetime | None
    file_bytes: int


async def export_recording(
    database: Database,
    path: Path,
    *,
    sport_key: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    progress: Progress = lambda _written, _all: None,
) -> ExportReport:
    """Write the live odds answers about a sport to a recording; the file appears when it is complete.

    Args:
        database: Where they are.
        path: The file, `.jsonl` or `.jsonl.xz`.
        sport_key: The sport; may be left out where only one was collected.
        start: The first instant to export, aware; None for the beginning.
        end: The last instant; None for the end.
        progress: Told after every answer.

    Raises:
        ConfigurationError: There is nothing to export, or several sports.
        RecordingError: The file cannot be written.
    """
    async with database.transaction() as connection:
        sport_key = _chosen(sport_key, await collected_sports(connection))
        answers = await stored_answers(connection, sport_key, start, end)
        if not answers:
            msg = f"no odds of {sport_key} were collected in that time"
            raise ConfigurationError(msg)
        with RecordingWriter(path) as recording:
            written = 0
            async for answer, body in answer_bodies(connection, answers):
                recording.write(answer.received_at, body, answer.scope)
                written += 1
                progress(written, len(answers))
    return ExportReport(
        path=str(path),
        sport_key=sport_key,
        answers=len(answers),
        snapshots=sum(len(answer.snapshot_ids) for answer in answers),
        first_at=answers[0].received_at,
        last_at=answers[-1].received_at,
        file_bytes=path.stat().st_size,  # noqa: ASYNC240 - one call, after all the work
    )


def _chosen(sport_key: str | None, collected: list[str]) -> str:
    if not collected:
        msg = "nothing was collected yet: odds fetch current looks at the odds"
        raise ConfigurationError(msg)
    if sport_key is None and len(collected) > 1:
        msg = f"several sports were collected, and a recording holds one: --sport is one of {', '.join(collected)}"
        raise ConfigurationError(msg)
    if sport_key is not None and sport_key not in collected:
        msg = f"no odds of {sport_key} were collected; --sport is one of {', '.join(collected)}"
        raise ConfigurationError(msg)
    return sport_key or collected[0]
