"""`odds backtest`: what strategies would have done, by what was known at each decision."""

from typing import Annotated

import typer
from rich.text import Text

from analytics.backtesting.brought import Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.result import BacktestResult
from analytics.strategies.base import BettingStrategy, Parameters
from core.clock import SystemClock
from handlers.backtest_results import keep_result
from handlers.backtesting import run_backtest
from handlers.cli import backtest_kept, backtest_search
from handlers.cli.backtest_asking import Asked, asking
from handlers.cli.backtest_brought import tell_unseen
from handlers.cli.backtest_options import settings_epilog
from handlers.cli.backtest_plan import plan_of, show_plan
from handlers.cli.backtest_strategies import chosen_strategy, list_strategies
from handlers.cli.backtest_view import show_result
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson, Verbose
from handlers.cli.output import aside, print_json, report
from handlers.cli.virtual import progress_bar
from storage.database import Database

app = typer.Typer(
    name="backtest", no_args_is_help=True, help="Test strategies on what was collected. Costs nothing."
)


@app.callback()
def group() -> None:
    """Test strategies on what was collected, by what was known at each decision. Costs nothing."""


@app.command(epilog=settings_epilog())
@asking
def run(
    asked: Asked,
    *,
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Keep the result in the database, to be shown again.")
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be read and decided.")] = False,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> None:
    """Run a strategy over the odds as they were known, and tell what it would have brought, and how surely.

    A decision sees the newest quote that had been received by then, of each bookmaker that still offered
    it. Bets are graded by the sport's rules, sized by the bankroll in hand, and judged by the close.
    A strategy of your own is a file: path.py:Class. It runs as you, with all that you may do.

    Examples:
    - `odds backtest run --strategy expected_value --sport basketball_nba --decide-at 1`

    - `odds backtest run --strategy flat -p pick=underdog --stake flat:50 --from 2025-11-01`

    - `odds backtest run --strategy mine.py:Mine --set limits.max_stake=200`
    """
    made = chosen_strategy(asked.strategy, asked.parameters or ())
    brought = asked.brought()

    async def work(database: Database) -> None:
        config = await asked.config(database)
        await tell_unseen(database, brought)
        if dry_run:
            show_plan(await plan_of(database, made, config, brought), as_json=as_json)
            return
        result = await _run(database, made, config, brought, hidden=as_json)
        number = await _kept(database, result) if keep else None
        if as_json:
            print_json({"number": number, **result.model_dump(mode="json")})
            return
        show_result(result, "Backtest" if number is None else f"Backtest {number}", verbose=verbose)
        if number is not None:
            report().print(Text(f"Kept as {number}: odds backtest report {number} makes a page of it."))

    with_database(read_settings(), work)


async def _run(
    database: Database,
    strategy: BettingStrategy[Parameters],
    config: BacktestConfig,
    brought: Brought,
    *,
    hidden: bool,
) -> BacktestResult:
    with progress_bar(aside(), hidden=hidden) as advance:
        return await run_backtest(
            database,
            strategy,
            config,
            brought=brought,
            progress=lambda done, total: advance(f"{done:,} of {total:,} decisions", done / max(total, 1)),
        )


async def _kept(database: Database, result: BacktestResult) -> int:
    async with database.transaction() as connection:
        return await keep_result(connection, result, SystemClock().now())


app.command("show")(backtest_kept.show)
app.command("compare")(backtest_kept.compare)
app.command("export")(backtest_kept.export)
app.command("report")(backtest_kept.page)
app.command("sweep", epilog=settings_epilog())(backtest_search.sweep)
app.command("walk-forward", epilog=settings_epilog())(backtest_search.walk_forward)
app.command("list-strategies")(list_strategies)
