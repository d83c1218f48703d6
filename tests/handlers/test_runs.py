"""The life of a run: whatever happens in it, the chain goes on, and the ledger tells what happened."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.database_url import parse_database_url
from core.errors import ConfigurationError, DatabaseUnreachableError, LeaseLostError
from core.feed.errors import FeedError, FeedRejectedError, FeedUnavailableError, PayloadError, QuotaExhaustedError
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.runs import run_job
from storage.database import Database
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FALLBACK = timedelta(minutes=30)
GAP = timedelta(minutes=3)
LONGER_THAN_A_TURN = timedelta(minutes=16)
DOWN = Fault("odds", status=503)
REFUSED = Fault("odds", status=422, error_code="INVALID_REGION")


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


@pytest.mark.parametrize("job", ["fetch-odds", "fetch-scores", "update-status"])
async def test_a_failed_run_leaves_a_fallback_and_is_recorded_and_raised(
    collect: Collect, feed: Any, noon: datetime, job: str
) -> None:
    feed.add(noon + 2 * timedelta(days=1))
    world = await collect()
    world.server.inject(*[Fault(status=503)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire(job)
    assert (await world.armed(job)).at == world.clock.now() + FALLBACK
    ((_, outcome, reason),) = await world.runs()
    assert outcome == "failed"
    assert "503" in reason


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


async def test_a_failed_slot_is_tried_three_times_at_most(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * timedelta(days=1))
    world = await collect()
    await world.fire("update-status")
    world.server.inject(*[REFUSED] * 10)
    for _ in range(3):
        with pytest.raises(FeedRejectedError):
            await world.fire(at=noon)
        world.clock.advance(MINUTE)
    assert (await world.fire(at=noon)).reason == "this slot has been run"
    assert len(world.calls("odds")) == 3
    assert await world.query("SELECT attempt FROM operational.job_runs WHERE job = 'fetch-odds'") == [(3,)]
    assert (await world.armed()).at > world.clock.now()


async def test_a_failed_slot_may_succeed_when_tried_again(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire(at=noon)
    assert (await world.fire(at=noon)).outcome is RunOutcome.STORED
    assert await world.query("SELECT attempt, outcome FROM operational.job_runs WHERE job = 'fetch-odds'") == [
        (2, "stored")
    ]


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


async def test_c8_a_run_that_lost_its_turn_writes_nothing(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", delay=0.5))
    slow = asyncio.create_task(world.fire())
    await _until_asked(world)
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
    await _until_asked(world)
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
    world.server.inject(Fault("odds", delay=30))
    killed = asyncio.create_task(world.fire())
    await _until_asked(world)
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert (await world.fire(at=noon + MINUTE)).reason == "another run is at work"
    world.clock.advance(LONGER_THAN_A_TURN)
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert (await world.runs())[1:] == [
        ("fetch-odds", "failed", "as planned; it never ended, and its lease ran out"),
        ("fetch-odds", "stored", (await world.runs())[2][2]),
    ]


async def test_a_failure_near_a_start_is_tried_again_sooner_than_the_fallback(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 6 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire()
    armed = await world.armed()
    assert armed.at == noon + GAP
    assert armed.reason.endswith("the run before failed")


async def test_a_failure_for_a_far_game_does_not_cost_a_near_one_its_last_look(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    """The look that fails is due for a game that enters pregame, while another is to start in ten minutes."""
    feed.add(noon + 15 * MINUTE)
    feed.add(noon + 12 * HOUR + 5 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    assert ((await world.armed()).at, (await world.armed()).tier) == (noon + 5 * MINUTE, "pregame")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire_after(5 * MINUTE)
    assert (await world.armed()).at == noon + 8 * MINUTE


async def test_a_failure_in_the_closing_tier_is_tried_again_at_the_minimum_gap(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire()
    assert (await world.armed()).at == noon + GAP


@pytest.mark.parametrize(
    ("minutes", "wait"),
    [
        pytest.param(120, FALLBACK, id="long before a start it waits for the fallback"),
        pytest.param(20, GAP, id="before a last look it does not"),
    ],
)
async def test_a_failure_that_was_paid_for_is_not_repeated_without_need(
    collect: Collect, feed: Any, minutes: int, wait: timedelta
) -> None:
    world = await collect()
    feed.add(world.clock.now() + minutes * MINUTE)
    await world.fire("update-status")
    feed.garbled = b"no JSON"
    with pytest.raises(PayloadError):
        await world.fire()
    assert world.server.credits_used == 1
    assert (await world.armed()).at == world.clock.now() + wait


async def test_q3_a_quota_error_is_not_repeated_at_once_though_a_game_is_about_to_start(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 10 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", status=401, error_code="OUT_OF_USAGE_CREDITS"))
    with pytest.raises(QuotaExhaustedError):
        await world.fire()
    assert (await world.armed()).at == noon + FALLBACK
    assert len(world.calls("odds")) == 1


class _BrokenBackend:
    """Triggers of a platform that refuses to arm anything from its second request on."""

    def __init__(self, triggers: Any) -> None:
        self._triggers = triggers
        self._asked = 0

    async def arm(self, trigger: Trigger) -> None:
        self._asked += 1
        if self._asked > 1:
            raise ConnectionResetError("throttled")
        await self._triggers.arm(trigger)

    async def armed(self) -> list[Trigger]:
        armed: list[Trigger] = await self._triggers.armed()
        return armed

    async def disarm(self, job: str, sport_key: str) -> None:
        await self._triggers.disarm(job, sport_key)


async def test_a_run_that_cannot_arm_the_next_is_recorded_and_gives_its_turn_back(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.triggers.disarm("fetch-odds", feed.sport_key)
    broken = replace(world.app, triggers=_BrokenBackend(world.triggers))
    with pytest.raises(ConnectionResetError):
        await run_job(broken, Trigger("fetch-odds", feed.sport_key, noon, "as planned"))
    assert (await world.runs())[-1] == ("fetch-odds", "failed", "ConnectionResetError: throttled")
    assert (await world.armed()).at == noon + FALLBACK
    assert (await world.fire_after(MINUTE)).reason != "another run is at work"
    assert len(world.calls("odds")) == 1


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


async def _until_asked(world: Any) -> None:
    """Wait until a run has set its credits aside and its call is on its way."""
    reserved = "SELECT id FROM operational.credit_reservations WHERE settled_at IS NULL"
    while not await world.query(reserved):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


def _but_reservations(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    return {table: kept for table, kept in rows.items() if table != "operational.credit_reservations"}
