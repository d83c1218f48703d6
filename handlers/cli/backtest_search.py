"""`odds backtest sweep` and `walk-forward`: many sets of parameters, and how far the best of them is luck."""

import os
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated, TypeVar

import typer
from rich.padding import Padding
from rich.text import Text

from analytics.backtesting.brought import Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import FEWEST_BETS
from analytics.backtesting.sweep import SweepResult, Trial
from analytics.backtesting.walk_forward import WalkForwardResult
from analytics.backtesting.wording import money, number, percent
from analytics.strategies.base import Parameters
from core.planning.wording import counted
from handlers.cli.backtest_asking import Asked, asking
from handlers.cli.backtest_brought import tell_unseen
from handlers.cli.backtest_strategies import made_of, strategy_class
from handlers.cli.backtest_view import WHAT_TELLS, data_lines, parameter_text
from handlers.cli.grids import read_grid
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson
from handlers.cli.output import aside, print_json, print_line, report, row, show, table
from handlers.cli.virtual import progress_bar
from handlers.sweeping import run_sweep, run_walk_forward
from storage.database import Database

T = TypeVar("T")
Grid = Annotated[
    list[str],
    typer.Option(
        "--grid",
        metavar="NAME=VALUES",
        help="A parameter's values: a,b,c, or from:to:step, or lists set apart by semicolons. May be repeated.",
    ),
]
Processes = Annotated[int | None, typer.Option(min=1, help="Sets tried at a time; by default as many as cores.")]


@asking
def sweep(
    asked: Asked,
    *,
    grid: Grid,
    min_bets: Annotated[int, typer.Option(min=1, help="Bets that a set must have to be the best.")] = FEWEST_BETS,
    processes: Processes = None,
    best: Annotated[int, typer.Option(min=1, help="How many sets are shown, the best first.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Try every combination of parameters, and tell how far the best of them is luck.

    Each set's bets are sized on the bankroll at the beginning, within the run's limits, so that sets differ by
    what they bet on alone.
    Only vectorised strategies can be swept.

    Example: `odds backtest sweep --strategy expected_value --grid min_edge=0:0.05:0.01`
    """
    sets, brought = _sets(asked, grid), asked.brought()

    async def search(database: Database, config: BacktestConfig, progress: Callable[[int], None]) -> SweepResult:
        return await run_sweep(
            database,
            partial(strategy_class, asked.strategy),
            sets,
            config,
            min_bets=min_bets,
            brought=brought,
            processes=_cores(processes),
            progress=progress,
        )

    made = _search(search, sets, asked, brought, hidden=as_json)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        _show_sweep(made, _varying(grid), best)


@asking
def walk_forward(
    asked: Asked,
    *,
    grid: Grid,
    folds: Annotated[int, typer.Option(min=1, help="How often to choose anew.")] = 5,
    min_bets: Annotated[int, typer.Option(min=1, help="Results that a set must have to be chosen.")] = FEWEST_BETS,
    processes: Processes = None,
    as_json: AsJson = False,
) -> None:
    """Choose parameters by the past alone, bet with them afterwards, and tell what that would have brought.

    At each fold the set that was best by the results known until then is chosen for the days that follow.

    Example: `odds backtest walk-forward --strategy expected_value --grid min_edge=0:0.05:0.01 --folds 8`
    """
    sets, brought = _sets(asked, grid), asked.brought()

    async def search(
        database: Database, config: BacktestConfig, progress: Callable[[int], None]
    ) -> WalkForwardResult:
        return await run_walk_forward(
            database,
            partial(strategy_class, asked.strategy),
            sets,
            config,
            brought=brought,
            folds=folds,
            min_bets=min_bets,
            processes=_cores(processes),
            progress=progress,
        )

    made = _search(search, sets, asked, brought, hidden=as_json)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        _show_walk_forward(made, _varying(grid))


def _sets(asked: Asked, grid: Sequence[str]) -> list[Parameters]:
    """Return the sets of a grid.

    Raises:
        ConfigurationError: It cannot be read.
        StrategyError: The strategy cannot be made with the first of them.
    """
    strategy = strategy_class(asked.strategy)
    sets = read_grid(grid, strategy.parameters_model, asked.parameters or ())
    made_of(strategy, sets[0])
    return sets


def _search(
    search: Callable[[Database, BacktestConfig, Callable[[int], None]], Awaitable[T]],
    sets: Sequence[Parameters],
    asked: Asked,
    brought: Brought,
    *,
    hidden: bool,
) -> T:
    async def work(database: Database) -> T:
        config = await asked.config(database)
        await tell_unseen(database, brought)
        with progress_bar(aside(), hidden=hidden) as advance:
            return await search(
                database, config, lambda done: advance(f"{done:,} of {len(sets):,} sets", done / len(sets))
            )

    return with_database(read_settings(), work)


def _cores(processes: int | None) -> int:
    return processes or os.cpu_count() or 1


def _varying(grid: Sequence[str]) -> list[str]:
    return [text.partition("=")[0].strip() for text in grid]


def _show_sweep(made: SweepResult, varying: Sequence[str], best: int) -> None:
    report().print(Padding(Text(made.verdict, style="bold yellow"), (1, 2)))
    columns = ("bets", "profit", "return", "Sharpe")
    shown = table("rank", *varying, *columns, right=("rank", *columns))
    for rank, trial in enumerate(made.trials[:best], start=1):
        chosen = (parameter_text(trial.parameters[name]) for name in varying)
        figures = (trial.bets, f"{trial.profit:+,.0f}", percent(trial.roi, signed=True), number(trial.sharpe))
        row(shown, rank, *chosen, *figures)
    show(shown)
    lines = [
        f"{made.tried:,} sets of parameters on {made.days:,} days, the best by Sharpe ratio first, those"
        f" with fewer than {made.min_bets:,} bets last",
        f"probability that the best one's true Sharpe ratio is above what luck gives the best of as many:"
        f" {percent(made.deflated_sharpe)}",
        f"as many without an edge have one that looks as good in {percent(made.luck_p_value)} of cases",
        f"the best on half of the days is not above the median on the others in"
        f" {percent(made.overfitting_probability)} of cases",
        *data_lines(made.quality, 0),
        *(_left_out(made.trials[0], "of the best set") if made.trials else ()),
        *([WHAT_TELLS] if any(trial.untold for trial in made.trials) else ()),
    ]
    for line in lines:
        print_line(line)


def _show_walk_forward(made: WalkForwardResult, varying: Sequence[str]) -> None:
    report().print(Padding(Text(made.verdict, style="bold yellow"), (1, 2)))
    columns = ("past Sharpe", "bets", "profit", "return")
    shown = table("days", *varying, *columns, right=columns)
    for fold in made.folds:
        parameters = fold.parameters
        chosen = (
            ["none"] * len(varying)
            if parameters is None
            else [parameter_text(parameters[name]) for name in varying]
        )
        figures = (number(fold.past_sharpe), fold.bets, f"{fold.profit:+,.0f}", percent(fold.roi, signed=True))
        row(shown, f"{fold.first_day} to {fold.last_day}", *chosen, *figures)
    show(shown)
    told = (
        f"{made.bets:,} bets on days that had no part in the choice: {money(made.staked)} staked, profit"
        f" {money(made.profit, signed=True)}, return {percent(made.roi.value, signed=True)}, Sharpe ratio"
        f" {number(made.sharpe)}; {made.tried:,} sets of parameters were tried"
    )
    hint = [WHAT_TELLS] if made.untold else []
    if any(fold.parameters is None for fold in made.folds):
        hint.append("none: no set had enough results by then; --min-bets asks for fewer")
    for line in (told, *data_lines(made.quality, 0), *_left_out(made, "on these days"), *hint):
        print_line(line)


def _left_out(made: Trial | WalkForwardResult, which: str) -> list[str]:
    """Return what is in no figure, bets without a grade and those not placed, and what is smaller than asked."""
    told = {
        "without a result, in no figure": made.ungraded,
        "that a known result does not grade, in no figure": made.untold,
        "not placed: the sizing, the limits or the money in hand left them no stake": made.unplaced,
        "at a stake that limits, or the money in hand, made smaller than the sizing says": made.cut_stakes,
    }
    return [f"{counted(bets, 'bet')} {which} {words}" for words, bets in told.items() if bets]
