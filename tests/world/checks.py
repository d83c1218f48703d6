"""What is promised of the chain, each promise judged by what happened in a world; a check tells what breaks it."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from core.tiers import Tier
from handlers.registry import JOBS
from handlers.simulation.invocations import Invocation
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.world import RETRIES, RUN_LIMIT, World
from storage.runs import ATTEMPTS
from tests.world.findings import Findings
from tests.world.spending import PRICED
from tests.world.stored import query

HOUR = timedelta(hours=1)
FIRING = timedelta(minutes=1)
STALE = "stale: "
LEFT = ("another run is at work", "this slot has been run", "too many runs")
"""How the reasons begin of runs that were left alone."""

TURN_TAKEN_WITHIN = timedelta(seconds=20)
"""How long after the begin that is recorded of it a run may take its turn: the database may have to wake."""

MOST_OF_A_TURN = timedelta(seconds=50)
"""How long a closing look lasts at least that hangs until its turn is over, in less than a minute."""

BEGINS_WORK = ("transaction", "feed")
_LEDGER = "SELECT job, scheduled_at, started_at FROM operational.job_runs WHERE attempt > 0 ORDER BY id"
_SLEEPS = (
    "SELECT job, finished_at, next_run_at FROM operational.job_runs"
    " WHERE finished_at IS NOT NULL AND next_run_at IS NOT NULL ORDER BY id"
)
_TURNS = (
    "SELECT * FROM (SELECT job, scheduled_at, started_at, finished_at,"
    " lead(started_at) OVER (PARTITION BY job, sport_key ORDER BY started_at, id) AS next_at"
    " FROM operational.job_runs WHERE attempt > 0) AS turns WHERE next_at IS NOT NULL"
)
_KEPT_TOO_LATE = (
    "SELECT runs.job, runs.scheduled_at, calls.received_at FROM raw_data.api_responses AS calls"
    " JOIN operational.job_runs AS runs ON runs.id = calls.job_run_id"
    " WHERE EXISTS (SELECT FROM operational.job_runs AS later WHERE later.job = runs.job"
    "  AND later.sport_key = runs.sport_key AND later.attempt > 0"
    "  AND later.started_at > runs.started_at AND later.started_at + '20 s'::interval < calls.received_at)"
)


def c1_a_trigger_always_exists(world: World) -> Findings:
    """Nothing is begun before the job's next trigger is pending, and every heartbeat leaves all of them so.

    A run that dies before that has begun nothing: the platform runs it again, or the next heartbeat does.
    """
    found = Findings()
    for one in world.invocations:
        job, retried = one.trigger.job, one.attempt <= len(RETRIES)
        for step in one.steps:
            if step.name.startswith(BEGINS_WORK):
                found.judge(job in step.pending, f"{job} reached '{step.name}' with nothing armed")
        if isinstance(one.error, ProcessDiedError) and not _began_work(one) and retried:
            again = any(other.slot == one.slot and other.attempt == one.attempt + 1 for other in world.invocations)
            late = one.ended + RETRIES[one.attempt - 1] >= world.clock.now()
            found.judge(again or late, f"{job} of {one.began:%H:%M} died before its work and was not run again")
    for beat in world.beats:
        if beat.error is None:
            excused = beat.unarmed if beat.mishaps else frozenset()
            missing = ", ".join(sorted(set(JOBS) - beat.armed - excused))
            found.judge(not missing, f"the heartbeat of {beat.at:%H:%M} left {missing} unarmed")
    return found


def c2_a_slot_fetches_once_per_attempt(world: World) -> Findings:
    """A slot asks again only after an attempt that failed, and no oftener than allowed; no run pays twice."""
    slots: dict[tuple[str, datetime], list[Invocation]] = defaultdict(list)
    for one in sorted((one for one in world.invocations if one.asked), key=_asked_at):
        slots[one.slot].append(one)
    found = Findings()
    for (job, at), asked in slots.items():
        slot = f"{job} of {at:%H:%M}"
        found.judge(
            all(one.error is not None for one in asked[:-1]),
            f"{slot} asked the feed again after a run that ended well",
        )
        found.judge(len(asked) <= ATTEMPTS, f"{slot} asked the feed in {len(asked)} runs")
        found.judge(
            all(one.paid.count(endpoint) <= 1 for one in asked for endpoint in PRICED),
            f"{slot} paid twice for one endpoint in one run",
        )
    return found


async def c3_lateness_is_recorded(world: World) -> Findings:
    """The ledger tells of every run when it was planned for, and when it truly began."""
    began: dict[tuple[str, datetime], list[Invocation]] = defaultdict(list)
    for one in world.invocations:
        began[one.slot].append(one)
    found = Findings()
    for job, at, started_at in await query(world, _LEDGER):
        found.judge(
            any(one.began <= started_at <= one.ended for one in began[job, at]),
            f"{job} of {at:%H:%M} is said to have begun at {started_at:%H:%M:%S}, when no run of that slot was",
        )
    return found


def resumes_within(world: World) -> timedelta:
    """Return how long the chain may take from the end of an outage to the run: a heartbeat, and the firing."""
    return world.app.settings.scheduler.heartbeat_interval + FIRING


def resumes_after_the_feed_within(world: World) -> timedelta:
    """Return how long the chain may take from the end of an outage of the feed to the run, however long it was.

    A feed that is down is asked every few minutes, so that a day's runs suffice: 90 % of them, a day long. The
    firing comes on top, and what the run before it took.
    """
    scheduler = world.app.settings.scheduler
    return max(scheduler.heartbeat_interval, 24 * HOUR / (0.9 * scheduler.runs_a_day)) + 2 * FIRING


def c4_collection_resumes(world: World, job: str, ended: datetime, within: timedelta | None = None) -> Findings:
    """After an outage that ended at an instant, the job works again within a heartbeat and the time to fire.

    Where its slot has become stale by then, which is skipped, it works the minimum gap later.
    """
    found, latest = Findings(), ended + (within or resumes_within(world))
    for one in world.invocations:
        if one.trigger.job != job or one.began < ended or not one.report or one.report.reason.startswith(LEFT):
            continue
        in_time = one.began <= latest
        if in_time and one.report.reason.startswith(STALE):
            latest = one.ended + world.app.settings.scheduler.minimum_gap + FIRING
            continue
        found.judge(in_time, f"{job} worked again after {one.began - ended}; the outage ended {ended:%H:%M}")
        return found
    found.judge(False, f"{job} never worked again; the outage ended {ended:%H:%M}")
    return found


async def c5_no_runaway(world: World) -> Findings:
    """No two looks are stored within the minimum gap, and what is tried within it, or in an hour, is bounded.

    Within the gap an attempt follows another where that failed. A closing look that dies or hangs has a turn of
    less than a minute, so that one attempt more fits in.
    """
    gap = world.app.settings.scheduler.minimum_gap
    logged = await query(world, "SELECT fetched_at FROM operational.fetch_logs ORDER BY fetched_at")
    found = Findings()
    for (first,), (second,) in pairwise(logged):
        found.judge(second - first >= gap, f"looks at {first:%H:%M:%S} and {second:%H:%M:%S} are stored")
    looks = sorted((one for one in world.invocations if "odds" in one.asked), key=_looked_at)
    for number, look in enumerate(looks):
        within = [one for one in looks[number:] if _looked_at(one) < _looked_at(look) + gap]
        allowed = ATTEMPTS + all(map(_took_its_turn, within[:-1]))
        found.judge(
            len(within) <= allowed, f"{len(within)} looks were tried within {gap} of {_looked_at(look):%H:%M:%S}"
        )
    for job in JOBS:
        began = [one.began for one in world.invocations if one.trigger.job == job and one.attempt == 1]
        most = _busiest(began, HOUR)
        found.judge(most <= 2 * (HOUR // gap), f"{job} ran {most} times in an hour")
    return found


async def c5_no_more_runs_a_day_than_allowed(world: World) -> Findings:
    """Once a job has taken as many turns within a day as the settings allow, it takes one a fallback interval."""
    found = Findings()
    turns: dict[str, list[datetime]] = defaultdict(list)
    for job, _, started_at in await query(world, _LEDGER):
        turns[job].append(started_at)
    scheduler = world.app.settings.scheduler
    for job, began in turns.items():
        for before, at in pairwise(sorted(began)):
            of_a_day = sum(at - 24 * HOUR < other < at for other in began)
            found.judge(
                of_a_day < scheduler.runs_a_day or at - before >= scheduler.fallback_interval,
                f"{job} ran at {at:%H:%M}, {at - before} after its run before, and {of_a_day} times in a day",
            )
    return found


async def c5_no_longer_sleep(world: World) -> Findings:
    """No job sleeps longer than the settings allow, from the end of a run to the next that it planned."""
    found, longest = Findings(), world.app.settings.scheduler.longest_sleep
    for job, finished_at, next_at in await query(world, _SLEEPS):
        slept = next_at - finished_at
        found.judge(slept <= longest, f"{job} of {finished_at:%H:%M} was to sleep for {slept}")
    return found


async def c5_is_bounded(world: World) -> Findings:
    """Looks, the runs of a day and the sleep between them are bounded."""
    found = await c5_no_runaway(world)
    found.include(await c5_no_more_runs_a_day_than_allowed(world))
    return found.include(await c5_no_longer_sleep(world))


async def c8_turns_do_not_overlap(world: World) -> Findings:
    """No run of a job ends, or keeps an answer, after a later one has taken the turn.

    A case is a turn that was taken while a run that began before might still have been at work.
    """
    found = Findings()
    for job, at, started_at, finished_at, next_at in await query(world, _TURNS):
        if next_at > started_at + RUN_LIMIT:
            continue
        found.judge(
            finished_at is None or finished_at <= next_at + TURN_TAKEN_WITHIN,
            f"{job} of {at:%H:%M} ended after the next had begun",
        )
    for job, at, received_at in await query(world, _KEPT_TOO_LATE):
        found.append(f"{job} of {at:%H:%M} kept an answer of {received_at:%H:%M:%S}, when another had the turn")
    return found


def _asked_at(one: Invocation) -> datetime:
    return next(step.at for step in one.steps if step.name.startswith("feed"))


def _looked_at(one: Invocation) -> datetime:
    return one.looked_at or one.began


def _took_its_turn(one: Invocation) -> bool:
    """Tell whether it was a closing look that failed, and kept others away until its turn was over."""
    is_dead = isinstance(one.error, ProcessDiedError)
    has_hung = one.error is not None and one.ended - one.began >= MOST_OF_A_TURN
    return one.trigger.tier == Tier.CLOSING and (is_dead or has_hung)


def _began_work(one: Invocation) -> bool:
    return any(step.name.startswith(BEGINS_WORK) for step in one.steps)


def _busiest(instants: list[datetime], window: timedelta) -> int:
    return max((sum(at <= other < at + window for other in instants) for at in instants), default=0)


def lease_runs_out(died: Invocation) -> datetime:
    """Return when the turn of a run that died is over at the latest."""
    return died.ended + RUN_LIMIT
