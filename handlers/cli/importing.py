"""`odds import`: take in what others recorded, and what the log alone has kept."""

from pathlib import Path
from typing import Annotated

import typer

from core.clock import SystemClock
from core.errors import ConfigurationError
from core.football_data.reading import read_football_data
from core.football_data.values import FootballDataFile
from handlers.cli.import_answers import answers
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson
from handlers.cli.output import aside, print_json, print_line
from handlers.cli.virtual import progress_bar
from handlers.importing import ImportReport, import_football_data
from storage.database import Database

_ABOUT = "Take in what others recorded, and what was lost but for the log. Costs nothing."
app = typer.Typer(name="import", no_args_is_help=True, help=_ABOUT)
app.command("answers")(answers)


@app.command("football-data")
def football_data(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="A league's season each, as the site gives it: E0.csv.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Import seasons of football-data.co.uk: results, and prices before each match and at its close.

    They are kept apart from what was collected, under the source `import`: only a backtest or a query
    that asks for it reads them. Match odds, Asian handicap and 2.5 goals of every bookmaker the file
    names; its best and average prices are nobody's offer, and left out.

    A file gives no instants. Prices before a match count as known on the last Friday 17:00 or Tuesday
    13:00 before it (UK time, when the site has taken them by), the close a minute before the start, the
    result two hours after it. A match without a time is taken to start at 15:00 UK time.

    Prices are kept as American odds, rounded to a whole number, so that a profit is off by at most
    0.5 %; the decimal odds stay in the raw snapshot. A file is stored whole or not at all, and the same
    file again changes nothing.

    Example: `odds import football-data E0-2324.csv E0-2425.csv`
    """
    settings = read_settings()
    read = [_read(path) for path in files]

    async def store(database: Database) -> list[ImportReport]:
        made = []
        with progress_bar(aside(), hidden=as_json) as advance:
            for file in read:

                def progress(stored: int, of: int, name: str = file.name) -> None:
                    advance(name, stored / of)

                made.append(await import_football_data(database, SystemClock(), file, progress))
        return made

    made = with_database(settings, store)
    if as_json:
        print_json(made)
        return
    for one in made:
        _show(one)
    print_line("backtest them with --source import, at their close with --decide-at 0")


def _read(path: Path) -> FootballDataFile:
    try:
        body = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ConfigurationError(msg) from None
    return read_football_data(path.name, body)


def _show(made: ImportReport) -> None:
    span = f"{made.first_start:%Y-%m-%d} to {made.last_start:%Y-%m-%d}"
    what = f"{made.matches:,} matches of {made.sport_key}, {span}, by {len(made.bookmaker_keys)} bookmakers"
    new = f"{made.snapshots:,} snapshots, {made.quotes:,} quotes and {made.results:,} results are new"
    if not made.snapshots and not made.results:
        new = "all of it was there already"
    assumed = f" {made.assumed_starts:,} are taken to start at 15:00 UK time." if made.assumed_starts else ""
    print_line(f"{made.file}: {what}; {new}.{assumed}")
