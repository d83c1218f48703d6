"""The heartbeat: what becomes of a job that it cannot, or need not, have run."""

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.simulation.faults import Fault
from core.simulation.uncertain_scheduler import Moods, UncertainScheduler
from core.triggers.base import Trigger
from core.triggers.errors import SchedulerRefusedError, SchedulerUnavailableError
from core.triggers.virtual import VirtualTriggers
from handlers.heartbeat import HeartbeatReport, check_chain
from handlers.registry import JOBS
from tests.handlers.test_heartbeat import Collect, arm_all, fired, strand


async def test_a_run_that_is_at_work_is_left_to_its_fallback(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(hours=2))
    await world.fire("update-status")
    await arm_all(world)
    await world.triggers.disarm("fetch-odds", world.feed.sport_key)
    world.server.inject(Fault("odds", delay=30))
    at_work = asyncio.create_task(world.fire("fetch-odds"))
    await world.until_asked()
    fallback = await world.armed("fetch-odds")
    assert await check_chain(world.app) == HeartbeatReport(3, (), (), 0)
    assert await world.armed("fetch-odds") == fallback
    at_work.cancel()
    await asyncio.wait([at_work])


async def test_what_cannot_be_fired_is_told_and_keeps_its_fallback(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=5))
    await world.fire("update-status")
    scheduler = UncertainScheduler(world.clock, random.Random(1))
    app = replace(world.app, triggers=scheduler)
    await check_chain(app)
    scheduler.moods = Moods(throttled=1)
    with pytest.raises(SchedulerUnavailableError):
        await check_chain(app)
    scheduler.moods = Moods(applied_then_failed=1)
    await strand(world)
    for armed in await world.triggers.armed():
        with pytest.raises(SchedulerUnavailableError):
            await scheduler.arm(armed)
    report = await check_chain(app)
    assert report.failed == (f"fetch-odds for {world.feed.sport_key}",)
    assert {one.job for one in await scheduler.armed()} == set(JOBS)


class OneNameIsRefused(VirtualTriggers):
    """A scheduler that takes no trigger of one job."""

    async def arm(self, trigger: Trigger) -> None:
        """Refuse that of the first job."""
        if trigger.job == next(iter(JOBS)):
            raise SchedulerRefusedError("ValidationException", "UpdateSchedule failed with ValidationException")
        await super().arm(trigger)


async def test_c1_a_job_that_cannot_be_armed_keeps_no_other_from_being_armed_by_its_plan(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=45))
    await world.fire("update-status")
    triggers = OneNameIsRefused(world.clock)
    report = await check_chain(replace(world.app, triggers=triggers))
    refused, *others = (f"{job} for {world.feed.sport_key}" for job in JOBS)
    assert (report.failed, report.unarmed) == ((refused,), (refused,))
    assert report.repaired == tuple(others)
    assert {one.job for one in await triggers.armed()} == set(list(JOBS)[1:])


class NothingMayBeInvoked(VirtualTriggers):
    """A scheduler beside a function that the heartbeat has no right to invoke."""

    async def fire(self, trigger: Trigger) -> None:
        """Refuse."""
        raise SchedulerRefusedError("AccessDeniedException", "Invoke failed with AccessDeniedException")


async def test_c1_what_the_heartbeat_may_not_invoke_is_still_fired_by_its_schedule(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=45))
    await world.fire("update-status")
    triggers = NothingMayBeInvoked(world.clock)
    app = replace(world.app, triggers=triggers)
    ran: list[tuple[str, bool, datetime]] = []
    await check_chain(app)

    async def run(trigger: Trigger) -> None:
        ran.append((trigger.job, trigger.is_fallback, world.clock.now()))
        await triggers.arm(replace(trigger, at=world.clock.now() + timedelta(days=1)))

    until = world.clock.now() + timedelta(minutes=30)
    while world.clock.now() < until:
        await triggers.run_until(world.clock.now() + timedelta(minutes=1), run)
        await check_chain(app)
    assert ("fetch-odds", True, until) in ran


async def test_a_run_that_has_just_armed_its_fallback_has_not_been_tried_in_vain(collect: Collect) -> None:
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=5))
    await world.fire("update-status")
    await strand(world)
    (fallback,) = [one for one in await world.triggers.armed() if one.is_fallback]
    await world.triggers.arm(replace(fallback, at=fallback.at + timedelta(milliseconds=700)))
    assert (await check_chain(world.app)).failed == ()


@pytest.mark.parametrize(
    ("starts_in", "waited", "is_tried"),
    [
        pytest.param(20, 12, False, id="far from a start the wait is kept"),
        pytest.param(4, 12, True, id="a close is not missed for it"),
        pytest.param(4, 2, False, id="but no try follows another within the minimum gap"),
    ],
)
async def test_c4_no_wait_goes_past_the_closing_lead_of_a_start(
    collect: Collect, starts_in: int, waited: int, is_tried: bool
) -> None:
    """Many tries were in vain, so the next one is to come a quarter of an hour after the last."""
    world = await collect()
    world.feed.add(world.clock.now() + timedelta(minutes=starts_in))
    await world.fire("update-status")
    await strand(world)
    (fallback,) = [one for one in await world.triggers.armed() if one.is_fallback]
    tried = replace(fallback, at=fallback.at - timedelta(minutes=waited), tries=20)
    await world.triggers.arm(tried)
    report = await check_chain(world.app)
    assert bool(report.repaired) is is_tried
    assert [one.job for one in await fired(world)] == ["fetch-odds"] * is_tried
