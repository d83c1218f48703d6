"""`odds demo`: a few simulated days, collected in seconds."""

import time
from typing import Annotated

import typer

from core.config import Settings
from core.simulation.leagues import LEAGUES
from handlers.cli.demo_view import show_demo
from handlers.cli.next_steps import prepared
from handlers.cli.opening import run
from handlers.cli.options import AsJson
from handlers.cli.output import aside, print_json
from handlers.cli.virtual import progress_bar, read_virtual_settings
from handlers.demo import START, DemoRequest, open_market, run_demo
from handlers.demo_report import DemoReport
from handlers.scratch import scratch_database

DATABASE_NAME = "linekeeper_demo"
_CLOSES = "SELECT outcome_name, price, point, close_age FROM analytics.closing_lines LIMIT 6"


def command(
    *,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days to simulate.")] = 4,
    sport: Annotated[str, typer.Option(metavar="KEY", help=f"One of {', '.join(LEAGUES)}.")] = "basketball_nba",
    seed: Annotated[int, typer.Option(help="Which of the possible worlds; the same seed, the same world.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Collect a few simulated days in seconds, and tell what happened.

    Needs no key and no database. A simulated market (eight bookmakers, drift, steam, moved starts,
    postponements, results) is served by a local feed server on a virtual clock; everything else is what
    collects live. What it stores stays in the database linekeeper_demo, made anew each time.

    Example: odds demo --sport americanfootball_nfl --days 7
    """
    began = time.monotonic()
    settings = read_virtual_settings()
    request = DemoRequest(sport, days, seed)
    open_market(request)
    made = run(_collect(settings, request, hidden=as_json))
    if as_json:
        print_json(made)
    else:
        own_url = made.database_url if settings.database.url is not None else None
        commands = prepared(next_commands(own_url), own_server=own_url is not None)
        show_demo(made, commands, time.monotonic() - began)


def next_commands(own_url: str | None) -> list[str]:
    """Return commands that go on from a demo; `own_url` is its database on a server of the user's own."""
    url = '"$(odds db url linekeeper_demo)"' if own_url is None else f'"{own_url}"'
    psql = "odds db psql linekeeper_demo" if own_url is None else f'psql "{own_url}"'
    return [
        f'{psql} -c "{_CLOSES}"',
        "odds db schema closing_lines",
        f"DATABASE_URL={url} odds backtest run --strategy consensus",
        "odds demo --sport americanfootball_nfl --days 7",
        "ODDS_API_KEY=... odds scheduler start",
    ]


async def _collect(settings: Settings, request: DemoRequest, *, hidden: bool) -> DemoReport:
    with progress_bar(aside(), hidden=hidden) as advance:
        async with scratch_database(settings, DATABASE_NAME) as scratch:
            return await run_demo(
                request, scratch, lambda at: advance(f"{at:%a %H:%M}", (at - START) / (request.end - START))
            )
