"""`odds replay`: collect a recording of real answers again, on a virtual clock."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.config import Settings
from core.simulation.recorded_feed import read_results
from handlers.cli.instants import ACCEPTED, instant_of, last_instant_of
from handlers.cli.opening import run
from handlers.cli.options import AsJson
from handlers.cli.output import aside, print_json
from handlers.cli.replay_view import show_replay
from handlers.cli.virtual import progress_bar, read_virtual_settings
from handlers.replay import open_recording, replay
from handlers.replay_report import ReplayReport
from handlers.replay_request import ReplayRequest
from handlers.scratch import scratch_database

DATABASE_NAME = "linekeeper_replay"


def command(
    *,
    recording: Annotated[Path, typer.Argument(metavar="RECORDING", help="A file .jsonl or .jsonl.xz.")],
    scores: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Final scores: a JSON list of rows with id, home_score, away_score."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from", metavar="TIME", parser=instant_of, help=f"Leave out answers fetched before: {ACCEPTED}."
        ),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            metavar="TIME",
            parser=last_instant_of,
            help="Leave out answers fetched later; a date is meant whole.",
        ),
    ] = None,
    every_snapshot: Annotated[
        bool,
        typer.Option("--every-snapshot", help="Store every recorded answer, in place of choosing when to look."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Replay a recording of real answers through the collector, into a database of its own.

    The collector decides itself when to look, on a virtual clock, and is told what the newest recorded
    answer at that instant lists. Needs no key and costs no credits; your own data is not touched:
    linekeeper_replay is made anew each time. Sport and scope come from the recording.

    A recording has a JSON line an answer: its fetch time under fetched_at or commit_time (ISO), and the
    answer of /odds under body. odds export recording writes one of what you collected.

    Examples:
      odds replay nfl.jsonl.xz --scores results.json

      odds replay nfl.jsonl.xz --from 2025-11-20 --to 2025-11-24T12:00Z --every-snapshot
    """
    if start is not None and end is not None and start > end:
        msg = f"--from {start.isoformat()} is after --to {end.isoformat()}"
        raise typer.BadParameter(msg)
    settings = read_virtual_settings()
    request = ReplayRequest(recording, read_results(scores) if scores else {}, start, end, every_snapshot)
    open_recording(request).close()
    made = run(_replay(settings, request, hidden=as_json))
    if as_json:
        print_json(made)
    else:
        show_replay(made, embedded=settings.database.url is None)


async def _replay(settings: Settings, request: ReplayRequest, *, hidden: bool) -> ReplayReport:
    with progress_bar(aside(), hidden=hidden) as advance:
        size, read = request.recording.stat().st_size, 0

        def on_read(bytes_read: int) -> None:
            nonlocal read
            read = bytes_read

        def progress(at: datetime) -> None:
            advance(f"{at:%a} {at.day} {at:%b %Y}", read / size)

        async with scratch_database(settings, DATABASE_NAME) as scratch:
            return await replay(replace(request, on_read=on_read), scratch, progress)
