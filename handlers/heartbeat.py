"""The heartbeat: see that every job has a sound trigger, and arm what is missing, late or absurd."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.errors import LinekeeperError
from core.triggers.base import Trigger
from handlers.app import App
from handlers.due import next_trigger
from handlers.registry import JOBS
from storage.leases import end_expired_runs

LATE = timedelta(minutes=5)
"""A trigger that should have fired this long ago has not: firing takes a minute at most."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HeartbeatReport:
    """What a heartbeat found: how many triggers were sound, and which jobs it armed or could not arm."""

    sound: int
    repaired: tuple[str, ...]
    failed: tuple[str, ...]
    ended_runs: int


async def check_chain(app: App) -> HeartbeatReport:
    """Make sure that every job of every sport has a sound trigger.

    The armed triggers are read first: while they are all sound the database is left asleep. Every other job is
    armed for one fallback interval ahead before the database is asked for its plan, so that the chain never ends,
    whatever becomes of the asking.
    """
    armed = {(trigger.job, trigger.sport_key): trigger for trigger in await app.triggers.armed()}
    wanted = [(job, sport_key) for sport_key in app.settings.collection.sports for job in JOBS]
    unsound = [key for key in wanted if not _is_sound(app, armed.get(key))]
    if not unsound:
        return HeartbeatReport(len(wanted), (), (), 0)
    for job, sport_key in unsound:
        at = app.clock.now() + app.settings.scheduler.fallback_interval
        await app.triggers.arm(Trigger(job, sport_key, at, "fallback: the chain was broken"))
    ended = await _end_expired_runs(app)
    repaired: list[str] = []
    failed: list[str] = []
    for job, sport_key in unsound:
        name = f"{job} for {sport_key}"
        (repaired if await _arm_planned(app, job, sport_key) else failed).append(name)
    _log.warning("heartbeat.repaired", repaired=repaired, failed=failed, ended_runs=ended)
    return HeartbeatReport(len(wanted) - len(unsound), tuple(repaired), tuple(failed), ended)


def _is_sound(app: App, trigger: Trigger | None) -> bool:
    if trigger is None:
        return False
    scheduler, now = app.settings.scheduler, app.clock.now()
    return now - LATE <= trigger.at <= now + scheduler.longest_sleep + scheduler.fallback_interval


async def _end_expired_runs(app: App) -> int:
    try:
        async with app.database.transaction() as connection:
            return await end_expired_runs(connection, app.clock.now())
    except LinekeeperError as error:
        _log.error("heartbeat.database", reason=str(error))
        return 0


async def _arm_planned(app: App, job: str, sport_key: str) -> bool:
    """Arm a job by its plan, in place of its fallback, and tell whether there was a plan to be had."""
    try:
        await app.triggers.arm(await next_trigger(app, job, sport_key))
    except LinekeeperError as error:
        _log.error("heartbeat.no_plan", job=job, sport_key=sport_key, reason=str(error))
        return False
    return True
