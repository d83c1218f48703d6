"""A process whose every await may be disturbed, and that is dead once it has died."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.simulation.uncertain_scheduler import UncertainScheduler
from core.triggers.base import Trigger
from handlers.runs import run_job
from handlers.simulation.process import Process, ProcessDiedError, Step, die_at

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)
RUNS = "SELECT count(*) FROM operational.job_runs"


async def prepared(collect: Collect, feed: Any, noon: datetime, disturb: Any = None) -> tuple[Any, Process]:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    scheduler = UncertainScheduler(world.clock, random.Random(1))
    return world, Process(scheduler, disturb) if disturb else Process(scheduler)


async def test_a_run_takes_its_steps_in_order_and_asks_what_it_asks(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    world, process = await prepared(collect, feed, noon)
    await run_job(process.app(world.app), Trigger("update-status", feed.sport_key, noon, "as planned"))
    names = [step.name for step in process.steps]
    assert names[:2] == ["scheduler: is read", "scheduler: was read"]
    assert [step.number for step in process.steps] == list(range(1, len(names) + 1))
    assert process.asked == ["events"]
    assert names.index("feed: events asked") < names.index("feed: events answered")


async def test_each_step_tells_what_was_pending_then(collect: Collect, feed: Any, noon: datetime) -> None:
    world, process = await prepared(collect, feed, noon)
    await run_job(process.app(world.app), Trigger("update-status", feed.sport_key, noon, "as planned"))
    assert process.steps[0].pending == frozenset()
    assert "update-status" in process.steps[-1].pending


@pytest.mark.parametrize(
    ("step", "stored"),
    [
        pytest.param("transaction: commits", 0, id="before the commit nothing is kept"),
        pytest.param("transaction: committed", 1, id="after the commit all of it is"),
    ],
)
async def test_a_death_at_a_commit_keeps_all_of_the_transaction_or_nothing(
    collect: Collect, feed: Any, noon: datetime, step: str, stored: int
) -> None:
    async def disturb(reached: Step) -> None:
        if reached.name == step:
            raise ProcessDiedError(step)

    world, process = await prepared(collect, feed, noon, disturb)
    with pytest.raises(ProcessDiedError):
        await run_job(process.app(world.app), Trigger("update-status", feed.sport_key, noon, "as planned"))
    assert await world.query(RUNS) == [(stored,)]


async def test_the_dead_do_nothing_more(collect: Collect, feed: Any, noon: datetime) -> None:
    world, process = await prepared(collect, feed, noon, die_at(1))
    app = process.app(world.app)
    with pytest.raises(ProcessDiedError):
        await app.triggers.armed()
    with pytest.raises(ProcessDiedError):
        async with app.database.transaction() as connection:
            await connection.execute(text("SELECT 1"))
    assert len(process.steps) == 1


async def test_only_a_step_before_a_commit_is_within_a_transaction(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    world, process = await prepared(collect, feed, noon)
    await run_job(process.app(world.app), Trigger("update-status", feed.sport_key, noon, "as planned"))
    assert {step.name for step in process.steps if not step.is_outside_transactions} == {"transaction: commits"}
