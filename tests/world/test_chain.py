"""The promises of the chain in a world that misbehaves in one way at a time."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from core.simulation.faults import Fault
from core.simulation.uncertain_scheduler import Moods
from core.triggers.base import Trigger
from handlers.registry import JOBS
from handlers.simulation.process import Step, die_at
from handlers.simulation.world import World, open_world
from storage.closing import read_closes
from storage.database import Database
from tests.world import checks, stored
from tests.world.databases import Fresh
from tests.world.judges import c3_runs_start_in_time
from tests.world.scenarios import calm, fired_again, run_away, strayed
from tests.world.sweeps import SPORT, START, market, stall, steps_of, verdict

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@asynccontextmanager
async def running(database: Database, moods: Moods | None = None) -> AsyncIterator[World]:
    """Yield a world whose chain runs by itself for an hour."""
    async with open_world(market(), database, start=START, moods=moods) as world:
        await world.beat()
        await world.run_for(HOUR)
        yield world


@pytest.mark.parametrize(
    "moods",
    [
        pytest.param(Moods(twice=1), id="every trigger fires twice"),
        pytest.param(Moods(never=0.5), id="half the triggers never fire"),
        pytest.param(Moods(throttled=0.3), id="the scheduler throttles"),
        pytest.param(Moods(applied_then_failed=0.3), id="the scheduler's answers are lost"),
    ],
)
async def test_c1_and_c2_hold_whatever_the_scheduler_does(database: Database, moods: Moods) -> None:
    async with running(database, moods) as world:
        await world.run_for(9 * HOUR)
        assert world.mishaps
        assert {name: broken for name, broken in (await verdict(world)).items() if broken} == {}
        assert {call.endpoint for call in world.server.calls} >= {"events", "odds"}


async def test_c2_a_trigger_delivered_again_finds_its_slot_taken(database: Database) -> None:
    async with fired_again(database) as world:
        assert checks.c2_a_slot_fetches_once_per_attempt(world) == []
        assert sum("odds" in one.asked for one in world.invocations) == 1
        assert len([one for one in await world.scheduler.armed() if one.job == "fetch-odds"]) == 1


async def test_c3_without_faults_every_run_starts_within_a_minute_of_its_time(database: Database) -> None:
    async with calm(database) as world:
        found = await c3_runs_start_in_time(world)
        assert found == []
        assert found.judged > 20


async def test_c4_where_the_scheduler_never_fires_the_heartbeat_alone_has_every_game_looked_at_in_time(
    database: Database,
) -> None:
    async with running(database) as world:
        world.scheduler.moods = Moods(never=1)
        await world.run_for(30 * HOUR)
        async with world.app.database.transaction() as connection:
            closes = await read_closes(connection, START + 2 * HOUR)
        assert len(closes) > 5
        assert all(close.age is not None and close.age <= 10 * MINUTE for close in closes)


async def test_c4_collection_resumes_when_the_scheduler_can_be_reached_again(database: Database) -> None:
    async with running(database) as world:
        world.scheduler.moods = Moods(throttled=1)
        await world.run_for(30 * HOUR)
        world.scheduler.moods = Moods()
        ended = world.clock.now()
        await world.run_for(HOUR)
        assert [checks.c4_collection_resumes(world, job, ended) for job in JOBS] == [[], [], []]


async def test_c4_a_first_reading_that_died_is_made_up_for_though_a_retry_found_it_at_work(
    database: Database,
) -> None:
    async with open_world(market(), database, start=START) as world:
        died = await world.invoke(Trigger("update-status", SPORT, START, "the world begins"), disturb=die_at(9))
        await world.beat()
        await world.run_for(HOUR)
        assert "another run is at work" in {one.report.reason for one in world.invocations if one.report}
        assert checks.c4_collection_resumes(world, "update-status", checks.lease_runs_out(died)) == []


async def test_c5_two_triggers_within_the_gap_look_once(database: Database) -> None:
    async with strayed(database) as world:
        assert sum("odds" in one.asked for one in world.invocations) == 1


async def test_c5_a_job_that_is_fired_without_end_runs_no_oftener_than_a_day_allows(database: Database) -> None:
    async with run_away(database) as world:
        assert sum("events" in one.asked for one in world.invocations) == 24


def is_at(step: Step) -> Callable[[Step], bool]:
    return lambda reached: reached.number == step.number


@pytest.mark.slow
@pytest.mark.parametrize("job", sorted(JOBS))
async def test_c8_a_run_frozen_at_any_step_writes_nothing_when_its_turn_is_over(fresh: Fresh, job: str) -> None:
    async with fresh() as database:
        steps = [step for step in await steps_of(job, database) if step.is_outside_transactions]
    wrote: list[str] = []
    superseded = 0
    for step in steps:
        async with fresh() as database:
            found = await stall(job, is_at(step), database)
            superseded += found is not None
            wrote += found or []
    assert wrote == []
    assert superseded > 10


@pytest.mark.parametrize("lasts", [5 * MINUTE, 2 * HOUR], ids=["minutes", "hours"])
async def test_c4_what_is_due_works_again_minutes_after_the_feed_is_back(
    database: Database, lasts: timedelta
) -> None:
    async with running(database) as world:
        (look,) = [one.at for one in await world.scheduler.armed() if one.job == "fetch-odds"]
        await world.run_until(look - MINUTE)
        world.server.inject(*[Fault(status=503)] * 2000)
        for job in JOBS:
            await world.invoke(Trigger(job, SPORT, world.clock.now(), "the feed goes down"))
        await world.run_for(lasts)
        world.server.forget_faults()
        ended, within = world.clock.now(), checks.resumes_after_the_feed_within(world)
        await world.run_for(within)
        for job in ("update-status", "fetch-odds"):
            assert checks.c4_collection_resumes(world, job, ended, within) == []
        armed = await world.scheduler.armed()
        assert {one.job: one.is_retry or one.is_fallback for one in armed} == dict.fromkeys(JOBS, False)
        assert {name: broken for name, broken in (await verdict(world)).items() if broken} == {}
        stored_rows = await stored.query(world, "SELECT outcome, count(*) FROM operational.job_runs GROUP BY 1")
        assert {outcome for outcome, _ in stored_rows} >= {"failed", "stored"}
