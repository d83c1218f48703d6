"""The heartbeat: what it takes for sound, what it mends, and what it leaves asleep."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from core.database_url import parse_database_url
from core.errors import DatabaseUnreachableError
from core.feed.errors import FeedRejectedError
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.heartbeat import MOST_DEATHS, HeartbeatReport, check_chain
from handlers.registry import JOBS
from handlers.runs import run_job
from storage.database import Database

if TYPE_CHECKING:
    from tests.handlers.conftest import World

Collect = Callable[..., Awaitable["World"]]


@pytest.fixture
async def unreachable() -> AsyncIterator[Database]:
    """Yield a database at a port where nothing listens."""
    url = parse_database_url("postgresql://nobody:nothing@127.0.0.1:1/none")
    database = Database(url, pooled=False, connect_deadline_seconds=0.05)
    yield database
    await database.close()


async def arm_all(world: "World", wait: timedelta = timedelta(minutes=20)) -> None:
    for job in JOBS:
        await world.triggers.arm(Trigger(job, world.feed.sport_key, world.clock.now() + wait, "as planned"))


async def arm(world: "World", job: str, wait: timedelta) -> None:
    await world.triggers.arm(Trigger(job, world.feed.sport_key, world.clock.now() + wait, "as planned"))


async def test_a_sound_chain_leaves_the_database_asleep(collect: Collect, unreachable: Database) -> None:
    world = await collect()
    await arm_all(world)
    before = await world.triggers.armed()
    report = await check_chain(replace(world.app, database=unreachable))
    assert report == HeartbeatReport(sound=3, repaired=(), failed=(), ended_runs=0)
    assert await world.triggers.armed() == before


@pytest.mark.parametrize(
    "wait",
    [
        timedelta(minutes=-1),
        timedelta(0),
        timedelta(minutes=1),
        timedelta(hours=24),
        timedelta(hours=24, minutes=30),
    ],
    ids=["just-late", "due", "soon", "longest-sleep", "longest-sleep-and-fallback"],
)
async def test_a_trigger_within_its_bounds_is_left_as_it_is(
    collect: Collect, unreachable: Database, wait: timedelta
) -> None:
    world = await collect()
    await arm_all(world, wait)
    assert (await check_chain(replace(world.app, database=unreachable))).sound == 3


@pytest.mark.parametrize(
    "wait",
    [None, timedelta(minutes=-6), timedelta(days=-30), timedelta(hours=24, minutes=31), timedelta(days=3650)],
    ids=["missing", "late", "long-past", "too-far", "absurd"],
)
async def test_a_trigger_that_is_not_sound_is_armed_by_the_plan(collect: Collect, wait: timedelta | None) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(hours=30))
    await world.fire("update-status")
    await world.fire("fetch-odds")
    planned = await world.armed("fetch-odds")
    await arm_all(world)
    if wait is None:
        await world.triggers.disarm("fetch-odds", world.feed.sport_key)
    else:
        await arm(world, "fetch-odds", wait)
    report = await check_chain(world.app)
    assert report == HeartbeatReport(2, (f"fetch-odds for {world.feed.sport_key}",), (), 0)
    assert await world.armed("fetch-odds") == planned


async def test_a_late_trigger_is_armed_anew_with_the_count_of_its_tries(
    collect: Collect, unreachable: Database
) -> None:
    world = await collect()
    await arm_all(world)
    late = Trigger("fetch-odds", world.feed.sport_key, world.clock.now() - timedelta(minutes=6), "late", tries=20)
    await world.triggers.arm(late)
    await check_chain(replace(world.app, database=unreachable))
    armed = await world.armed("fetch-odds")
    assert armed is not None
    assert (armed.is_fallback, armed.tries) == (True, 20)


async def test_a_collector_that_never_ran_is_started(collect: Collect) -> None:
    world = await collect()
    report = await check_chain(world.app)
    assert (report.sound, len(report.repaired)) == (0, 3)
    assert {one.job for one in await world.triggers.armed()} == set(JOBS)


async def test_where_no_plan_can_be_made_the_fallback_is_armed(collect: Collect, unreachable: Database) -> None:
    world = await collect()
    report = await check_chain(replace(world.app, database=unreachable))
    assert (report.repaired, len(report.failed)) == ((), 3)
    fallback = world.clock.now() + world.app.settings.scheduler.fallback_interval
    assert [one.at for one in await world.triggers.armed()] == [fallback] * 3


async def test_the_fallbacks_are_armed_before_a_database_that_never_answers_is_asked(collect: Collect) -> None:
    world = await collect()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        silent = Database(parse_database_url(f"postgresql://nobody:nothing@127.0.0.1:{port}/none"), pooled=False)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await check_chain(replace(world.app, database=silent))
        await silent.close()
    assert {one.job for one in await world.triggers.armed()} == set(JOBS)


async def strand(world: "World", job: str = "fetch-odds") -> None:
    """Arm the other jobs as planned, and the one for its fallback, as a run does that then dies."""
    await arm_all(world)
    at = world.clock.now() + timedelta(minutes=30)
    await world.triggers.arm(Trigger(job, world.feed.sport_key, at, "fallback: the run before did not end well"))


async def fired(world: "World") -> list[Trigger]:
    """Return what is fired at once."""
    found: list[Trigger] = []

    async def fire(trigger: Trigger) -> None:
        found.append(trigger)

    await world.triggers.run_until(world.clock.now(), fire)
    return found


async def test_a_job_left_to_its_fallback_is_run_at_once_where_it_is_due(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=5))
    await world.fire("update-status")
    await strand(world)
    report = await check_chain(world.app)
    assert report == HeartbeatReport(2, (f"fetch-odds for {world.feed.sport_key}",), (), 0)
    assert [(one.job, one.tier) for one in await fired(world)] == [("fetch-odds", "closing")]


async def test_a_job_left_to_its_fallback_is_armed_by_the_plan_where_it_is_not_due(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(hours=30))
    await world.fire("update-status")
    await world.fire("fetch-odds")
    planned = await world.armed("fetch-odds")
    await strand(world)
    assert (await check_chain(world.app)).repaired == (f"fetch-odds for {world.feed.sport_key}",)
    assert await world.armed("fetch-odds") == planned
    assert await fired(world) == []


async def test_a_run_at_work_is_left_to_end(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=5))
    await world.fire("update-status")
    await arm_all(world)
    world.server.inject(Fault("odds", delay=0.5))
    run = asyncio.create_task(world.fire())
    await world.until_asked()
    assert await check_chain(world.app) == HeartbeatReport(3, (), (), 0)
    await run
    assert len(world.calls("odds")) == 1


NOT_YET_FOUND_DEAD = (
    "WITH newest AS (SELECT max(id) AS id FROM operational.job_runs WHERE job = 'fetch-odds'), running AS ("
    "UPDATE operational.job_runs SET outcome = 'running', finished_at = NULL FROM newest"
    " WHERE job_runs.id = newest.id"
    ") UPDATE operational.job_leases SET job_run_id = newest.id, expires_at = :now FROM newest"
    " WHERE job = 'fetch-odds' RETURNING 1"
)
"""Let the newest look have its turn still, though its time is up."""


async def fail_often(world: "World") -> None:
    """Let look after look be refused; each plans a retry."""
    for number in range(MOST_DEATHS):
        world.server.inject(Fault("odds", status=422, error_code="INVALID_REGION"))
        with pytest.raises(FeedRejectedError):
            await world.fire(at=world.clock.now() - timedelta(seconds=number))


async def test_a_job_that_fails_again_and_again_is_armed_for_the_retry_that_it_planned(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(hours=5))
    await world.fire("update-status")
    await fail_often(world)
    retry = await world.armed("fetch-odds")
    await strand(world)
    assert (await check_chain(world.app)).repaired == (f"fetch-odds for {world.feed.sport_key}",)
    assert await world.armed("fetch-odds") == retry


@pytest.mark.parametrize(
    ("minutes", "looks"), [(30, 0), (5, 1)], ids=["a start is far", "a close would be missed"]
)
async def test_a_job_that_dies_again_and_again_is_left_to_its_fallback_until_a_game_starts(
    collect: Collect, minutes: int, looks: int
) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=minutes))
    await world.fire("update-status")
    await fail_often(world)
    await world.query("UPDATE operational.job_runs SET next_run_at = NULL WHERE outcome = 'failed' RETURNING id")
    await world.query(NOT_YET_FOUND_DEAD, now=world.clock.now())
    await strand(world)
    report = await check_chain(world.app)
    assert (report.sound, report.failed, report.ended_runs) == (3 - looks, (), 1)
    assert [(one.job, one.tier) for one in await fired(world)] == [("fetch-odds", "closing")] * looks


@pytest.mark.parametrize("arms_its_fallback", [True, False], ids=["before its ledger", "at its first line"])
async def test_c5_a_job_that_fails_before_its_ledger_is_run_ever_less_often_and_told_of(
    collect: Collect, unreachable: Database, arms_its_fallback: bool
) -> None:
    """The heartbeat reaches the database, and the job's function does not: its password is wrong, say."""
    world = await collect()
    for hours in (2, 20):
        world.feed.add(world.clock.now() + timedelta(hours=hours))
    await world.fire("update-status")
    await strand(world)
    ran: list[datetime] = []

    async def fail(trigger: Trigger) -> None:
        if trigger.job == "fetch-odds":
            ran.append(world.clock.now())
            if arms_its_fallback:
                with pytest.raises(DatabaseUnreachableError):
                    await run_job(replace(world.app, database=unreachable), trigger)
        else:
            await run_job(world.app, trigger)

    began, failed = world.clock.now(), 0
    while world.clock.now() < began + timedelta(hours=6):
        report = await check_chain(world.app)
        failed += f"fetch-odds for {world.feed.sport_key}" in (*report.repaired, *report.failed)
        await world.triggers.run_until(world.clock.now() + timedelta(minutes=1), fail)
    assert 20 <= len(ran) <= 40
    assert max(after - before for before, after in pairwise(ran)) <= timedelta(minutes=16)
    assert failed >= 6 * 60 - 8


async def test_what_goes_wrong_with_one_job_keeps_no_other_from_being_mended(collect: Collect) -> None:
    """The database refuses in a way that nobody foresaw: no job can be planned, and each is told of."""
    world = await collect()
    await world.fire("fetch-scores")
    await world.query(
        "INSERT INTO raw_data.api_responses (received_at, duration_ms, status, byte_count, endpoint, parameters,"
        " headers, sha256) VALUES (:now, 1, 200, 2, :endpoint, '{\"daysFrom\": \"soon\"}', '{}', '')"
        " RETURNING id",
        now=world.clock.now(),
        endpoint=f"/v4/sports/{world.feed.sport_key}/scores",
    )
    for job in JOBS:
        await world.triggers.disarm(job, world.feed.sport_key)
    report = await check_chain(world.app)
    assert set(report.failed) == {f"{job} for {world.feed.sport_key}" for job in JOBS}
    assert {one.job for one in await world.triggers.armed()} == set(JOBS)


async def test_a_run_that_never_ended_is_recorded_as_failed(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(hours=2))
    sport_key = world.feed.sport_key
    await world.query(
        "WITH run AS (INSERT INTO operational.job_runs"
        " (job, sport_key, scheduled_at, started_at, outcome, reason, attempt)"
        " VALUES ('fetch-odds', :sport_key, :now, :now, 'running', 'as planned', 1) RETURNING id)"
        " INSERT INTO operational.job_leases (job, sport_key, generation, job_run_id, expires_at)"
        " SELECT 'fetch-odds', :sport_key, 1, id, :now FROM run RETURNING 1",
        sport_key=sport_key,
        now=world.clock.now(),
    )
    world.clock.advance(timedelta(seconds=1))
    assert (await check_chain(world.app)).ended_runs == 1
    assert await world.runs() == [("fetch-odds", "failed", "as planned; it never ended, and its lease ran out")]
