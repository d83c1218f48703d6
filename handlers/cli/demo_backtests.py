"""How a demo's backtests are shown: a line each, and what so few games can prove."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from analytics.backtesting.wording import percent
from handlers.cli.demo_games import show_tight
from handlers.cli.output import row, table
from handlers.demo_backtest import DECIDES_HOURS_BEFORE, DemoBacktest


def show_backtests(console: Console, backtests: Sequence[DemoBacktest]) -> None:
    """Print what each strategy would have brought, with its verdict."""
    if not any(one.bets for one in backtests):
        console.print("No game was both decided and over in these days.")
        return
    figures = ("games", "bets", "profit", "return", "CLV")
    shown = table("strategy", *figures, right=figures)
    for one in backtests:
        roi, clv = (percent(share, signed=True) for share in (one.roi, one.mean_clv))
        row(shown, one.strategy, one.decisions, one.bets, f"{one.profit:+,.0f}", roi, clv)
    show_tight(shown, console)
    console.print(
        f"[dim]Each decided {DECIDES_HOURS_BEFORE:g} h before the start, on what was known then; flat backs every"
        " favourite.[/]"
    )
    for one in backtests:
        console.print(Text.assemble((one.strategy, "bold"), f": {one.verdict}"))
