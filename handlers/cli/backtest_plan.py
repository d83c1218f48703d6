"""`odds backtest run --dry-run`: what a run would read and decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.result import DataQuality
from analytics.strategies.base import BettingStrategy, Parameters
from handlers.backtesting import as_it_is_now, read_known, resolved
from handlers.cli.backtest_view import data_lines
from handlers.cli.output import print_json, print_line, report
from handlers.known_names import check_asked
from storage.database import Database


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run would see: its config with nothing left open, its decisions and the odds known at them.

    Instants are aware UTC, None where there is no decision.
    """

    strategy: str
    parameters: dict[str, Any]
    config: BacktestConfig
    first_decision: datetime | None
    last_decision: datetime | None
    bookmaker_keys: tuple[str, ...]
    market_keys: tuple[str, ...]
    quality: DataQuality


async def plan_of(
    database: Database,
    strategy: BettingStrategy[Parameters],
    config: BacktestConfig,
    brought: Brought = NOTHING_BROUGHT,
) -> RunPlan:
    """Return what a run would see; the strategy is not asked.

    Raises:
        ConfigurationError: What is brought does not fit the games, or there are no odds of what is asked for.
    """
    settled_on = resolved(config, strategy)
    async with as_it_is_now(database) as connection:
        await check_asked(connection, settled_on, strategy.markets(), [strategy.parameters])
        known = await read_known(connection, strategy, settled_on, brought=brought)
    events = known.board.events
    return RunPlan(
        strategy=strategy.name,
        parameters=strategy.parameters.model_dump(mode="json"),
        config=settled_on,
        first_decision=events[0].decided_at if events else None,
        last_decision=events[-1].decided_at if events else None,
        bookmaker_keys=known.board.bookmaker_keys,
        market_keys=known.board.market_keys,
        quality=known.quality,
    )


def show_plan(plan: RunPlan, *, as_json: bool) -> None:
    """Print what a run would see."""
    if as_json:
        shown = {name: getattr(plan, name) for name in RunPlan.__dataclass_fields__}
        models = {"config": plan.config.model_dump(mode="json"), "quality": plan.quality.model_dump(mode="json")}
        print_json({**shown, **models})
        return
    hours = " and ".join(f"{hours:g} h" for hours in plan.config.decision_hours(()))
    console = report()
    print_line(Text.assemble((plan.strategy, "bold"), f" would decide {hours} before the start"))
    if plan.first_decision is not None and plan.last_decision is not None:
        span = f"from {plan.first_decision:%Y-%m-%d %H:%M} to {plan.last_decision:%Y-%m-%d %H:%M} UTC"
        print_line(span)
    if plan.market_keys:
        on = f"on {', '.join(plan.market_keys)} of {', '.join(plan.bookmaker_keys)}"
        print_line(on)
    for line in data_lines(plan.quality, 0):
        print_line(line)
    console.print("Nothing was run, and nothing kept.")
