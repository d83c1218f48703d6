"""`odds import answers`: take in what was paid for and lost to the database, as the log told it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.errors import ConfigurationError
from core.feed.lost_answers import MARK, FoundAnswers, find_answers
from core.planning.wording import counted
from handlers.app import App
from handlers.cli.opening import read_settings, with_app
from handlers.cli.options import FOUND_SOMETHING, AsJson
from handlers.cli.output import print_error, print_json, print_line
from handlers.lost_answers import LostAnswerReport, import_lost_answers

_STANDARD_INPUT = Path("-")


def answers(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The log, or what was exported of it; - is standard input.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Store what was paid for while the database was away, out of the log that tells it.

    An answer that the database takes in no try is told whole by the log, in lines `feed.answer_lost`. The
    file is any text that holds them: the log itself, or what CloudWatch exports of it, as JSON or CSV.

    Each answer is stored once; the same file again changes nothing. It counts as known from the instant
    at which it was received, and never before; what a later answer said stays. The ledger tells when
    it was taken in.

    Exit code 3 when an answer is damaged, or a part of it is missing; the others are stored.

    Example: `odds import answers lost.json`
    """
    settings = read_settings()
    found = _read(file)

    async def store(app: App) -> list[LostAnswerReport]:
        return await import_lost_answers(app, found.answers)

    made = with_app(settings, store, asks_feed=False)
    if as_json:
        print_json({"answers": made, "faults": found.faults})
    for one in () if as_json else made:
        _show(one)
    for fault in found.faults:
        print_error(f"{file}: {fault}")
    if found.faults:
        raise typer.Exit(FOUND_SOMETHING)


def _read(path: Path) -> FoundAnswers:
    try:
        if path == _STANDARD_INPUT:
            found = find_answers(sys.stdin)
        else:
            with path.open(encoding="utf-8", errors="replace") as lines:
                found = find_answers(lines)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ConfigurationError(msg) from None
    if not found.answers and not found.faults:
        msg = f"{path}: it tells of no lost answer: no line has {MARK}"
        raise ConfigurationError(msg)
    return found


def _show(made: LostAnswerReport) -> None:
    what = f"{made.endpoint}, received {made.received_at:%Y-%m-%d %H:%M:%S} UTC"
    brought = [
        counted(made.snapshots, "snapshot"),
        counted(made.quotes, "quote"),
        counted(made.results, "result"),
    ]
    new = ", ".join(part for part in brought if not part.startswith("0 ")) or "nothing"
    told = f"{new} new" if made.is_new else "it was there already"
    if made.error:
        told = f"kept, and not read: {made.error}"
    print_line(f"{what}: {told}")
