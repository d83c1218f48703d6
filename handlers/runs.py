"""The life of a run, the same for every job: arm a fallback, take the slot, work, plan, arm the next, record."""

from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import NamedTuple

import structlog

from core.errors import LeaseLostError
from core.planning.wording import duration_text
from core.triggers.base import Trigger
from handlers.app import App
from handlers.arming import (
    CLOCKS_DIFFER,
    arm_again,
    arm_fallback,
    arm_later,
    arm_next,
    is_urgent,
    retry_of,
    try_until,
    turn_of,
)
from handlers.at_once import at_once
from handlers.jobs import Job, JobReport, JobRun
from handlers.registry import job_named
from storage.leases import Lease, read_standing
from storage.runs import RunOutcome, begin_run, finish_run, leave_out_run

STALE_AFTER = timedelta(hours=1)
"""A run that fires later than this after its time is not what was planned any more: it only plans anew."""

_DAY = timedelta(days=1)
_LOOKS_AGAIN_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class _Hindrance(Enum):
    """What keeps a slot from being run."""

    AT_WORK = auto()
    TOO_MANY = auto()
    WAS_RUN = auto()


class _Left(NamedTuple):
    """A slot that is left alone: what hinders it decides what follows, the reason is told."""

    by: _Hindrance
    reason: str


_AT_WORK = _Left(_Hindrance.AT_WORK, "another run is at work")
_WAS_RUN = _Left(_Hindrance.WAS_RUN, "this slot has been run")


async def run_job(app: App, trigger: Trigger) -> JobReport:
    """Run what a trigger fires, and arm what comes next.

    A fallback is armed before anything can fail, so that the chain goes on whatever happens; a sooner trigger is
    left alone. A slot that was run already, or whose time is long past, is not run, and a run that finds another
    one at work leaves it alone. A run that fails is recorded as failed, with its reason, and the error is raised.
    A closing look does each step again at once where that may help, and waits for its turn, while its turn lasts.
    What fires before its time by our clock, which may be behind the scheduler's, waits for it.
    """
    most = min(CLOCKS_DIFFER, app.run_limit / 2)
    while timedelta(0) < (early := trigger.at - app.clock.now()) <= most:
        await app.sleep(early.total_seconds())
    job, until = job_named(trigger.job), try_until(app, trigger)
    await at_once(app, until, partial(arm_fallback, app, trigger, soon=is_urgent(trigger)))
    run = await at_once(app, until, partial(_start, app, trigger))
    while run == _AT_WORK and until is not None and app.clock.now() < until:
        await app.sleep(_LOOKS_AGAIN_SECONDS)
        run = await at_once(app, until, partial(_start, app, trigger))
    if isinstance(run, _Left):
        return await _leave(app, job, trigger, run)
    late = app.clock.now() - trigger.at
    is_stale = late > STALE_AFTER
    try:
        report = _skipped(late) if is_stale else await at_once(app, until, partial(job.work, app, run))
        arming = partial(arm_next, app, job, trigger.sport_key, at_once=is_stale)
        next_trigger = await at_once(app, until, arming)
        await _finish(app, run, report, next_trigger)
    except LeaseLostError:
        _log.warning("run.superseded", job=job.name, sport_key=trigger.sport_key)
        raise
    except Exception as error:
        await _record_failure(app, run, error)
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


async def _start(app: App, trigger: Trigger) -> JobRun | _Left:
    """Take the slot and the turn; return the run, or why there is none."""
    now = app.clock.now()
    scheduler = app.settings.scheduler
    async with app.database.one_by_one() as connection:
        generation, of_late = await read_standing(
            connection, trigger.job, trigger.sport_key, now=now, since=now - _DAY
        )
        if of_late.runs >= scheduler.runs_a_day and not _is_long_ago(app, of_late.last):
            reason = f"too many runs: {of_late.runs} in 24 h, and {scheduler.runs_a_day} are allowed"
            return _Left(_Hindrance.TOO_MANY, reason)
        if generation is None:
            return _AT_WORK
        lease = Lease(trigger.job, trigger.sport_key, generation, now + turn_of(app, trigger))
        try:
            number = await begin_run(
                connection,
                job=trigger.job,
                sport_key=trigger.sport_key,
                scheduled_at=trigger.at,
                started_at=now,
                reason=trigger.reason,
                tier=trigger.tier,
                minimum_gap=scheduler.minimum_gap,
                lease=lease,
            )
        except LeaseLostError:
            return _AT_WORK
    return _WAS_RUN if number is None else JobRun(trigger, number, lease)


def _is_long_ago(app: App, last: datetime | None) -> bool:
    """Tell whether a job that has had a day's runs may have another: it is slowed down, and never stopped."""
    return last is not None and app.clock.now() - last >= app.settings.scheduler.fallback_interval


def _skipped(late: timedelta) -> JobReport:
    return JobReport(RunOutcome.SKIPPED, f"stale: it was due {duration_text(late)} ago", {})


async def _leave(app: App, job: Job, trigger: Trigger, left: _Left) -> JobReport:
    """Leave a slot alone, and see to it that the chain goes on, though the run at work be dead."""
    _log.info(
        "run.left",
        job=job.name,
        sport_key=trigger.sport_key,
        scheduled_at=trigger.at.isoformat(),
        reason=left.reason,
    )
    match left.by:
        case _Hindrance.AT_WORK:
            await arm_fallback(app, trigger, soon=True)
        case _Hindrance.TOO_MANY:
            await _leave_out(app, trigger, left.reason, await arm_later(app, trigger, left.reason))
        case _Hindrance.WAS_RUN:
            await arm_again(app, job, trigger.sport_key)
    return JobReport(RunOutcome.SKIPPED, left.reason, {})


async def _leave_out(app: App, trigger: Trigger, reason: str, next_trigger: Trigger) -> None:
    """Record a slot that no run is allowed to take."""
    async with app.database.transaction() as connection:
        await leave_out_run(
            connection,
            job=trigger.job,
            sport_key=trigger.sport_key,
            scheduled_at=trigger.at,
            at=app.clock.now(),
            reason=reason,
            next_run=next_trigger,
        )


async def _finish(app: App, run: JobRun, report: JobReport, next_trigger: Trigger) -> bool:
    """Record how a run ended, and end its turn, tried again at once; tell whether it had not ended well before."""

    async def finish() -> bool:
        async with app.database.one_by_one() as connection:
            return await finish_run(
                connection,
                run.number,
                finished_at=app.clock.now(),
                outcome=report.outcome,
                reason=report.reason,
                next_run=next_trigger,
                report=report.counts,
                lease=run.lease,
            )

    return await at_once(app, run.lease.expires_at if run.lease else None, finish)


async def _record_failure(app: App, run: JobRun, error: Exception) -> None:
    """Record a failure and arm what follows it, unless a later run has taken the turn and armed its own."""
    trigger, until, reason = run.trigger, try_until(app, run.trigger), app.told(error)
    _log.error("run.failed", job=trigger.job, sport_key=trigger.sport_key, reason=reason)
    try:
        retry = await at_once(app, until, partial(retry_of, app, trigger, error))
        if await _finish(app, run, JobReport(RunOutcome.FAILED, reason, {}), retry):
            await at_once(app, until, partial(app.triggers.arm, retry))
    except Exception as unrecorded:
        _log.error("run.failure_unrecorded", reason=f"{type(unrecorded).__name__}: {unrecorded}")
