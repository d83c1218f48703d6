"""`odds status`: how the collector does."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from core.clock import SystemClock
from core.lifecycle import EventStatus
from handlers.app import App
from handlers.attention import attention
from handlers.cli.opening import read_settings, with_app
from handlers.cli.options import AsJson, Verbose
from handlers.cli.output import print_json
from handlers.cli.quota_view import show_quota
from handlers.cli.status_lists import show_events, show_runs
from handlers.cli.status_view import show_status
from handlers.quota_report import read_quota
from handlers.registry import job_named
from handlers.status_report import read_status
from storage.event_list import EventFilter, ListedEvent, read_events
from storage.run_list import LoggedRun, RunFilter, read_runs

app = typer.Typer(
    name="status", no_args_is_help=True, help="How the collector does. Costs nothing and asks the feed nothing."
)

_DAYS = 3
_RUNS = 20


@app.command("show")
def show_all(verbose: Verbose = False, as_json: AsJson = False) -> None:
    """Tell at a glance what is there, what comes next, and what went wrong.

    Gaps are times in which the sampling tiers wanted looks and none was answered, whatever the reason: an
    outage, a collector that did not run, credits that were saved. Starts that moved together are often a
    glitch of the feed.

    Another database: `DATABASE_URL=$(odds db url linekeeper_demo) odds status show`
    """
    report = with_app(read_settings(), read_status, asks_feed=False)
    if as_json:
        print_json({**asdict(report), "attention": attention(report)})
    else:
        show_status(report, verbose=verbose)


@app.command()
def quota(as_json: AsJson = False) -> None:
    """Tell what is left of the credits, what was spent each day, and what the known games will need.

    The balance is the one that the newest answer told.
    """
    report = with_app(read_settings(), read_quota, asks_feed=False)
    if as_json:
        print_json(report)
    else:
        show_quota(report)


@app.command()
def events(
    days: Annotated[int, typer.Option(min=1, help="How many days back and ahead.")] = _DAYS,
    team: Annotated[str | None, typer.Option(metavar="TEXT", help="Part of a team's name, in any case.")] = None,
    sport: Annotated[str | None, typer.Option(metavar="KEY", help="Only this sport.")] = None,
    status: Annotated[
        EventStatus | None, typer.Option(metavar="STATUS", help="scheduled, live, final, cancelled or postponed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the events of the days around now, with their looks and how near to the start the last one was.

    Example: `odds status events --days 7 --team lakers`
    """

    async def read(app: App) -> list[ListedEvent]:
        now, around = app.clock.now(), timedelta(days=days)
        wanted = EventFilter(now - around, now + around, team, sport, status)
        async with app.database.transaction() as connection:
            return await read_events(connection, wanted)

    found = with_app(read_settings(), read, asks_feed=False)
    if as_json:
        print_json(found)
    else:
        show_events(found, SystemClock().now())


@app.command()
def runs(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = _RUNS,
    job: Annotated[
        str | None, typer.Option(metavar="JOB", help="fetch-odds, fetch-scores or update-status.")
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the last runs from the ledger: when each was due, how it ended, and why.

    Example: `odds status runs --job fetch-odds --failed`
    """
    if job is not None:
        job_named(job)

    async def read(app: App) -> list[LoggedRun]:
        async with app.database.transaction() as connection:
            return await read_runs(connection, RunFilter(limit, job, failed))

    found = with_app(read_settings(), read, asks_feed=False)
    if as_json:
        print_json(found)
    else:
        show_runs(found, SystemClock().now())
