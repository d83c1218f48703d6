"""A closing look does again at once what fails: a minute later may be too late."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import AnswerNotStoredError, DatabaseUnreachableError
from core.feed.errors import FeedUnavailableError
from core.simulation.faults import Fault
from core.simulation.uncertain_scheduler import UncertainScheduler
from core.triggers.base import Trigger
from core.triggers.errors import SchedulerUnavailableError
from handlers.jobs import JobReport
from handlers.runs import run_job
from handlers.simulation.process import Disturb, Process, ProcessDiedError, Step, leave_alone
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
LEAD = 5 * MINUTE
GAP = 3 * MINUTE
CALL_AND_RETRIES = 3
STORED = "SELECT count(*) FROM operational.fetch_logs"
LOGGED = "SELECT count(*) FROM raw_data.api_responses WHERE endpoint LIKE '%/odds'"


class Closing:
    """A world five minutes before a start, and the look that is due."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.scheduler = UncertainScheduler(world.clock, random.Random(1))
        self.trigger = Trigger("fetch-odds", world.feed.sport_key, world.clock.now(), "last look", "closing")

    async def run(self, disturb: Disturb = leave_alone, trigger: Trigger | None = None) -> JobReport:
        """Run the look in a process that meets what disturbs it."""
        app = Process(self.scheduler, disturb).app(self.world.app)
        return await run_job(app, trigger or self.trigger)

    @property
    def looks(self) -> int:
        """Return how often the odds were asked for."""
        return len(self.world.calls("odds"))


@pytest.fixture
async def closing(collect: Collect, feed: Any, noon: datetime) -> Closing:
    feed.add(noon + LEAD)
    world = await collect()
    await world.fire("update-status")
    return Closing(world)


async def test_a_feed_that_is_down_for_a_call_and_its_retries_is_asked_again_at_once(closing: Closing) -> None:
    began = closing.world.clock.now()
    closing.world.server.inject(*[Fault("odds", status=503)] * CALL_AND_RETRIES)
    assert (await closing.run()).outcome is RunOutcome.STORED
    assert closing.looks == CALL_AND_RETRIES + 1
    assert closing.world.clock.now() - began < MINUTE


async def test_another_look_leaves_that_to_its_next_run(closing: Closing) -> None:
    closing.world.server.inject(*[Fault("odds", status=503)] * CALL_AND_RETRIES)
    planned = Trigger("fetch-odds", closing.trigger.sport_key, closing.trigger.at, "as planned", "pregame")
    with pytest.raises(FeedUnavailableError):
        await closing.run(trigger=planned)
    assert closing.looks == CALL_AND_RETRIES


@pytest.mark.parametrize(
    "step",
    [
        "transaction: begins",
        "transaction: commits",
        "transaction: committed",
        "scheduler: is read",
        "scheduler: arms fetch-odds",
        "scheduler: armed fetch-odds",
    ],
)
@pytest.mark.parametrize("visit", range(1, 8))
async def test_whatever_breaks_off_once_the_look_is_stored_and_paid_for_once(
    closing: Closing, step: str, visit: int
) -> None:
    error = (
        DatabaseUnreachableError("cut") if step.startswith("transaction") else SchedulerUnavailableError("busy")
    )
    seen = 0

    async def disturb(reached: Step) -> None:
        nonlocal seen
        seen += reached.name == step
        if reached.name == step and seen == visit:
            raise error

    await closing.run(disturb)
    assert await closing.world.query(STORED) == [(1,)]
    assert await closing.world.query(LOGGED) == [(1,)]
    assert closing.looks == 1
    assert [job for job, outcome, _ in await closing.world.runs() if outcome == "failed"] == []
    assert {one.job for one in await closing.scheduler.armed()} == {"fetch-odds"}


async def test_an_answer_that_cannot_be_stored_is_not_paid_for_again_at_once(closing: Closing) -> None:
    asked = False

    async def disturb(step: Step) -> None:
        nonlocal asked
        asked = asked or step.name == "feed: odds answered"
        if asked and step.name == "transaction: commits":
            raise DatabaseUnreachableError("cut")

    with pytest.raises(AnswerNotStoredError, match="paid for and could not be stored: cut"):
        await closing.run(disturb)
    assert closing.looks == 1


async def test_the_platforms_retry_of_a_run_that_died_finds_the_turn_free(closing: Closing) -> None:
    async def die(step: Step) -> None:
        if step.name == "feed: odds asked":
            raise ProcessDiedError(step.name)

    with pytest.raises(ProcessDiedError):
        await closing.run(die)
    closing.world.clock.advance(MINUTE)
    assert (await closing.run()).outcome is RunOutcome.STORED


async def test_a_dead_run_has_armed_what_comes_in_time(closing: Closing) -> None:
    async def die(step: Step) -> None:
        if step.name == "feed: odds asked":
            raise ProcessDiedError(step.name)

    with pytest.raises(ProcessDiedError):
        await closing.run(die)
    (armed,) = await closing.scheduler.armed()
    assert armed.at <= closing.trigger.at + GAP
    assert armed.is_fallback
    assert armed.tier == "closing"


async def test_a_look_waits_for_the_run_at_work_and_leaves_its_slot_to_it(closing: Closing) -> None:
    closing.world.server.inject(Fault("odds", delay=0.3))
    first = asyncio.create_task(closing.run())
    await closing.world.until_asked()

    async def rest(_seconds: float) -> None:
        await asyncio.sleep(0.1)

    app = Process(closing.scheduler).app(closing.world.app)
    second = await run_job(replace(app, sleep=rest), closing.trigger)
    assert (await first).outcome is RunOutcome.STORED
    assert second.reason == "this slot has been run"
    assert closing.looks == 1
