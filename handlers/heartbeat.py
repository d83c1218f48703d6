"""The heartbeat: arm every job whose trigger is missing, late or absurd, and have run what did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.errors import LinekeeperError
from core.triggers.base import FALLBACK, Trigger
from handlers.app import App
from handlers.arming import growing_wait, starts_by
from handlers.due import next_trigger
from handlers.registry import JOBS
from storage.leases import JobTurn, end_expired_runs, read_turns

LATE = timedelta(minutes=2)
"""A trigger that should have fired this long ago has not: firing takes a minute at most."""

MOST_DEATHS = 6
"""How often runs of a job may die within a fallback interval before it is left to its fallback, no start near."""

HASTY_TRIES = 3
"""How often a job that arms nothing is had run by one heartbeat after another; then it takes growing waits."""

_log = structlog.get_logger(__name__)

_Key = tuple[str, str]
_Turns = Mapping[_Key, JobTurn]


@dataclass(frozen=True, slots=True)
class HeartbeatReport:
    """What a heartbeat found: how many triggers were sound, and which jobs it mended or could not mend.

    Those of `unarmed` are among the failed: the scheduler took not even their fallback.
    """

    sound: int
    repaired: tuple[str, ...]
    failed: tuple[str, ...]
    ended_runs: int
    unarmed: tuple[str, ...] = ()


async def check_chain(app: App) -> HeartbeatReport:
    """Make sure that every job of every sport has a sound trigger, and that what is due runs.

    The armed triggers are read first: while they are all sound and planned, the database is left asleep. What is
    not sound is armed for one fallback interval ahead before the database is asked for its plan, so that the chain
    never ends, whatever becomes of the asking. A job whose fallback is armed has lost its plan, to a death or a
    database that was away, unless its run is at work this moment. It is planned anew, and run at once where due;
    where no run of it ever arms what comes next, by three heartbeats, and then after growing waits, which no close
    is missed for. Whatever goes wrong with one job keeps no other from being armed and mended.
    """
    armed = {(trigger.job, trigger.sport_key): trigger for trigger in await app.triggers.armed()}
    wanted = [(job, sport_key) for sport_key in app.settings.collection.sports for job in JOBS]
    scheduler, now = app.settings.scheduler, app.clock.now()
    first, last = now - LATE, now + scheduler.longest_sleep + scheduler.fallback_interval
    unsound = [key for key in wanted if key not in armed or not first <= armed[key].at <= last]
    stranded = [key for key in wanted if key not in unsound and armed[key].is_fallback]
    if not unsound and not stranded:
        return HeartbeatReport(len(wanted), (), (), 0)
    fallbacks = {key: await _again_armed(app, key, armed.get(key)) for key in unsound}
    fallbacks |= {key: armed[key] for key in stranded}
    turns, ended = await _turns_now(app)
    mended = {key: await _mend(app, one, turns) if one else False for key, one in fallbacks.items()}
    left = [key for key in stranded if mended[key] is None]
    repaired = tuple(_name(key) for key, done in mended.items() if done is not False and key not in left)
    failed = tuple(_name(key) for key, done in mended.items() if done is False)
    unarmed = tuple(_name(key) for key, one in fallbacks.items() if one is None)
    if repaired or failed:
        _log.warning("heartbeat.repaired", repaired=repaired, failed=failed, ended_runs=ended)
    return HeartbeatReport(len(wanted) - len(mended) + len(left), repaired, failed, ended, unarmed)


def _name(key: _Key) -> str:
    job, sport_key = key
    return f"{job} for {sport_key}"


async def _turns_now(app: App) -> tuple[_Turns | None, int]:
    """Return how it is with all turns, None where that is not to be had, and how many runs were found dead."""
    ended = 0
    try:
        turns = await _read_turns(app)
        if not any(turn.has_expired for turn in turns.values()):
            return turns, ended
        async with app.database.one_by_one() as connection:
            ended = await end_expired_runs(connection, app.clock.now())
        return await _read_turns(app), ended
    except LinekeeperError as error:
        _log.error("heartbeat.database", reason=str(error))
    except Exception:
        _log.exception("heartbeat.broke")
    return None, ended


async def _read_turns(app: App) -> _Turns:
    now = app.clock.now()
    async with app.database.one_by_one() as connection:
        return await read_turns(connection, now=now, since=now - app.settings.scheduler.fallback_interval)


async def _again_armed(app: App, key: _Key, present: Trigger | None) -> Trigger | None:
    """Arm the fallback of a job whose trigger is not sound; None where the scheduler does not take it."""
    job, sport_key = key
    try:
        return await _arm_fallback(app, job, sport_key, "the chain was broken", present.tries if present else 0)
    except LinekeeperError as error:
        _log.error("heartbeat.not_armed", job=job, sport_key=sport_key, reason=str(error))
    except Exception:
        _log.exception("heartbeat.broke", job=job, sport_key=sport_key)
    return None


async def _arm_fallback(app: App, job: str, sport_key: str, why: str, tries: int) -> Trigger:
    at = app.clock.now() + app.settings.scheduler.fallback_interval
    fallback = Trigger(job, sport_key, at, FALLBACK + why, tries=tries)
    await app.triggers.arm(fallback)
    return fallback


async def _mend(app: App, fallback: Trigger, turns: _Turns | None) -> bool | None:
    """Arm a job by its plan in place of its fallback, or have it run where due; tell whether that was done.

    None where it is rightly left to its fallback: its run is at work, or has died too often of late. The turns are
    read again where the database did not tell them a moment ago.
    """
    job, sport_key = fallback.job, fallback.sport_key
    try:
        if not await _may_be_tried(app, fallback):
            _log.error("heartbeat.tried_in_vain", job=job, sport_key=sport_key, tries=fallback.tries)
            return False
        known = await _read_turns(app) if turns is None else turns
        turn = known.get((job, sport_key), JobTurn())
        if turn.is_at_work or (turn.died >= MOST_DEATHS and not await _starts_soon(app, sport_key)):
            return None
        following = await next_trigger(app, job, sport_key)
        if following.at > app.clock.now():
            await app.triggers.arm(following)
        else:
            await _have_run(app, fallback, following)
    except LinekeeperError as error:
        _log.error("heartbeat.no_plan", job=job, sport_key=sport_key, reason=str(error))
        return False
    except Exception:
        _log.exception("heartbeat.broke", job=job, sport_key=sport_key)
        return False
    return True


async def _have_run(app: App, fallback: Trigger, due: Trigger) -> None:
    """Have a job run at once; where that is refused, its fallback stands as it stood, and fires by itself."""
    await _arm_fallback(app, fallback.job, fallback.sport_key, "the heartbeat had it run", fallback.tries + 1)
    try:
        await app.triggers.fire(due)
    except LinekeeperError:
        await app.triggers.arm(fallback)
        raise


async def _may_be_tried(app: App, fallback: Trigger) -> bool:
    """Tell whether it is time to have a job run again: when that was done last, its fallback was armed.

    The waits double from the minimum gap up to half the fallback interval, so that the fallback, which counts the
    tries, is armed anew before it fires. Within the closing lead of a start, where waiting would miss the close,
    they are the minimum gap: each start brings a try or two more, and no runaway.
    """
    scheduler, vain, now = app.settings.scheduler, fallback.tries - HASTY_TRIES, app.clock.now()
    if vain < 0:
        return True
    waited = now - (fallback.at - scheduler.fallback_interval)
    if waited >= growing_wait(scheduler.minimum_gap, vain, scheduler.fallback_interval / 2):
        return True
    return waited >= scheduler.minimum_gap and await _starts_soon(app, fallback.sport_key)


async def _starts_soon(app: App, sport_key: str) -> bool:
    return await starts_by(app, sport_key, app.clock.now() + app.settings.scheduler.closing_lead)
