"""The job `update-status`: read the free list of events, and keep starts and statuses true."""

from dataclasses import asdict

from core.planning.status import plan_status
from core.triggers.base import Trigger
from handlers import fetch_odds, fetch_scores
from handlers.app import App
from handlers.jobs import Job, JobReport, JobRun
from handlers.listing import read_listing
from storage.leases import end_expired_runs
from storage.runs import RunOutcome
from storage.schedule import SportState

NAME = "update-status"


async def update_status(app: App, run: JobRun) -> JobReport:
    """Read the free list and store what it says; record the runs of any job that never ended, as failed."""
    report = await read_listing(app, run)
    async with app.database.one_by_one() as connection:
        await end_expired_runs(connection, app.clock.now())
    return JobReport(RunOutcome.STORED, run.trigger.reason, asdict(report))


async def plan_update_status(app: App, state: SportState) -> Trigger:
    """Return when the free list is to be read next."""
    wake = plan_status(
        [event.commence_time for event in state.open_events],
        now=app.clock.now(),
        last_status=state.last_runs[NAME],
        status_interval=app.settings.scheduler.status_interval,
        policy=app.planner_policy,
    )
    return Trigger(NAME, state.sport_key, wake.at, wake.reason)


JOB = Job(NAME, update_status, plan_update_status, also_plans=(fetch_odds.NAME, fetch_scores.NAME))
