"""`odds simulate`: what the collector makes of days in which everything may go wrong."""

import time
from typing import Annotated

import typer

from core.config import Settings
from core.simulation.leagues import LEAGUES, league_of
from handlers.cli.opening import run
from handlers.cli.options import AsJson
from handlers.cli.output import aside, print_json
from handlers.cli.simulate_view import show_season
from handlers.cli.virtual import progress_bar, read_virtual_settings
from handlers.scratch import scratch_database
from handlers.simulation.season import SeasonRequest, simulate_season
from handlers.simulation.season_report import SeasonReport

DATABASE_NAME = "linekeeper_simulation"
NFL = "americanfootball_nfl"
_WRONG = 3
_MOST_PERCENT = 50

app = typer.Typer(name="simulate", no_args_is_help=True, help="See what the collector makes of faults.")


def _percent(text: str | float) -> float:
    """Return a percentage, whose sign may be left out.

    Raises:
        BadParameter: It is none, or out of reach.
    """
    try:
        percent = float(str(text).strip().removesuffix("%"))
    except ValueError:
        percent = -1
    if not 0 <= percent <= _MOST_PERCENT:
        msg = f"{text!r} is no percentage from 0 to {_MOST_PERCENT}, such as 5 or 5%"
        raise typer.BadParameter(msg)
    return percent


@app.callback()
def group() -> None:
    """See what the collector makes of faults, on a virtual clock."""


@app.command("season")
def season(
    *,
    sport: Annotated[str, typer.Option(metavar="KEY", help=f"One of {', '.join(LEAGUES)}.")] = NFL,
    faults: Annotated[
        float,
        typer.Option(
            parser=_percent, metavar="PERCENT", help="How many of 100 operations fail: 5 or 5%, at most 50."
        ),
    ] = 5,
    seed: Annotated[int, typer.Option(help="Which of the possible worlds; the same seed, the same world.")] = 1,
    days: Annotated[int | None, typer.Option(min=1, help="Only the first days of the season.")] = None,
    as_json: AsJson = False,
) -> None:
    """Collect a whole season through faults, and tell what was captured, what was missed, and why.

    Every operation fails at the rate: calls to the feed (outages, 429, answers that are no JSON), calls to the
    scheduler (refused, or done and not answered), triggers (twice, never, up to a minute late), transactions (cut
    off before, at and after their commit); and at each step the process may die. A simulated market is served by a
    local feed server; jobs, planner, heartbeat and Postgres are the ones that collect live.

    Needs no key and costs no credits. What it stores stays in the database linekeeper_simulation, made anew each
    time. Exit code 3 when something is wrong that no fault explains.

    Example: odds simulate season --sport soccer_epl --faults 2 --days 30
    """
    began = time.monotonic()
    league_of(sport)
    settings = read_virtual_settings()
    made = run(_simulate(settings, SeasonRequest(sport, seed, faults / 100, days), hidden=as_json))
    if as_json:
        print_json(made)
    else:
        show_season(made, time.monotonic() - began)
    if made.is_wrong:
        raise typer.Exit(_WRONG)


async def _simulate(settings: Settings, request: SeasonRequest, *, hidden: bool) -> SeasonReport:
    with progress_bar(aside(), hidden=hidden) as advance:
        async with scratch_database(settings, DATABASE_NAME) as scratch:
            span = request.end - request.start
            return await simulate_season(
                request, scratch, lambda at: advance(f"{at:%a} {at.day} {at:%b}", (at - request.start) / span)
            )
