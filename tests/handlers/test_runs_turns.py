"""One run at a time: who has lost the turn writes nothing, and who never ended is found out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import LeaseLostError
from core.feed.errors import FeedError
from core.simulation.faults import Fault
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LONGER_THAN_A_TURN = timedelta(minutes=16)


async def test_of_two_runs_at_once_one_works_and_the_other_leaves_it(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", delay=0.3))
    reports = await asyncio.gather(world.fire(at=noon), world.fire(at=noon - MINUTE))
    assert {report.outcome for report in reports} == {RunOutcome.STORED, RunOutcome.SKIPPED}
    assert "another run is at work" in {report.reason for report in reports}
    assert len(world.calls("odds")) == 1
    assert (await world.armed()).at > world.clock.now()


async def test_a_run_that_finds_another_at_work_sees_to_it_soon_for_that_one_may_be_dead(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.kill_a_look()
    report = await world.fire(at=noon - MINUTE)
    assert report.reason == "another run is at work"
    assert (await world.armed()).at == world.clock.now() + world.app.settings.scheduler.minimum_gap


async def test_many_runs_at_once_fetch_once(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", delay=0.3))
    reports = await asyncio.gather(*(world.fire(at=noon - number * MINUTE) for number in range(5)))
    assert sorted(report.outcome for report in reports) == ["skipped"] * 4 + ["stored"]
    assert len(world.calls("odds")) == 1


async def test_jobs_and_sports_do_not_wait_for_each_other(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", delay=0.3))
    odds, status, scores = await asyncio.gather(
        world.fire(), world.fire("update-status", noon - MINUTE), world.fire("fetch-scores")
    )
    assert (odds.outcome, status.outcome) == (RunOutcome.STORED, RunOutcome.STORED)
    assert scores.reason == "no game seems to be over"


async def test_c8_a_run_that_lost_its_turn_writes_nothing(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", delay=0.5))
    slow = asyncio.create_task(world.fire())
    await world.until_asked()
    world.clock.advance(LONGER_THAN_A_TURN)
    assert (await world.fire()).outcome is RunOutcome.STORED
    armed = await world.armed()
    rows = await world.rows()
    with pytest.raises(LeaseLostError, match="lost its turn"):
        await slow
    assert len(world.calls("odds")) == 2
    assert _but_reservations(await world.rows()) == _but_reservations(rows)
    assert await world.armed() == armed


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(Fault("odds", delay=0.5, body=b"no JSON"), id="an answer that cannot be read"),
        pytest.param(Fault("odds", delay=0.5, status=422, error_code="INVALID_REGION"), id="a refusal"),
        pytest.param(Fault("odds", delay=0.5, reset=True), id="a broken connection"),
    ],
)
async def test_c8_a_run_that_lost_its_turn_and_then_fails_changes_nothing(
    collect: Collect, feed: Any, noon: datetime, failure: Fault
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(failure)
    slow = asyncio.create_task(world.fire())
    await world.until_asked()
    world.clock.advance(LONGER_THAN_A_TURN)
    await world.fire()
    armed = await world.armed()
    runs = await world.runs()
    with pytest.raises((LeaseLostError, FeedError)):
        await slow
    assert await world.runs() == runs
    assert await world.armed() == armed


async def test_d5_a_run_that_never_ended_is_recorded_by_its_successor(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.kill_a_look()
    assert (await world.fire(at=noon + MINUTE)).reason == "another run is at work"
    world.clock.advance(LONGER_THAN_A_TURN)
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert (await world.runs())[1:] == [
        ("fetch-odds", "failed", "as planned; it never ended, and its lease ran out"),
        ("fetch-odds", "stored", (await world.runs())[2][2]),
    ]


def _but_reservations(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    return {table: kept for table, kept in rows.items() if table != "operational.credit_reservations"}
