"""`odds scheduler`: collect by plan, and see the plan."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from rich.markup import escape

from core.clock import SystemClock
from core.config import Settings
from core.redaction import Redactor
from core.triggers.base import Trigger
from handlers.app import App, alerts_if_on, open_feed
from handlers.cli.armed_view import show_armed
from handlers.cli.opening import read_settings, run, with_app
from handlers.cli.options import AsJson, Sports, Verbose
from handlers.cli.output import aside, print_json, report
from handlers.cli.plan_view import plan_json, show_plan
from handlers.due import due_triggers
from handlers.long_running import Resources, collect, once_reachable
from handlers.named_database import located, opened_database
from handlers.plan_report import SportPlan, read_plan

app = typer.Typer(
    name="scheduler",
    no_args_is_help=True,
    help="Collect by plan: when to look is chosen from how near the games are.",
)


@app.command()
def start() -> None:
    """Collect every sport of SPORTS until Ctrl+C. Needs ODDS_API_KEY.

    Every run plans the next one, and the plan is made from the starts of the games and the credits left:
    `odds scheduler plan` shows it, with its cost. After a restart the collector goes on where it left off.

    SCHEDULER_DRY_RUN=true reads the free list of games only, and logs what would be asked.
    SCHEDULER_BACKEND=aws: the schedules live in AWS, and this command refuses.
    """
    settings = read_settings()
    run(_collect(settings))
    aside().print("Stopped. What is due is in the ledger: the next start goes on from there.")


@app.command("plan")
def show_plans(
    sport: Sports = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=60, help="How far ahead; SCHEDULER_LOOKAHEAD_DAYS by default.")
    ] = None,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> None:
    """Explain the looks to come: when, in which tier, for how many games, at what cost, and why.

    Costs nothing and asks nothing: the plan is made from the games that are known (`odds fetch events`
    reads them), and changes with them. Says what the credits do not allow, and what sampling every half
    hour would have cost instead.
    """
    settings = read_settings()
    wanted = read_settings(sport).collection.sports if sport else settings.collection.sports

    async def read(app: App) -> list[SportPlan]:
        ahead = days or app.settings.scheduler.lookahead_days
        return [await read_plan(app, sport_key, ahead) for sport_key in wanted]

    plans = with_app(settings, read, asks_feed=False)
    if as_json:
        print_json([plan_json(plan) for plan in plans])
        return
    for plan in plans:
        show_plan(plan, whole=verbose)


@app.command("next")
def show_next(sport: Sports = None, as_json: AsJson = False) -> None:
    """Tell what every job does next, and why. Costs nothing.

    Jobs: fetch-odds looks at prices (priced), fetch-scores asks for results (priced, when a game seems to
    be over), update-status reads the free list of games.
    """
    settings = read_settings(sport)
    triggers = with_app(settings, due_triggers, asks_feed=False)
    if as_json:
        print_json(triggers)
    else:
        show_armed(triggers, SystemClock().now())


async def _collect(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask_to_stop() -> None:
        aside().print("Stopping: runs under way have ten seconds to end (Ctrl+C again to end at once).")
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        stop.set()

    async with AsyncExitStack() as stack:
        clock = SystemClock()
        feed = await stack.enter_async_context(open_feed(settings, clock))
        url = stack.enter_context(located(settings))
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ask_to_stop)
        database = await once_reachable(lambda: stack.enter_async_context(opened_database(settings, url)), stop)
        if database is None:
            return
        alerts = alerts_if_on(settings, clock, Redactor(settings.secrets()))
        resources = Resources(settings, clock, database, feed, alerts)
        await collect(resources, stop, lambda armed: _tell(settings, armed))


def _tell(settings: Settings, armed: Sequence[Trigger]) -> None:
    console = report()
    console.print(f"Collecting {escape(', '.join(settings.collection.sports))} until Ctrl+C.", soft_wrap=True)
    if settings.scheduler.dry_run:
        console.print("SCHEDULER_DRY_RUN: nothing priced is asked; the log says what would be.")
    show_armed(armed, SystemClock().now())
