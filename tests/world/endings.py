"""What is judged when a world's faults are over: what resumes, what is stale, what is done twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.simulation.uncertain_scheduler import Moods
from core.triggers.base import Trigger
from handlers.due import next_trigger
from handlers.registry import JOBS
from handlers.runs import STALE_AFTER
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.world import RUN_LIMIT, World
from tests.world import checks
from tests.world.findings import Findings
from tests.world.scenarios import no_database
from tests.world.stored import query, rows

SOON = timedelta(minutes=5)
_STALE = (
    "SELECT outcome FROM operational.job_runs WHERE job = :job AND scheduled_at = :at AND reason LIKE 'stale: %'"
)
_LAST = (
    "SELECT scheduled_at FROM operational.job_runs"
    " WHERE job = :job AND outcome = 'stored' ORDER BY id DESC LIMIT 1"
)


async def let_something_be_out(world: World, seed: int) -> None:
    """Let the database, or else the scheduler, be out of reach for so long that something is due by then."""
    if seed % 2:
        world.scheduler.moods = Moods(throttled=1)
    else:
        world.disturbance = lambda: no_database
    await world.run_for(world.app.settings.scheduler.status_interval + SOON)


@dataclass(frozen=True, slots=True)
class Awaited:
    """When each job is to work again at the latest, as it was planned at the instant when the faults ended."""

    ended: datetime
    works_by: Mapping[str, datetime]


async def awaited(world: World) -> Awaited:
    """Return when each job is due by its plan; what has just died holds its turn until that runs out."""
    now, works_by = world.clock.now(), {}
    (sport_key,) = world.app.settings.collection.sports
    for job in JOBS:
        due = max(now, (await next_trigger(world.app, job, sport_key)).at)
        turns = [
            one.began + RUN_LIMIT
            for one in world.invocations
            if one.trigger.job == job and isinstance(one.error, ProcessDiedError)
        ]
        works_by[job] = max([due, *turns]) + checks.resumes_within(world)
    return Awaited(now, works_by)


def c4_what_is_due_is_resumed(world: World, expected: Awaited) -> Findings:
    """Every job works again within a heartbeat of the end of the faults, or of when it is due."""
    found = Findings()
    for job, by in expected.works_by.items():
        if by <= world.clock.now():
            found.include(checks.c4_collection_resumes(world, job, expected.ended, within=by - expected.ended))
    return found


async def c7_stale_triggers_are_skipped(world: World) -> Findings:
    """Fire every job two hours late: that is recorded as skipped, asks the feed nothing, and arms the next."""
    found = Findings()
    (sport_key,) = world.app.settings.collection.sports
    for job in JOBS:
        stale = Trigger(job, sport_key, world.clock.now() - 2 * STALE_AFTER, "long past")
        done = await world.invoke(stale)
        recorded = await query(world, _STALE, job=job, at=stale.at)
        found.judge(recorded == [("skipped",)], f"the stale run of {job} is not recorded as skipped")
        found.judge(not done.asked, f"the stale run of {job} asked the feed")
        armed = [one.at for one in await world.scheduler.armed() if one.job == job]
        found.judge(
            any(at <= done.ended + SOON for at in armed), f"nothing is armed soon after the stale run of {job}"
        )
    return found


async def d3_redoing_changes_nothing(world: World) -> Findings:
    """Fire the last good run of every job once more: no table changes."""
    found = Findings()
    (sport_key,) = world.app.settings.collection.sports
    for job in JOBS:
        before = await rows(world)
        for (at,) in await query(world, _LAST, job=job):
            await world.invoke(Trigger(job, sport_key, at, "delivered again"))
        after = await rows(world)
        changed = [table for table, was in before.items() if after[table] != was]
        found.judge(not changed, f"{job}, done again, changed {', '.join(changed)}")
    return found
