"""What is judged when a world's faults are over: what is stale, what is odd, what is done twice."""

from datetime import timedelta

from core.simulation.mishaps import FEED_FAULTS, ODD
from core.triggers.base import Trigger
from handlers.registry import JOBS
from handlers.runs import STALE_AFTER
from handlers.simulation.world import World
from tests.world.findings import Findings
from tests.world.stored import d1_odd_answers_are_kept, query, rows

SOON = timedelta(minutes=5)
_STALE = (
    "SELECT outcome FROM operational.job_runs WHERE job = :job AND scheduled_at = :at AND reason LIKE 'stale: %'"
)
_LAST = (
    "SELECT scheduled_at FROM operational.job_runs"
    " WHERE job = :job AND outcome = 'stored' ORDER BY id DESC LIMIT 1"
)


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


async def d1_an_odd_answer_is_kept(world: World) -> Findings:
    """Let a list be answered with what cannot be read: that is kept, as every such answer before it."""
    (sport_key,) = world.app.settings.collection.sports
    world.server.inject(FEED_FAULTS[ODD])
    await world.invoke(Trigger("update-status", sport_key, world.clock.now(), "one more"))
    return await d1_odd_answers_are_kept(world)
