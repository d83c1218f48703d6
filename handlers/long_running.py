"""The collector that lives in one process: it fires the jobs itself, and goes on where it left off."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog

from core.alerts import AlertManager
from core.clock import Clock
from core.config import Settings
from core.errors import (
    ConfigurationError,
    DatabaseUnreachableError,
    LinekeeperError,
    StorageError,
)
from core.feed.client import FeedClient
from core.triggers.base import Trigger
from core.triggers.local import LocalTriggers
from handlers.alerting import beat_and_tell, run_and_tell
from handlers.app import App
from handlers.dry_run import DryRun
from handlers.due import due_triggers
from storage.connection_errors import PASSING_FAILURES, is_passing
from storage.database import Database

RUN_LIMIT = timedelta(minutes=2)
"""How long a run may take before it is given up; a run that died keeps others from their turn as long."""

DATABASE_WAIT = timedelta(seconds=5)
"""How long a collector that starts without a database waits before it asks for it again."""

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Resources:
    """What the collector works with, opened and closed by its caller."""

    settings: Settings
    clock: Clock
    database: Database
    feed: FeedClient
    alerts: AlertManager | None = None
    run_limit: timedelta = RUN_LIMIT


async def collect(
    resources: Resources, stop: asyncio.Event, on_armed: Callable[[Sequence[Trigger]], None] = lambda _: None
) -> None:
    """Collect every sport of the settings until told to stop; then let the runs under way end.

    Every job of every sport is armed from the ledger and the plan, `on_armed` is told, and each run arms the next.
    On every heartbeat what is missing is armed again, and what should have fired by now is made to: a machine that
    slept wakes up late. A database that is away at the start is waited for.

    Raises:
        ConfigurationError: The schedules live in AWS.
        DatabaseUnreachableError: The database refuses, as it does a wrong password, and would again.
    """
    settings = resources.settings
    if settings.scheduler.backend == "aws":
        msg = (
            "SCHEDULER_BACKEND=aws: the schedules live in AWS, where each run arms the next; "
            "odds scheduler start is for SCHEDULER_BACKEND=local or railway"
        )
        raise ConfigurationError(msg)
    run: Callable[[App, Trigger], Awaitable[object]] = DryRun().run if settings.scheduler.dry_run else run_and_tell

    async def fire(trigger: Trigger) -> None:
        await _fired(run, app, trigger)

    triggers = LocalTriggers(fire)
    app = App(
        settings,
        resources.clock,
        resources.database,
        resources.feed,
        triggers,
        run_limit=resources.run_limit,
        alerts=resources.alerts,
    )
    for trigger in await once_reachable(partial(due_triggers, app), stop) or ():
        await triggers.arm(trigger)
    on_armed(await triggers.armed())
    await triggers.start()
    try:
        while not await _waited(stop, settings.scheduler.heartbeat_interval):
            await _beat(app)
    finally:
        await triggers.stop()


async def once_reachable(work: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """Return what work on the database brings, once that is not away any more; None where it is to stop before.

    Raises:
        DatabaseUnreachableError: The database refuses, as it does a wrong password, and would again.
    """
    while True:
        try:
            return await work()
        except PASSING_FAILURES as error:
            if isinstance(error, DatabaseUnreachableError) and not is_passing(error):
                raise
            _log.warning("collector.waits_for_database", reason=str(error))
        if await _waited(stop, DATABASE_WAIT):
            return None


async def _beat(app: App) -> None:
    """Check the chain; what goes wrong with that is logged, and ends neither the collector nor a run."""
    try:
        await beat_and_tell(app)
    except Exception:
        _log.exception("heartbeat.broke")


async def _fired(run: Callable[[App, Trigger], Awaitable[object]], app: App, trigger: Trigger) -> None:
    """Run a trigger; its failure is in the ledger and the log, or else is logged here, and the chain goes on."""
    limit = asyncio.timeout(app.run_limit.total_seconds())
    try:
        async with limit:
            await run(app, trigger)
    except StorageError as error:
        _log.error("run.not_recorded", job=trigger.job, sport_key=trigger.sport_key, reason=str(error))
    except LinekeeperError:
        return
    except Exception as error:
        if isinstance(error, TimeoutError) and limit.expired():
            seconds = app.run_limit.total_seconds()
            _log.error("run.deadline", job=trigger.job, sport_key=trigger.sport_key, seconds=seconds)
            return
        _log.exception("run.broke", job=trigger.job, sport_key=trigger.sport_key)


async def _waited(stop: asyncio.Event, interval: timedelta) -> bool:
    try:
        async with asyncio.timeout(interval.total_seconds()):
            return await stop.wait()
    except TimeoutError:
        return False
