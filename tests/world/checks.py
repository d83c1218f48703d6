"""What is promised of the chain, each promise judged by what happened in a world; a check tells what breaks it."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from handlers.registry import JOBS
from handlers.simulation.world import RUN_LIMIT, Invocation, World
from storage.runs import ATTEMPTS
from tests.world.stored import query

HOUR = timedelta(hours=1)
FIRING = timedelta(minutes=1)
LEFT = ("another run is at work", "this slot has been run", "too many runs")
PRICED = ("odds", "scores")
BEGINS_WORK = ("transaction", "feed")


def c1_a_trigger_always_exists(world: World) -> list[str]:
    """Nothing is begun before the job's next trigger is pending, and every heartbeat leaves all of them so."""
    broken = [
        f"{one.trigger.job} reached '{step.name}' with nothing armed"
        for one in world.invocations
        for step in one.steps
        if step.name.startswith(BEGINS_WORK) and one.trigger.job not in step.pending
    ]
    for beat in world.beats:
        if beat.error is None and (missing := set(JOBS) - beat.armed):
            broken.append(f"the heartbeat of {beat.at:%H:%M} left {', '.join(sorted(missing))} unarmed")
    return broken


def c2_a_slot_fetches_once_per_attempt(world: World) -> list[str]:
    """A slot asks again only after an attempt that failed, and no oftener than allowed; no run pays twice."""
    slots: dict[tuple[str, datetime], list[Invocation]] = defaultdict(list)
    for one in world.invocations:
        if one.asked:
            slots[one.slot].append(one)
    broken = []
    for (job, at), asked in slots.items():
        if any(one.error is None for one in asked[:-1]):
            broken.append(f"{job} of {at:%H:%M} asked the feed again after a run that ended well")
        if len(asked) > ATTEMPTS:
            broken.append(f"{job} of {at:%H:%M} asked the feed in {len(asked)} runs")
        if any(one.paid.count(endpoint) > 1 for one in asked for endpoint in PRICED):
            broken.append(f"{job} of {at:%H:%M} paid twice for one endpoint in one run")
    return broken


def resumes_within(world: World) -> timedelta:
    """Return how long the chain may take from the end of an outage to the run: a heartbeat, and the firing."""
    return world.app.settings.scheduler.heartbeat_interval + FIRING


def resumes_after_the_feed_within(world: World, lasted: timedelta) -> timedelta:
    """Return how long the chain may take from the end of an outage of the feed: as long again, and a gap.

    Never longer than the fallback interval. The firing comes on top, and what the run before it took.
    """
    scheduler = world.app.settings.scheduler
    return min(lasted + scheduler.minimum_gap, scheduler.fallback_interval) + 2 * FIRING


def c4_collection_resumes(world: World, job: str, ended: datetime, within: timedelta | None = None) -> list[str]:
    """After an outage that ended at an instant, the job works again within a heartbeat and the time to fire.

    Where its slot has become stale by then, which is skipped, it works the minimum gap later.
    """
    latest = ended + (within or resumes_within(world))
    for one in world.invocations:
        if one.trigger.job != job or one.began < ended or not one.report or one.report.reason.startswith(LEFT):
            continue
        if one.began > latest:
            return [f"{job} worked again after {one.began - ended}; the outage ended {ended:%H:%M}"]
        if not one.report.reason.startswith("stale"):
            return []
        latest = one.ended + world.app.settings.scheduler.minimum_gap + FIRING
    return [f"{job} never worked again; the outage ended {ended:%H:%M}"]


async def c5_no_runaway(world: World) -> list[str]:
    """No two looks are stored within the minimum gap, and what is tried within it, or in an hour, is bounded."""
    gap = world.app.settings.scheduler.minimum_gap
    logged = await query(world, "SELECT fetched_at FROM operational.fetch_logs ORDER BY fetched_at")
    broken = [
        f"looks at {first:%H:%M:%S} and {second:%H:%M:%S} are stored"
        for (first,), (second,) in pairwise(logged)
        if second - first < gap
    ]
    looks = [one.began for one in world.invocations if "odds" in one.asked]
    if (most := _busiest(looks, gap)) > ATTEMPTS:
        broken.append(f"{most} looks were tried within {gap}")
    for job in JOBS:
        began = [one.began for one in world.invocations if one.trigger.job == job and one.attempt == 1]
        if (most := _busiest(began, HOUR)) > 2 * (HOUR // gap):
            broken.append(f"{job} ran {most} times in an hour")
    return broken


def _busiest(instants: list[datetime], window: timedelta) -> int:
    return max((sum(at <= other < at + window for other in instants) for at in instants), default=0)


def lease_runs_out(died: Invocation) -> datetime:
    """Return when the turn of a run that died is over at the latest."""
    return died.ended + RUN_LIMIT
