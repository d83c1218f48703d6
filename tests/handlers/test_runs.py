"""The life of a run: whatever happens in it, the chain goes on, and the ledger tells what happened."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.database_url import parse_database_url
from core.errors import ConfigurationError, DatabaseUnreachableError
from core.triggers.base import Trigger
from storage.database import Database
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FALLBACK = timedelta(minutes=30)
GAP = timedelta(minutes=3)


@pytest.fixture
async def no_database() -> AsyncIterator[Database]:
    """Yield a database on a port where nothing listens."""
    url = parse_database_url("postgresql://somebody@127.0.0.1:1/linekeeper")
    database = Database(url, pooled=False, connect_deadline_seconds=0.2)
    yield database
    await database.close()


async def test_a_fallback_is_armed_though_the_database_is_down(
    collect: Collect, no_database: Database, noon: datetime
) -> None:
    world = await collect(into=no_database)
    with pytest.raises(DatabaseUnreachableError):
        await world.fire()
    assert (await world.armed()).at == noon + FALLBACK
    assert world.server.calls == []


async def test_a_sooner_trigger_is_left_alone_while_a_run_is_at_work(
    collect: Collect, no_database: Database, noon: datetime
) -> None:
    world = await collect(into=no_database)
    await world.triggers.arm(Trigger("fetch-odds", world.feed.sport_key, noon + 10 * MINUTE, "sooner"))
    with pytest.raises(DatabaseUnreachableError):
        await world.fire()
    assert (await world.armed()).reason == "sooner"


async def test_a_trigger_far_away_is_no_fallback(collect: Collect, no_database: Database, noon: datetime) -> None:
    world = await collect(into=no_database)
    await world.triggers.arm(Trigger("fetch-odds", world.feed.sport_key, noon + 10 * HOUR, "far away"))
    with pytest.raises(DatabaseUnreachableError):
        await world.fire()
    assert (await world.armed()).at == noon + FALLBACK


@pytest.mark.parametrize(
    ("early", "limit", "begins"),
    [
        pytest.param(MINUTE, HOUR, MINUTE, id="up to a minute"),
        pytest.param(MINUTE + SECOND, HOUR, 0 * SECOND, id="and no longer: then its clock is not what differs"),
        pytest.param(15 * SECOND, MINUTE / 2, 15 * SECOND, id="or up to half of the time that it has"),
        pytest.param(16 * SECOND, MINUTE / 2, 0 * SECOND, id="which it needs for its work"),
    ],
)
async def test_a_run_that_fires_before_its_time_waits_for_it(
    collect: Collect, noon: datetime, early: timedelta, limit: timedelta, begins: timedelta
) -> None:
    world = await collect()
    world = replace(world, app=replace(world.app, run_limit=limit))
    await world.fire("update-status", at=noon + early)
    assert await world.query("SELECT started_at FROM operational.job_runs") == [(noon + begins,)]


async def test_a_run_arms_exactly_what_the_plan_says(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    report = await world.fire()
    assert report.outcome is RunOutcome.STORED
    armed = await world.armed()
    assert (armed.at, armed.tier) == (noon + 30 * MINUTE, "closing")
    ((at, reason, tier),) = await world.query(
        "SELECT next_run_at, next_run_reason, next_run_tier FROM operational.job_runs WHERE job = 'fetch-odds'"
    )
    assert (at, reason, tier) == (armed.at, armed.reason, armed.tier)


async def test_a_run_is_never_followed_at_once(collect: Collect, feed: Any, noon: datetime) -> None:
    """A look that was asked to come late finds the next one due already."""
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.clock.advance(timedelta(minutes=90))
    await world.fire(at=noon)
    assert (await world.armed()).at >= world.clock.now() + GAP


async def test_a_slot_is_run_once_however_often_it_fires(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    assert (await world.fire(at=noon)).outcome is RunOutcome.STORED
    for _ in range(3):
        world.clock.advance(40 * MINUTE)
        again = await world.fire(at=noon)
        assert (again.outcome, again.reason) == (RunOutcome.SKIPPED, "this slot has been run")
        assert (await world.armed()).at > world.clock.now()
    assert len(world.calls("odds")) == 1


async def test_a_slot_that_fires_again_leaves_what_is_armed_for_arming_it_anew_could_put_it_off(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire(at=noon)
    armed = Trigger("fetch-odds", feed.sport_key, noon + MINUTE, "about to fire", "closing")
    await world.triggers.arm(armed)
    await world.fire(at=noon)
    assert await world.armed() == armed


@pytest.mark.parametrize("job", ["fetch-odds", "fetch-scores", "update-status"])
async def test_c7_a_stale_trigger_is_skipped_with_its_reason_and_armed_anew(
    collect: Collect, feed: Any, noon: datetime, job: str
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    world.clock.advance(3 * HOUR)
    report = await world.fire(job, at=noon)
    assert report.outcome is RunOutcome.SKIPPED
    assert await world.runs() == [(job, "skipped", "stale: it was due 3 h ago")]
    assert world.server.calls == []
    assert (await world.armed(job)).at == world.clock.now() + GAP


async def test_c6_a_start_moved_earlier_brings_the_next_look_forward(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon + 60 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    late = await world.armed()
    game.commence_time = noon + 4 * HOUR
    await world.fire_after(HOUR, "update-status")
    assert late.at > noon + 12 * HOUR
    assert (await world.armed()).at < noon + 4 * HOUR
    assert (await world.armed("fetch-scores")).at < noon + 7 * HOUR


async def test_an_unknown_job_is_refused_by_its_name(collect: Collect, noon: datetime) -> None:
    world = await collect()
    with pytest.raises(ConfigurationError, match="'fetch-weather'; the jobs are"):
        await world.fire("fetch-weather")


async def test_c5_a_job_that_has_run_too_often_in_a_day_waits_and_goes_on_slowly(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + timedelta(days=3))
    world = await collect(SCHEDULER_RUNS_A_DAY=24)
    for _ in range(24):
        assert (await world.fire_after(timedelta(minutes=5), "update-status")).outcome is RunOutcome.STORED
    left = await world.fire_after(timedelta(minutes=5), "update-status")
    assert left.reason == "too many runs: 24 in 24 h, and 24 are allowed"
    armed = await world.armed("update-status")
    assert (armed.at, armed.is_fallback) == (world.clock.now() + timedelta(minutes=30), False)
    assert len(world.calls("events")) == 24
    assert (await world.runs())[-1] == ("update-status", "skipped", left.reason)
    assert (await world.fire_after(timedelta(minutes=30), "update-status")).outcome is RunOutcome.STORED
    assert "too many runs" in (await world.fire_after(timedelta(minutes=29), "update-status")).reason
