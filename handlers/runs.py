"""The life of a run, the same for every job: arm a fallback, take the slot, work, plan, arm the next, record."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.errors import LeaseLostError, LinekeeperError
from core.feed.errors import FeedError, QuotaExhaustedError
from core.planning.wording import duration_text
from core.redaction import Redactor
from core.tiers import Tier
from core.triggers.base import Trigger
from handlers.app import App
from handlers.jobs import Job, JobReport, JobRun
from handlers.registry import job_named
from handlers.writing import writing
from storage.leases import Lease, free_generation, release_lease, take_lease
from storage.runs import RunOutcome, begin_run, finish_run
from storage.schedule import read_balance, read_sport_state

STALE_AFTER = timedelta(hours=1)
"""A run that fires later than this after its time is not what was planned any more: it only plans anew."""

_AT_WORK = "another run is at work"

_log = structlog.get_logger(__name__)


async def run_job(app: App, trigger: Trigger) -> JobReport:
    """Run what a trigger fires, and arm what comes next.

    A fallback is armed before anything can fail, so that the chain goes on whatever happens; a sooner trigger is
    left alone. A slot that was run already, or whose time is long past, is not run, and a run that finds another
    one at work leaves it alone. A run that fails is recorded as failed, with its reason, and the error is raised.
    """
    job = job_named(trigger.job)
    await _arm_fallback(app, trigger)
    started = await _start(app, trigger)
    if isinstance(started, str):
        return await _leave(app, job, trigger, started)
    run, credits_before = started
    late = app.clock.now() - trigger.at
    is_stale = late > STALE_AFTER
    try:
        report = _skipped(late) if is_stale else await job.work(app, run)
        next_trigger = await _arm_next(app, job, trigger.sport_key, at_once=is_stale)
        await _finish(app, run, report, next_trigger, credits_before)
    except LeaseLostError:
        _log.warning("run.superseded", job=job.name, sport_key=trigger.sport_key)
        raise
    except Exception as error:
        await _record_failure(app, run, credits_before, error)
        raise
    _log.info(
        "run.finished",
        job=job.name,
        sport_key=trigger.sport_key,
        outcome=report.outcome.value,
        reason=report.reason,
        next_run_at=next_trigger.at.isoformat(),
        next_run_reason=next_trigger.reason,
        **report.counts,
    )
    return report


async def _start(app: App, trigger: Trigger) -> tuple[JobRun, int | None] | str:
    """Take the slot and the turn; return the run and the credits left before it, or why there is none."""
    now = app.clock.now()
    async with app.database.transaction() as connection:
        generation = await free_generation(connection, trigger.job, trigger.sport_key, now)
        if generation is None:
            return _AT_WORK
        number = await begin_run(
            connection,
            job=trigger.job,
            sport_key=trigger.sport_key,
            scheduled_at=trigger.at,
            started_at=now,
            reason=trigger.reason,
            tier=trigger.tier,
        )
        if number is None:
            return "this slot has been run"
        lease = Lease(trigger.job, trigger.sport_key, generation, now + app.run_limit)
        await take_lease(connection, lease, number)
        balance = await read_balance(connection)
    return JobRun(trigger, number, lease), balance and balance.remaining


def _skipped(late: timedelta) -> JobReport:
    return JobReport(RunOutcome.SKIPPED, f"stale: it was due {duration_text(late)} ago", {})


async def _leave(app: App, job: Job, trigger: Trigger, reason: str) -> JobReport:
    """Leave a slot alone, and see to it that the chain goes on: soon, where the run at work may be dead."""
    _log.info(
        "run.left", job=job.name, sport_key=trigger.sport_key, scheduled_at=trigger.at.isoformat(), reason=reason
    )
    await _arm_next(app, job, trigger.sport_key, at_once=reason == _AT_WORK)
    return JobReport(RunOutcome.SKIPPED, reason, {})


async def _arm_next(app: App, job: Job, sport_key: str, *, at_once: bool = False) -> Trigger:
    """Arm the job's own next run, and the runs of the jobs whose plan it may have changed.

    A run that has just ended is never followed by another within the minimum gap, though that one be wanted
    `at_once`, because this one did not do its work.
    """
    next_trigger = await job.plan(app, sport_key)
    soonest = app.clock.now() + app.settings.scheduler.minimum_gap
    if next_trigger.at <= app.clock.now() or (at_once and next_trigger.at > soonest):
        next_trigger = replace(next_trigger, at=soonest)
    await app.triggers.arm(next_trigger)
    armed = {(trigger.job, trigger.sport_key): trigger for trigger in await app.triggers.armed()}
    for name in job.also_plans:
        planned = await job_named(name).plan(app, sport_key)
        present = armed.get((name, sport_key))
        if present is None or present.at != planned.at:
            await app.triggers.arm(planned)
    return next_trigger


async def _finish(
    app: App, run: JobRun, report: JobReport, next_trigger: Trigger, credits_before: int | None
) -> None:
    async with writing(app, run) as connection:
        after = await read_balance(connection)
        await finish_run(
            connection,
            run.number,
            finished_at=app.clock.now(),
            outcome=report.outcome,
            reason=report.reason,
            next_run=next_trigger,
            credits_before=credits_before,
            credits_after=after and after.remaining,
            report=report.counts,
        )
        if run.lease is not None:
            await release_lease(connection, run.lease)


async def _record_failure(app: App, run: JobRun, credits_before: int | None, error: Exception) -> None:
    """Record a failure and arm what follows it, unless a later run has taken the turn and armed its own."""
    told = str(error) if isinstance(error, LinekeeperError) else f"{type(error).__name__}: {error}"
    reason = Redactor(app.settings.secrets()).text(told)
    _log.error("run.failed", job=run.trigger.job, sport_key=run.trigger.sport_key, reason=reason)
    try:
        retry = await _retry(app, run.trigger, error)
        await _finish(app, run, JobReport(RunOutcome.FAILED, reason, {}), retry, credits_before)
        await app.triggers.arm(retry)
    except Exception as unrecorded:
        _log.error("run.failure_unrecorded", reason=f"{type(unrecorded).__name__}: {unrecorded}")


async def _arm_fallback(app: App, trigger: Trigger) -> None:
    fallback = _fallback(app, trigger)
    armed = [one for one in await app.triggers.armed() if _same_job(one, trigger)]
    if not any(app.clock.now() < one.at <= fallback.at for one in armed):
        await app.triggers.arm(fallback)


async def _retry(app: App, trigger: Trigger, error: Exception) -> Trigger:
    """Return what follows a failure: the fallback, or a look sooner where a game is about to start.

    Where the feed says that the credits are used up there is no point in asking again soon; where the failure
    was paid for, only the last looks before a start are worth the price of another.
    """
    fallback = _fallback(app, trigger)
    if isinstance(error, QuotaExhaustedError):
        return fallback
    planned = await job_named(trigger.job).plan(app, trigger.sport_key)
    at = max(planned.at, app.clock.now() + app.settings.scheduler.minimum_gap)
    if planned.tier is None or at >= fallback.at:
        return fallback
    last_look = fallback.at + app.settings.scheduler.closing_lead
    if (planned.tier != Tier.CLOSING or _was_charged(error)) and not await _starts_by(app, trigger, last_look):
        return fallback
    return replace(planned, at=at, reason=f"{planned.reason}; the run before failed")


def _was_charged(error: Exception) -> bool:
    return isinstance(error, FeedError) and error.answer is not None and bool(error.answer.credits.last)


async def _starts_by(app: App, trigger: Trigger, instant: datetime) -> bool:
    async with app.database.transaction() as connection:
        state = await read_sport_state(connection, trigger.sport_key)
    return any(app.clock.now() < event.commence_time <= instant for event in state.open_events)


def _fallback(app: App, trigger: Trigger) -> Trigger:
    at = app.clock.now() + app.settings.scheduler.fallback_interval
    return Trigger(trigger.job, trigger.sport_key, at, "fallback: the run before did not end well")


def _same_job(one: Trigger, other: Trigger) -> bool:
    return (one.job, one.sport_key) == (other.job, other.sport_key)
