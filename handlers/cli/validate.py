"""`odds validate`: judge what was collected."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated

import typer

from core.clock import SystemClock
from handlers.cli.daily_view import show_daily
from handlers.cli.instants import day_of
from handlers.cli.opening import read_settings, with_app
from handlers.cli.options import FOUND_SOMETHING, AsJson
from handlers.cli.output import print_json
from handlers.daily_report import validate_day

app = typer.Typer(name="validate", no_args_is_help=True, help="Judge what was collected. Costs nothing.")


@app.callback()
def group() -> None:
    """Judge what was collected. Costs nothing."""


@app.command()
def daily(
    day: Annotated[
        date | None,
        typer.Option("--date", metavar="YYYY-MM-DD", parser=day_of, help="A day (UTC); yesterday by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a day left to be desired.

    Looks and calls that failed, came late or never; games that started without a look in their last three
    hours, or ended without a result; times without a look that was due; open errors and quotes found invalid.

    Exit codes: 0 when the day is clean, 3 when something is wrong, 1 when it could not be judged. Fit for a
    cron job: `odds validate daily || notify`
    """
    settings = read_settings()
    now = SystemClock().now()
    judged = day or (now - timedelta(days=1)).date()
    report = with_app(settings, lambda app: validate_day(app, judged), asks_feed=False)
    if as_json:
        print_json({**asdict(report), "is_clean": report.is_clean})
    else:
        show_daily(report)
    if not report.is_clean:
        raise typer.Exit(FOUND_SOMETHING)
