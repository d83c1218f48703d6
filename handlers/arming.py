"""What comes after a run: a fallback before anything can fail, the next by the plan, the retry of a failure."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import AnswerNotStoredError
from core.feed.errors import FeedError, FeedUnavailableError, QuotaExhaustedError
from core.tiers import Tier
from core.triggers.base import AFTER_FAILURE, FALLBACK, Trigger
from core.triggers.schedule_requests import SOONEST
from handlers.app import App
from handlers.jobs import Job
from handlers.planning import read_state
from handlers.registry import job_named
from storage.pending import retry_to_come
from storage.recent_runs import failures_in_a_row
from storage.schedule import SportState, read_sport_state

_DAY = timedelta(days=1)
_MOST_DOUBLINGS = 11
"""From the shortest gap, a minute, to beyond the longest fallback interval, a day."""

_OF_A_DAYS_RUNS = 0.9
"""What part of a day's runs an outage of the feed may take."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""How far our clock may be behind the scheduler's: what fires before its time by ours waits for it."""

SHORT_TURN = timedelta(seconds=55)
"""How long the turn of a closing look lasts: it is over when the platform tries again, a minute after a death."""


def is_urgent(trigger: Trigger) -> bool:
    """Tell whether a run is a closing look, which cannot wait for the platform to try it again."""
    return trigger.tier == Tier.CLOSING


def turn_of(app: App, trigger: Trigger) -> timedelta:
    """Return how long a run may keep its turn."""
    return min(app.run_limit, SHORT_TURN) if is_urgent(trigger) else app.run_limit


def try_until(app: App, trigger: Trigger) -> datetime | None:
    """Return until when a run that begins now tries again at once what fails; None where it does not."""
    return app.clock.now() + turn_of(app, trigger) if is_urgent(trigger) else None


async def arm_fallback(app: App, trigger: Trigger, *, soon: bool = False) -> None:
    """Arm what follows if the run ends badly, unless something sooner is armed; `soon` at the minimum gap.

    What the heartbeat armed when it had the job run is left too: it tells how long ago that was. The trigger that
    fired is not something sooner, though its instant is still to come where our clock is behind the scheduler's.
    """
    scheduler = app.settings.scheduler
    at = app.clock.now() + (scheduler.minimum_gap if soon else scheduler.fallback_interval)
    present = [one for one in await app.triggers.armed() if _same_job(one, trigger)]
    armed = [one for one in present if not _is_what_fired(one, trigger)]
    if not any(app.clock.now() < one.at and (one.at <= at or one.tries) for one in armed):
        reason = f"{FALLBACK}the run before did not end well"
        await app.triggers.arm(replace(trigger, at=at, reason=reason))


async def arm_later(app: App, trigger: Trigger, reason: str) -> Trigger:
    """Arm a job for a fallback interval ahead and leave it at that: no heartbeat hastens it."""
    at = app.clock.now() + app.settings.scheduler.fallback_interval
    later = Trigger(trigger.job, trigger.sport_key, at, reason)
    await app.triggers.arm(later)
    return later


async def arm_next(app: App, job: Job, sport_key: str, *, at_once: bool = False) -> Trigger:
    """Arm the job's own next run, and the runs of the jobs whose plan it may have changed.

    A run that has just ended is never followed by another within the minimum gap, though that one be wanted
    `at_once`, because this one did not do its work.
    """
    state = await read_state(app, sport_key)
    next_trigger = await job.plan(app, state)
    soonest = app.clock.now() + app.settings.scheduler.minimum_gap
    if next_trigger.at <= app.clock.now() or (at_once and next_trigger.at > soonest):
        next_trigger = replace(next_trigger, at=soonest)
    await app.triggers.arm(next_trigger)
    armed = {(trigger.job, trigger.sport_key): trigger for trigger in await app.triggers.armed()}
    for name in job.also_plans:
        planned = await job_named(name).plan(app, state)
        present = armed.get((name, sport_key))
        if present is None or (present.at != planned.at and not await stays(app, present, planned)):
            await app.triggers.arm(planned)
    return next_trigger


async def arm_again(app: App, job: Job, sport_key: str) -> None:
    """Arm what the job's newest run has planned, where a fallback has taken its place."""
    now = app.clock.now()
    armed = [one for one in await app.triggers.armed() if (one.job, one.sport_key) == (job.name, sport_key)]
    if any(one.at > now and not one.is_fallback for one in armed):
        return
    async with app.database.one_by_one() as connection:
        retry = await retry_to_come(connection, job.name, sport_key, now)
    if retry is not None:
        planned = await job.plan(app, await read_state(app, sport_key))
        instead = planned.at if planned.at > now else now + app.settings.scheduler.minimum_gap
        if planned.at < retry.at and (retry.at <= instead or await is_waited_for(app, retry)):
            await app.triggers.arm(retry)
            return
    await arm_next(app, job, sport_key)


async def stays(app: App, present: Trigger, planned: Trigger) -> bool:
    """Tell whether an armed trigger is left alone, though the plan be sooner.

    That is one about to fire, which arming could only put off, one by which the heartbeat counts its tries, and
    the retry of a failure that is waited for.
    """
    now = app.clock.now()
    if present.at <= now + SOONEST and planned.at <= max(present.at, now):
        return True
    if planned.at >= present.at:
        return False
    return bool(present.tries) or await is_waited_for(app, present)


async def is_waited_for(app: App, retry: Trigger) -> bool:
    """Tell whether a trigger is the retry of a failure, and no game starts before it could look."""
    can_look_by = retry.at + app.settings.scheduler.closing_lead
    return retry.is_retry and not await starts_by(app, retry.sport_key, can_look_by)


async def retry_of(app: App, trigger: Trigger, error: Exception) -> Trigger:
    """Return what follows a failure: another try after a growing wait, sooner where a game is about to start.

    The wait is the minimum gap at first and doubles with every failure in a row, up to `longest_wait`. A failure
    that was paid for is followed by the fallback interval. Where the feed says that the credits are used up, no
    start hastens the next try, but a reading of the free list that is planned sooner comes when it is. A retry
    that comes before what is planned is not that look: it has neither its tier nor its reason.
    """
    scheduler, now = app.settings.scheduler, app.clock.now()
    later = Trigger(trigger.job, trigger.sport_key, now + scheduler.fallback_interval, AFTER_FAILURE)
    state = await read_state(app, trigger.sport_key)
    planned = await job_named(trigger.job).plan(app, state)
    if isinstance(error, QuotaExhaustedError):
        is_free = planned.tier is None and now < planned.at < later.at
        return replace(planned, at=max(planned.at, now + scheduler.minimum_gap)) if is_free else later
    if not _was_paid_for(error):
        later = replace(later, at=now + await _wait_after(app, trigger, error))
    soonest = max(planned.at, now + scheduler.minimum_gap)
    is_near = _starts(app, state, later.at + scheduler.closing_lead)
    at = min(soonest, later.at) if planned.tier is not None and is_near else later.at
    if at < planned.at:
        return replace(later, at=at)
    return replace(planned, at=at, reason=f"{planned.reason}; {AFTER_FAILURE}")


def longest_wait(app: App, error: Exception) -> timedelta:
    """Return the longest wait after a failure that was not paid for: the fallback interval.

    A feed that is down is asked sooner: as often as the heartbeat beats, or as a day's runs last for an outage of
    any length. So each job works again that soon after its end, on its own.
    """
    scheduler = app.settings.scheduler
    if not isinstance(error, FeedUnavailableError):
        return scheduler.fallback_interval
    as_often = max(
        scheduler.heartbeat_interval, scheduler.minimum_gap, _DAY / (_OF_A_DAYS_RUNS * scheduler.runs_a_day)
    )
    return min(as_often, scheduler.fallback_interval)


def growing_wait(first: timedelta, doublings: int, longest: timedelta) -> timedelta:
    """Return a wait doubled so many times, and never longer than the longest."""
    return min(first * (1 << min(doublings, _MOST_DOUBLINGS)), longest)


async def starts_by(app: App, sport_key: str, instant: datetime) -> bool:
    """Tell whether a game of the sport starts from now on, by an instant."""
    async with app.database.one_by_one() as connection:
        state = await read_sport_state(connection, sport_key)
    return _starts(app, state, instant)


def _starts(app: App, state: SportState, instant: datetime) -> bool:
    now = app.clock.now()
    return any(now < event.commence_time <= instant for event in state.open_events)


def _was_paid_for(error: Exception) -> bool:
    return isinstance(error, AnswerNotStoredError) or (isinstance(error, FeedError) and error.was_charged)


async def _wait_after(app: App, trigger: Trigger, error: Exception) -> timedelta:
    async with app.database.one_by_one() as connection:
        before = await failures_in_a_row(connection, trigger.job, trigger.sport_key, app.clock.now() - _DAY)
    return growing_wait(app.settings.scheduler.minimum_gap, before, longest_wait(app, error))


def _same_job(one: Trigger, other: Trigger) -> bool:
    return (one.job, one.sport_key) == (other.job, other.sport_key)


def _is_what_fired(one: Trigger, trigger: Trigger) -> bool:
    """Tell whether an armed trigger is the one that fired: at its slot, or as soon as a schedule could be set."""
    is_about_then = trigger.at <= one.at <= trigger.at + SOONEST + CLOCKS_DIFFER
    return is_about_then and replace(one, at=trigger.at) == trigger
