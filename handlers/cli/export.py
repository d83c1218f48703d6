"""`odds export`: take the data elsewhere."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.errors import ConfigurationError
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson
from handlers.cli.output import aside, bytes_text, print_json, report
from handlers.exporting import ExportReport, export_recording
from storage.database import Database

app = typer.Typer(name="export", no_args_is_help=True, help="Take the data elsewhere. Costs nothing.")

_ACCEPTED = "2026-01-31 or 2026-01-31T18:00"
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


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
        datetime | None, typer.Option("--from", metavar="TIME", formats=_FORMATS, help=f"{_ACCEPTED}, in UTC.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", metavar="TIME", formats=_FORMATS, help="The last instant.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the odds that were collected to one file, a line per answer, as the feed sent them.

    `odds replay FILE` collects them again, here or elsewhere. The file appears when it is complete.

    Example: `odds export recording nba-january.jsonl.xz --from 2026-01-01 --to 2026-02-01`
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
                start=start and start.replace(tzinfo=UTC),
                end=end and end.replace(tzinfo=UTC),
                progress=lambda done, of: shown.update(task, completed=done, total=of),
            )

    written = with_database(settings, export)
    if as_json:
        print_json(written)
        return
    report().print(
        f"{written.answers:,} answers about {escape(written.sport_key)} with {written.snapshots:,} snapshots, from"
        f" {written.first_at:%Y-%m-%d %H:%M} to {written.last_at:%Y-%m-%d %H:%M} UTC, are in"
        f" {escape(written.path)} ({bytes_text(written.file_bytes)}).",
        soft_wrap=True,
    )
