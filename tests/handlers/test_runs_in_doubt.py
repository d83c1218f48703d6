"""A run whose database breaks off once the feed has answered: nothing is denied, and nothing is paid for twice."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import DatabaseLostError, DatabaseUnreachableError
from core.feed.errors import PayloadError, QuotaExhaustedError
from core.simulation.faults import Fault
from core.simulation.uncertain_scheduler import UncertainScheduler
from core.triggers.base import Trigger
from handlers.at_once import TRIES
from handlers.jobs import JobReport
from handlers.runs import run_job
from handlers.simulation.process import Disturb, Process, Step
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
STORED = "SELECT 1 FROM operational.job_runs WHERE job = 'fetch-odds' AND outcome = 'stored'"
LOGGED = "SELECT status, body IS NOT NULL FROM raw_data.api_responses WHERE endpoint LIKE '%/odds'"
CHARGED = "SELECT charged FROM operational.credit_ledger WHERE endpoint LIKE '%/odds'"


class Look:
    """A look of a tier at a game that starts in ten minutes, by a process that what disturbs it is told of."""

    def __init__(self, world: Any, tier: str) -> None:
        self.world = world
        self.scheduler = UncertainScheduler(world.clock, random.Random(1))
        self.trigger = Trigger("fetch-odds", world.feed.sport_key, world.clock.now(), "as planned", tier)

    async def run(self, disturb: Disturb) -> JobReport:
        """Run it."""
        return await run_job(Process(self.scheduler, disturb).app(self.world.app), self.trigger)

    @property
    def calls(self) -> int:
        """Return how often the odds were asked for."""
        return len(self.world.calls("odds"))


@pytest.fixture(params=["pregame", "closing"])
async def look(collect: Collect, feed: Any, noon: datetime, request: pytest.FixtureRequest) -> Look:
    feed.add(noon + 10 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    return Look(world, request.param)


def unacknowledged(look: Look, times: int) -> Disturb:
    """Return what loses so many acknowledgements of commits from the one on by which the run has ended."""
    lost = 0

    async def disturb(step: Step) -> None:
        nonlocal lost
        if step.name == "transaction: committed" and lost < times and await look.world.query(STORED):
            lost += 1
            raise DatabaseLostError("cut while a transaction was committed, which may have taken effect")

    return disturb


async def test_d5_a_look_whose_end_was_not_acknowledged_is_found_to_have_ended(look: Look) -> None:
    assert (await look.run(unacknowledged(look, 1))).outcome is RunOutcome.STORED
    assert [outcome for job, outcome, _ in await look.world.runs() if job == "fetch-odds"] == ["stored"]


async def test_d5_a_stored_look_is_never_recorded_as_failed(look: Look) -> None:
    with pytest.raises(DatabaseLostError):
        await look.run(unacknowledged(look, TRIES))
    assert [outcome for job, outcome, _ in await look.world.runs() if job == "fetch-odds"] == ["stored"]
    (armed,) = await look.scheduler.armed()
    assert not armed.is_retry
    assert not armed.is_fallback


def cut_once_answered(step_name: str, times: int) -> Disturb:
    """Return what breaks off so many transactions once the feed has told the odds, or why not."""
    answered, cut = False, 0

    async def disturb(step: Step) -> None:
        nonlocal answered, cut
        answered = answered or step.name == "feed: odds asked"
        if answered and step.name == step_name and cut < times:
            cut += 1
            raise DatabaseUnreachableError("cut")

    return disturb


STEPS = ["transaction: begins", "transaction: commits", "transaction: committed"]


@pytest.mark.parametrize("step", STEPS)
async def test_d1_an_answer_that_was_paid_for_and_cannot_be_read_is_kept_once_though_the_database_breaks_off(
    look: Look, step: str
) -> None:
    look.world.feed.garbled = b"no JSON"
    with pytest.raises(PayloadError):
        await look.run(cut_once_answered(step, 1))
    assert look.calls == 1
    assert await look.world.query(LOGGED) == [(200, True)]
    assert await look.world.query(CHARGED) == [(1,)]


async def test_q1_an_answer_that_was_paid_for_and_cannot_be_kept_is_not_bought_again(look: Look) -> None:
    look.world.feed.garbled = b"no JSON"
    with pytest.raises(PayloadError):
        await look.run(cut_once_answered("transaction: begins", TRIES))
    assert look.calls == 1


async def test_q3_a_quota_error_is_not_asked_for_again_though_the_database_breaks_off(look: Look) -> None:
    look.world.server.inject(Fault("odds", status=401, error_code="OUT_OF_USAGE_CREDITS"))
    with pytest.raises(QuotaExhaustedError):
        await look.run(cut_once_answered("transaction: begins", TRIES))
    assert look.calls == 1
    (armed,) = await look.scheduler.armed()
    assert armed.at >= look.trigger.at + look.world.app.settings.scheduler.fallback_interval
