"""The command `odds`."""

import signal
import sys
import threading
from importlib.metadata import version
from types import FrameType
from typing import Annotated, NoReturn

import typer

from core.errors import LinekeeperError
from handlers.cli import (
    backtest,
    db,
    demo,
    export,
    fetch,
    importing,
    replay,
    scheduler,
    simulate,
    smoke,
    status,
    validate,
)
from handlers.cli.output import print_error

_FAILED = 1
_TERMINATED = 128 + signal.SIGTERM

app = typer.Typer(
    name="odds",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for group in (fetch, status, scheduler, validate, db, backtest, export, importing, simulate):
    app.add_typer(group.app)
app.command("demo")(demo.command)
app.command("replay")(replay.command)
app.command("smoke")(smoke.command)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"linekeeper {version('linekeeper')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Collect sports betting odds: every price change, kept in Postgres, looked for when it matters.

    Start with `odds demo`: it needs no key and no database. Then set ODDS_API_KEY and SPORTS, in the
    environment or in a file .env, and try

    - `odds fetch events`: the free list of games

    - `odds scheduler plan`: when each game would be looked at, why, and what that costs

    - `odds scheduler start`: collect, until Ctrl+C

    - `odds status show`: what was collected, and what went wrong

    Without DATABASE_URL everything is kept in a Postgres of linekeeper's own, see `odds db --help`.

    Reports go to standard output (`--json` for programs), the log to standard error. Exit codes: 0 done, 1 an
    error, 2 a wrong command line, 3 a check found something wrong, 130 Ctrl+C.
    """


def main() -> None:
    """Run the command line; an error that the user can cause is one line, any other keeps its traceback."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except LinekeeperError as error:
        print_error(str(error))
        sys.exit(_FAILED)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End by way of every cleanup, so that a server that was started is stopped."""
    raise SystemExit(_TERMINATED)
