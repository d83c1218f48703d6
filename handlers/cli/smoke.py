"""`odds smoke`: whether a deployment works."""

from functools import partial

import typer
from rich.text import Text

from core.clock import SystemClock
from core.config import Settings
from core.functions import invoke, open_functions_client
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.scheduler_calls import open_scheduler_client
from handlers.cli.armed_view import show_armed
from handlers.cli.opening import read_settings, run
from handlers.cli.options import FOUND_SOMETHING, AsJson
from handlers.cli.output import print_json, report, row, show, table
from handlers.runtime import schedule_target
from handlers.smoke import SmokeReport, smoke


def command(as_json: AsJson = False) -> None:
    """Invoke every function of a deployment once, and read the armed schedules back.

    For after a deploy. Needs what the functions have: AWS_LAMBDA_ARN with {job} in its name,
    AWS_SCHEDULER_ROLE_ARN, AWS_SCHEDULER_GROUP, AWS_DEAD_LETTER_ARN and SPORTS, and AWS credentials that may
    invoke the functions and read the schedules. Costs what a run costs: credits only where a look is due.
    A paused deployment stays paused: there a function that collects says so, and does no more.

    Exit code 3 when a function failed, or a job has no armed schedule.
    """
    found = run(_smoke(read_settings()))
    if as_json:
        print_json({"ok": found.ok, **{name: getattr(found, name) for name in SmokeReport.__slots__}})
    else:
        _show(found)
    if not found.ok:
        raise typer.Exit(FOUND_SOMETHING)


async def _smoke(settings: Settings) -> SmokeReport:
    target = schedule_target(settings)
    scheduler, functions = open_scheduler_client(target.region), open_functions_client(target.region)
    return await smoke(
        settings.collection.sports,
        target,
        EventBridgeTriggers(target, scheduler, clock=SystemClock()),
        partial(invoke, functions),
    )


def _show(found: SmokeReport) -> None:
    functions = table("function", "", "seconds", "said", right=("seconds",))
    for one in found.functions:
        state = Text("works", "green") if one.ok else Text("fails", "bold red")
        row(functions, one.function, state, f"{one.duration.total_seconds():.1f}", one.said)
    show(functions)
    show_armed(found.armed, SystemClock().now())
    if found.paused:
        report().print("paused: nothing collects or arms schedules, and what is armed fires into nothing")
    for job, sport_key in found.missing:
        report().print(Text(f"{job} for {sport_key} has no armed schedule", "bold red"))
    for stray in found.strays:
        report().print(Text(f"the schedule {stray.name} does not belong there: {stray.reason}", "bold red"))
