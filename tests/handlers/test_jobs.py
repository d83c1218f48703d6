"""A job is its work and its plan."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from handlers.jobs import JobRun
from handlers.planning import read_state
from handlers.registry import JOBS
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize("name", list(JOBS))
async def test_a_plan_is_for_its_own_job(collect: Collect, feed: Any, noon: datetime, name: str) -> None:
    world = await collect()
    trigger = await JOBS[name].plan(world.app, await read_state(world.app, feed.sport_key))
    assert (trigger.job, trigger.sport_key) == (name, feed.sport_key)
    assert trigger.at >= noon
    assert trigger.reason


@pytest.mark.parametrize("name", list(JOBS))
async def test_work_can_be_done_without_a_turn_and_reports_what_came_of_it(
    collect: Collect, feed: Any, noon: datetime, name: str
) -> None:
    world = await collect()
    await world.fire("update-status")
    ((number,),) = await world.query("SELECT id FROM operational.job_runs")
    run = JobRun(await JOBS[name].plan(world.app, await read_state(world.app, feed.sport_key)), number)
    report = await JOBS[name].work(world.app, run)
    assert report.outcome in {RunOutcome.STORED, RunOutcome.SKIPPED}
    assert report.reason
