"""The life of a run, the same for every job: arm a fallback, take the slot, work, plan, arm the next, record."""

from dataclasses import replace

import structlog

from core.errors import LinekeeperError
from core.tiers import Tier
from core.triggers.base import Trigger
from handlers.app import App
from handlers.jobs import Job, JobReport, JobRun
from handlers.registry import job_named
from storage.runs import RunOutcome, begin_run, finish_run
from storage.schedule import read_balance

_log = structlog.get_logger(__name__)


async def run_job(app: App, trigger: Trigger) -> JobReport:
    """Run what a trigger fires, and arm what comes next.

    A fallback is armed before anything can fail, so that the chain goes on whatever happens. A slot that another
    run has taken is left to it. A run that fails is recorded as failed, with its reason, and the error is raised.
    """
    job = job_named(trigger.job)
    started_at = app.clock.now()
    await app.triggers.arm(_fallback(app, trigger))
    async with app.database.transaction() as connection:
        before = await read_balance(connection)
        number = await begin_run(
            connection,
            job=job.name,
            sport_key=trigger.sport_key,
            scheduled_at=trigger.at,
            started_at=started_at,
            reason=trigger.reason,
            tier=trigger.tier,
        )
    credits_before = before and before.remaining
    if number is None:
        report = JobReport(RunOutcome.SKIPPED, "another run has taken this slot", {})
        await _arm_next(app, job, trigger.sport_key)
        return report
    try:
        report = await job.work(app, JobRun(trigger, number))
    except Exception as error:
        await _record_failure(app, trigger, number, credits_before, error)
        raise
    next_trigger = await _arm_next(app, job, trigger.sport_key)
    await _finish(app, number, report, next_trigger, credits_before)
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


async def _arm_next(app: App, job: Job, sport_key: str) -> Trigger:
    """Arm the job's own next run, and the runs of the jobs whose plan it may have changed.

    A run that has just ended is never followed at once by another, whatever the plan says.
    """
    next_trigger = await job.plan(app, sport_key)
    soonest = app.clock.now() + app.settings.scheduler.minimum_gap
    if next_trigger.at <= app.clock.now():
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
    app: App, number: int, report: JobReport, next_trigger: Trigger, credits_before: int | None
) -> None:
    async with app.database.transaction() as connection:
        after = await read_balance(connection)
        await finish_run(
            connection,
            number,
            finished_at=app.clock.now(),
            outcome=report.outcome,
            reason=report.reason,
            next_run=next_trigger,
            credits_before=credits_before,
            credits_after=after and after.remaining,
            report=report.counts,
        )


async def _record_failure(
    app: App, trigger: Trigger, number: int, credits_before: int | None, error: Exception
) -> None:
    reason = str(error) if isinstance(error, LinekeeperError) else f"{type(error).__name__}: {error}"
    _log.error("run.failed", job=trigger.job, sport_key=trigger.sport_key, reason=reason)
    next_trigger = await _arm_retry(app, trigger)
    await _finish(app, number, JobReport(RunOutcome.FAILED, reason, {}), next_trigger, credits_before)


async def _arm_retry(app: App, trigger: Trigger) -> Trigger:
    """Arm what follows a failure: the fallback, or sooner where a game is about to start."""
    fallback = _fallback(app, trigger)
    planned = await job_named(trigger.job).plan(app, trigger.sport_key)
    at = max(planned.at, app.clock.now() + app.settings.scheduler.minimum_gap)
    retry = fallback
    if planned.tier == Tier.CLOSING and at < fallback.at:
        retry = replace(planned, at=at, reason=f"{planned.reason}; the run before failed")
    await app.triggers.arm(retry)
    return retry


def _fallback(app: App, trigger: Trigger) -> Trigger:
    at = app.clock.now() + app.settings.scheduler.fallback_interval
    return Trigger(trigger.job, trigger.sport_key, at, "fallback: the run before did not end well")
