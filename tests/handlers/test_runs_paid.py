"""A failure that was paid for: the platform's retries do not pay again, and nothing hastens the retry planned."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.feed.errors import PayloadError
from core.triggers.base import Trigger
from handlers.due import next_trigger
from handlers.heartbeat import check_chain
from handlers.runs import run_job
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FALLBACK = timedelta(minutes=30)
PLATFORMS_RETRIES = (MINUTE, 2 * MINUTE)


async def paid_for_nothing(collect: Collect, feed: Any, wait: timedelta, tier: str) -> tuple[Any, Trigger]:
    """Return a world in which a look was charged for an answer that cannot be read, and that look's trigger."""
    world = await collect()
    feed.add(world.clock.now() + wait)
    await world.fire("update-status")
    feed.garbled = b"no JSON"
    trigger = Trigger("fetch-odds", feed.sport_key, world.clock.now(), "as planned", tier)
    with pytest.raises(PayloadError):
        await run_job(world.app, trigger)
    return world, trigger


@pytest.mark.parametrize("tier", ["pregame", "closing"])
async def test_the_platforms_retries_do_not_pay_for_the_same_slot_again(
    collect: Collect, feed: Any, tier: str
) -> None:
    world, trigger = await paid_for_nothing(collect, feed, 2 * HOUR, tier)
    retry = await world.armed()
    assert retry.at == world.clock.now() + FALLBACK
    for wait in PLATFORMS_RETRIES:
        world.clock.advance(wait)
        report = await run_job(world.app, trigger)
        assert (report.outcome, report.reason) == (RunOutcome.SKIPPED, "this slot has been run")
    assert world.server.credits_used == 1
    assert await world.armed() == retry


@pytest.mark.parametrize(
    "wait",
    [
        pytest.param(2 * MINUTE, id="where a game starts before its retry"),
        pytest.param(3 * MINUTE + timedelta(seconds=11), id="where its retry, fired late, would come too late"),
    ],
)
async def test_a_closing_look_is_paid_for_again(collect: Collect, feed: Any, wait: timedelta) -> None:
    world, trigger = await paid_for_nothing(collect, feed, wait, "closing")
    feed.garbled = None
    world.clock.advance(MINUTE)
    assert (await run_job(world.app, trigger)).outcome is RunOutcome.STORED
    assert world.server.credits_used == 2


async def test_a_closing_look_that_was_paid_for_and_died_is_tried_again(collect: Collect, feed: Any) -> None:
    """It planned no retry, and its fallback would come after the start."""
    world, trigger = await paid_for_nothing(collect, feed, 4 * MINUTE, "closing")
    await world.query("UPDATE operational.job_runs SET next_run_at = NULL WHERE outcome = 'failed' RETURNING id")
    feed.garbled = None
    world.clock.advance(MINUTE)
    assert (await run_job(world.app, trigger)).outcome is RunOutcome.STORED


async def test_a_reading_of_the_free_list_does_not_hasten_the_retry(collect: Collect, feed: Any) -> None:
    world, _ = await paid_for_nothing(collect, feed, 2 * HOUR, "closing")
    retry = await world.armed()
    await world.fire_after(MINUTE, "update-status")
    assert await world.armed() == retry


async def test_c6_a_game_that_is_moved_to_start_before_the_retry_hastens_it(collect: Collect, feed: Any) -> None:
    world, _ = await paid_for_nothing(collect, feed, 2 * HOUR, "closing")
    feed.games[0].commence_time = world.clock.now() + 20 * MINUTE
    await world.fire_after(MINUTE, "update-status")
    assert (await world.armed()).at < feed.games[0].commence_time - 5 * MINUTE


async def test_neither_a_restart_nor_a_heartbeat_hastens_the_retry(collect: Collect, feed: Any) -> None:
    world, trigger = await paid_for_nothing(collect, feed, 2 * HOUR, "closing")
    retry = await world.armed()
    world.clock.advance(MINUTE)
    assert await next_trigger(world.app, "fetch-odds", feed.sport_key) == retry
    await world.triggers.arm(replace(trigger, at=world.clock.now() + FALLBACK, reason="fallback: it was lost"))
    await check_chain(world.app)
    assert await world.armed() == retry


async def test_a_lost_retry_that_comes_before_a_start_is_armed_as_it_was(collect: Collect, feed: Any) -> None:
    world, trigger = await paid_for_nothing(collect, feed, 6 * MINUTE, "closing")
    retry = await world.armed()
    assert retry.at == feed.games[0].commence_time - 3 * MINUTE
    world.clock.advance(MINUTE)
    await world.triggers.arm(replace(trigger, at=world.clock.now() + FALLBACK, reason="fallback: it was lost"))
    assert (await run_job(world.app, trigger)).reason == "this slot has been run"
    assert await world.armed() == retry
