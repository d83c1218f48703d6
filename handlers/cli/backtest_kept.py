"""`odds backtest show`, `compare`, `export` and `report`: the backtests that were kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from analytics.backtesting.comparing import differences
from analytics.backtesting.export import export_result, write_whole, writer_for
from analytics.backtesting.report.page import report_page
from analytics.backtesting.result import BacktestResult, Estimate
from analytics.backtesting.wording import interval, percent, signed_percent
from core.errors import ConfigurationError
from core.periods import last_day
from handlers.backtest_results import kept_result
from handlers.cli.backtest_view import show_comparison, show_result
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson, Verbose
from handlers.cli.output import bytes_text, print_json, report, row, table
from handlers.cli.output import show as show_table
from storage.backtest_results import KeptRun, list_runs
from storage.database import Database

_LISTED = 50
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Of odds backtest show.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def show(
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help=f"Which; without it, the newest {_LISTED} are listed.")
    ] = None,
    *,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> None:
    """Show a backtest that was kept, or list the newest of them, the newest first.

    The verdict comes first: what the figures allow to say. --verbose lists every bet.
    """
    if number is None:
        _list(as_json=as_json)
        return
    [result] = _results([number])
    if as_json:
        print_json({"number": number, **result.model_dump(mode="json")})
    else:
        show_result(result, f"Backtest {number}", verbose=verbose)


def compare(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER", help="Two or more.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show the figures of several backtests beside each other, each with its interval, and tell them apart.

    Each is compared with the first on the events that both bet on, where most of their luck is the same.
    Figures whose intervals overlap may still differ there, and the best of many is partly luck.
    """
    if len(numbers) < 2:  # noqa: PLR2004
        msg = "odds backtest compare needs two numbers or more; odds backtest show lists them"
        raise ConfigurationError(msg)
    if len(set(numbers)) < len(numbers):
        msg = f"odds backtest compare {' '.join(map(str, numbers))}: each number once"
        raise ConfigurationError(msg)
    results = _results(numbers)
    apart = differences(results)
    if as_json:
        figures = [result.model_dump(mode="json", exclude={"bets", "equity"}) for result in results]
        pairs = [{"number": number, "less": numbers[0]} for number in numbers[1:]]
        print_json(
            {
                "backtests": [{"number": number, **one} for number, one in zip(numbers, figures, strict=True)],
                "differences": [
                    {**pair, **one.model_dump(mode="json")} for pair, one in zip(pairs, apart, strict=True)
                ],
            }
        )
    else:
        named = [(str(number), result) for number, result in zip(numbers, results, strict=True)]
        show_comparison(named, apart)


def export(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="NAME.json, NAME.csv or NAME.parquet.")],
    *,
    force: Force = False,
) -> None:
    """Write a backtest to a file: all of it as JSON, or its bets as CSV or Parquet.

    Example: `odds backtest export 3 bets.parquet`
    """
    _refuse_to_replace(file, force=force)
    writer_for(file)
    [result] = _results([number])
    export_result(result, file)
    what = "all of it" if file.suffix == ".json" else f"its {len(result.bets):,} bets"
    _tell(f"Backtest {number}, {what}, is in", file)


def page(
    number: Number,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="backtest-NUMBER.html, unless named.")
    ] = None,
    *,
    force: Force = False,
) -> None:
    """Write a backtest as one HTML page, with charts, that needs no network and no other file.

    Example: `odds backtest report 3 nba.html`
    """
    path = file or Path(f"backtest-{number}.html")
    _refuse_to_replace(path, force=force)
    [result] = _results([number])
    text = report_page(result)
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8"))
    _tell(f"The page of backtest {number} is", path)


def _results(numbers: Sequence[int]) -> list[BacktestResult]:
    async def read(database: Database) -> list[BacktestResult]:
        async with database.transaction() as connection:
            return [await kept_result(connection, number) for number in numbers]

    return with_database(read_settings(), read)


def _list(*, as_json: bool) -> None:
    async def read(database: Database) -> list[KeptRun]:
        async with database.transaction() as connection:
            return await list_runs(connection, limit=_LISTED)

    runs = with_database(read_settings(), read)
    if as_json:
        print_json(runs)
        return
    if not runs:
        report().print("No backtest was kept: odds backtest run makes one.")
        return
    figures = ("number", "bets", "return", "interval")
    made = table("number", "strategy", "bets", "return", "interval", "decisions", right=figures)
    for run in runs:
        decided = f"{run.first_instant:%Y-%m-%d} to {last_day(run.end_instant):%Y-%m-%d}"
        roi = Estimate(value=run.roi, low=run.roi_low, high=run.roi_high)
        figure = percent(run.roi, signed=True)
        row(made, str(run.id), run.strategy, run.bets, figure, interval(roi, signed_percent), decided)
    show_table(made)


def _refuse_to_replace(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        msg = f"{path} exists already: --force replaces it"
        raise ConfigurationError(msg)


def _tell(what: str, path: Path) -> None:
    report().print(Text(f"{what} {path} ({bytes_text(path.stat().st_size)})."), soft_wrap=True)
