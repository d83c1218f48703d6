"""`odds export`: take the data elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.errors import ConfigurationError
from handlers.cli.instants import ACCEPTED, instant_of, last_instant_of
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson
from handlers.cli.output import aside, bytes_text, print_json, print_line
from handlers.exporting import ExportReport, export_recording
from storage.database import Database

app = typer.Typer(name="export", no_args_is_help=True, help="Take the data elsewhere. Costs nothing.")


@app.callback()
def group() -> None:
    """Take the data elsewhere. Costs nothing."""


@app.command()
def recording(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A new file: NAME.jsonl, or NAME.jsonl.xz (smaller).")
    ],
    *,
    sport: Annotated[
        str | None, typer.Option(metavar="KEY", help="The sport, where several were collected.")
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from", metavar="TIME", parser=instant_of, help=f"Leave out answers received before: {ACCEPTED}."
        ),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            metavar="TIME",
            parser=last_instant_of,
            help="Leave out answers received later; a date is meant whole.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the odds that were collected to one file, a line per answer, as the feed sent them.

    `odds replay FILE` collects them again, here or elsewhere. The file appears when it is complete.

    Example: `odds export recording nba-january.jsonl.xz --from 2026-01-01 --to 2026-01-31`
    """
    settings = read_settings()
    if file.exists() and not force:
        msg = f"{file} exists already: --force replaces it"
        raise ConfigurationError(msg)

    async def export(database: Database) -> ExportReport:
        columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=aside(), transient=True) as shown:
            task = shown.add_task("")
            return await export_recording(
                database,
                file,
                sport_key=sport,
                start=start,
                end=end,
                progress=lambda done, of: shown.update(task, completed=done, total=of),
            )

    written = with_database(settings, export)
    if as_json:
        print_json(written)
        return
    print_line(
        f"{written.answers:,} answers about {written.sport_key} with {written.snapshots:,} snapshots, from"
        f" {written.first_at:%Y-%m-%d %H:%M} to {written.last_at:%Y-%m-%d %H:%M} UTC, are in"
        f" {written.path} ({bytes_text(written.file_bytes)})."
    )
