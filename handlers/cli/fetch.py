"""`odds fetch`: ask the feed now, whatever the plan says."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from handlers.app import App
from handlers.cli.opening import read_settings, with_app
from handlers.cli.options import AsJson, Sports
from handlers.cli.output import aside, print_error, print_json, report, row, show, table
from handlers.on_demand import Asked, OnDemandReport, ask_now

app = typer.Typer(name="fetch", no_args_is_help=True, help="Ask the feed once, now. Needs ODDS_API_KEY.")

_COLUMNS = {
    Asked.CURRENT: {
        "events": "events",
        "in_play": "in play",
        "snapshots": "snapshots",
        "quotes_seen": "quotes seen",
        "quotes_stored": "stored",
    },
    Asked.SCORES: {
        "named": "events",
        "completed": "completed",
        "newly_final": "newly final",
        "corrected": "corrected",
    },
    Asked.EVENTS: {
        "listed": "listed",
        "new": "new",
        "start_moved": "moved",
        "status_changed": "changed",
        "absent": "absent",
    },
}
_MOST_DAYS = 3


@app.command()
def current(sport: Sports = None, as_json: AsJson = False) -> None:
    """Look at the odds of every upcoming game of each sport, and store what changed.

    Costs markets x regions a sport, ten bookmakers counting as one region: 3 credits with the default
    settings, however many games it brings. The collector takes it for a look of its own where it asked
    for all the markets and bookmakers of the collector's settings.

    Example: `odds fetch current --sport icehockey_nhl`
    """
    _ask(Asked.CURRENT, sport, as_json=as_json)


@app.command()
def scores(
    sport: Sports = None,
    days: Annotated[
        int, typer.Option(min=1, max=_MOST_DAYS, help="How many days back finished games are asked for.")
    ] = _MOST_DAYS,
    as_json: AsJson = False,
) -> None:
    """Ask for the results of the last days, and close the games that are over.

    Costs 2 credits a sport. The feed forgets a result after three days.

    Example: `odds fetch scores --days 1`
    """
    _ask(Asked.SCORES, sport, as_json=as_json, days_from=days)


@app.command()
def events(sport: Sports = None, as_json: AsJson = False) -> None:
    """Read the list of upcoming and live games: new games, moved starts, games that vanished.

    Costs nothing. The plan of looks is made from this list.

    Example: `odds fetch events && odds scheduler plan`
    """
    _ask(Asked.EVENTS, sport, as_json=as_json)


def _ask(asked: Asked, sport: Sequence[str] | None, *, as_json: bool, days_from: int = _MOST_DAYS) -> None:
    settings = read_settings(sport)

    async def ask_each(app: App) -> list[OnDemandReport]:
        with aside().status("") as shown:
            reports = []
            for sport_key in settings.collection.sports:
                shown.update(f"asking for {asked} of {escape(sport_key)} …")
                reports.append(await ask_now(app, sport_key, asked, days_from=days_from))
            return reports

    reports = with_app(settings, ask_each, asks_feed=True)
    if as_json:
        print_json(reports)
    else:
        _show(reports, asked)
    if any(each.error for each in reports):
        raise typer.Exit(1)


def _show(reports: Sequence[OnDemandReport], asked: Asked) -> None:
    columns = _COLUMNS[asked]
    answered = [each for each in reports if each.error is None]
    for each in reports:
        if each.error:
            print_error(f"{each.sport_key}: {each.error}")
    if not answered:
        return
    made = table("sport", *columns.values(), "credits", right=(*columns.values(), "credits"))
    for each in answered:
        row(made, each.sport_key, *(each.counts[name] for name in columns), each.credits_spent)
    show(made)
    left = answered[-1].credits_left
    if left is not None:
        report().print(f"{left:,} credits left")
    malformed = sum(each.counts["malformed"] for each in answered)
    if malformed:
        aside().print(f"{malformed} parts of the answers could not be read: odds status show tells more")
