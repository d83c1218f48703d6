"""Crash a run of each job at each of its steps, one by one, and let the world go on."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from core.simulation.market import SimulatedMarket
from core.triggers.base import Trigger
from handlers.due import next_trigger
from handlers.simulation.invocations import Invocation
from handlers.simulation.process import Disturb, Step, die_at, leave_alone
from handlers.simulation.world import RUN_LIMIT, World, open_world
from storage.database import Database
from tests.world import checks, spending, stored
from tests.world.findings import Findings

HOUR = timedelta(hours=1)
SPORT = "basketball_nba"
START = datetime(2026, 1, 10, 16, tzinfo=UTC)
UNTIL_READY = {"update-status": 3 * HOUR, "fetch-odds": 3 * HOUR, "fetch-scores": 15 * HOUR}
"""How long after its first reading of the list each job has all of its work to do."""

BRINGS = {"update-status": "events", "fetch-odds": "odds", "fetch-scores": "scores"}
"""The endpoint that each job is there to ask."""

AFTERMATH = timedelta(minutes=100)
SETTLED = ("operational.credit_reservations",)


@cache
def market(seed: int = 7, days: int = 2) -> SimulatedMarket:
    """Return the simulated league that the worlds look at."""
    return SimulatedMarket(seed, SPORT, START, days)


@dataclass(frozen=True, slots=True)
class Crash:
    """One crash: at which step, how the run had gone, and what broke which guarantee afterwards."""

    step: str
    died: Invocation
    broken: dict[str, list[str]]


@asynccontextmanager
async def ready_world(job: str, database: Database) -> AsyncIterator[tuple[World, Trigger]]:
    """Yield a world that knows its games, and the trigger of a job that is due and has just fired."""
    async with open_world(market(), database, start=START) as world:
        await world.invoke(Trigger("update-status", SPORT, START, "the world begins"))
        for name in UNTIL_READY:
            await world.scheduler.disarm(name, SPORT)
        world.clock.advance(UNTIL_READY[job])
        for name in UNTIL_READY:
            await world.scheduler.arm(await next_trigger(world.app, name, SPORT))
        await world.beat()
        await world.scheduler.disarm(job, SPORT)
        yield world, Trigger(job, SPORT, world.clock.now(), "as planned")


async def steps_of(job: str, database: Database) -> tuple[Step, ...]:
    """Return the steps of an undisturbed run, every one of which is then crashed at."""
    async with ready_world(job, database) as (world, trigger):
        done = await world.invoke(trigger, disturb=leave_alone)
        return done.steps


async def crash(job: str, step: Step, database: Database) -> Crash:
    """Let a run die at a step, let the world go on, and check every guarantee."""
    async with ready_world(job, database) as (world, trigger):
        died = await world.invoke(trigger, disturb=die_at(step.number))
        await world.run_for(AFTERMATH)
        broken = await verdict(world)
        if not await _was_done(world, trigger):
            broken["C4"] = checks.c4_collection_resumes(world, job, checks.lease_runs_out(died))
        await world.invoke(Trigger(job, SPORT, world.clock.now(), "one more"))
        broken["D5"].include(await stored.d5_every_run_ended(world))
        return Crash(
            f"{step.number}: {step.name}", died, {key: list(what) for key, what in broken.items() if what}
        )


async def stall(job: str, there: Callable[[Step], bool], database: Database) -> list[str] | None:
    """Freeze a run at a step until its turn is long over; return the tables that it wrote to after that.

    None where the run had no turn yet, or none any more.
    """
    async with ready_world(job, database) as (world, trigger):
        seen: dict[str, dict[str, list[str]]] = {}
        await world.invoke(trigger, disturb=_freeze(world, job, there, seen))
        if not seen:
            return None
        after = await stored.rows(world, but=SETTLED)
        ((name, before),) = seen.items()
        return [f"{table} after {name}" for table, was in before.items() if after[table] != was]


async def verdict(world: World) -> dict[str, Findings]:
    """Return what breaks each guarantee that holds in every world, and how often it was judged."""
    return {
        "C1": checks.c1_a_trigger_always_exists(world),
        "C2": checks.c2_a_slot_fetches_once_per_attempt(world),
        "C3": await checks.c3_lateness_is_recorded(world),
        "C5": await checks.c5_is_bounded(world),
        "C8": await checks.c8_turns_do_not_overlap(world),
        "D1": await stored.d1_odd_answers_are_kept(world),
        "D2": await stored.d2_rows_follow_from_raw(world),
        "D4": await stored.d4_nothing_without_its_origin(world),
        "D5": await stored.d5_every_run_ended(world),
        "Q1": await spending.q1_spend_is_booked_and_within_the_plan(world),
        "Q3": spending.q3_no_tight_loop(world),
    }


def _freeze(
    world: World, job: str, there: Callable[[Step], bool], seen: dict[str, dict[str, list[str]]]
) -> Disturb:
    async def disturb(reached: Step) -> None:
        if not there(reached):
            return
        before = await _turn(world, job)
        await world.run_for(RUN_LIMIT)
        await world.invoke(Trigger(job, SPORT, world.clock.now(), "another"), disturb=leave_alone)
        if before[1] is not None and (await _turn(world, job))[0] > before[0]:
            seen[reached.name] = await stored.rows(world, but=SETTLED)

    return disturb


async def _turn(world: World, job: str) -> tuple[int, int | None]:
    sql = "SELECT generation, job_run_id FROM operational.job_leases WHERE job = :job"
    found = await stored.query(world, sql, job=job)
    return (found[0][0], found[0][1]) if found else (0, None)


async def _was_done(world: World, trigger: Trigger) -> bool:
    """Tell whether what the run was to bring is stored, by itself before it died, or by another at once."""
    sql = (
        "SELECT 1 FROM operational.job_runs AS runs JOIN raw_data.api_responses AS calls"
        " ON calls.job_run_id = runs.id AND calls.endpoint LIKE :endpoint AND calls.error IS NULL"
        " WHERE runs.job = :job AND runs.scheduled_at >= :at"
    )
    endpoint = f"%/{BRINGS[trigger.job]}"
    return bool(await stored.query(world, sql, job=trigger.job, at=trigger.at, endpoint=endpoint))
