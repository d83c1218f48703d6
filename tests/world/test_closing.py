"""A last look that dies at any of its steps is made up for before the start."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from core.errors import DatabaseUnreachableError
from core.triggers.base import Trigger
from handlers.at_once import TRIES
from handlers.due import next_trigger
from handlers.simulation.process import Step, die_at, leave_alone
from handlers.simulation.world import World, open_world
from storage.database import Database
from tests.world import checks
from tests.world.databases import Fresh
from tests.world.stored import query
from tests.world.sweeps import SPORT, START, UNTIL_READY, market, verdict

LEAD = timedelta(minutes=5)
_LOOKS = "SELECT fetched_at FROM operational.fetch_logs WHERE fetched_at >= :since AND fetched_at < :until"


@asynccontextmanager
async def at_last_look(database: Database) -> AsyncIterator[tuple[World, Trigger, datetime]]:
    """Yield a world five minutes before its first start, the trigger of the last look, and that start."""
    async with open_world(market(), database, start=START) as world:
        await world.invoke(Trigger("update-status", SPORT, START, "the world begins"))
        for name in UNTIL_READY:
            await world.scheduler.disarm(name, SPORT)
        ((start,),) = await query(world, "SELECT min(commence_time) FROM core_betting.events")
        world.clock.advance_to(start - LEAD)
        for name in UNTIL_READY:
            await world.scheduler.arm(await next_trigger(world.app, name, SPORT))
        await world.beat()
        await world.scheduler.disarm("fetch-odds", SPORT)
        yield world, Trigger("fetch-odds", SPORT, world.clock.now(), "last look", "closing"), start


async def missed_after_dying(fresh: Fresh, step: Step) -> list[str]:
    """Let the last look die at a step; return what is broken when the game starts."""
    async with fresh() as database, at_last_look(database) as (world, trigger, start):
        await world.invoke(trigger, disturb=die_at(step.number))
        await world.run_until(start)
        looks = await query(world, _LOOKS, since=start - LEAD, until=start)
        missed = [] if looks else [f"no look after a death at {step.number}: {step.name}"]
        return missed + [broken for found in (await verdict(world)).values() for broken in found]


async def steps_of_last_look(fresh: Fresh) -> tuple[Step, ...]:
    async with fresh() as database, at_last_look(database) as (world, trigger, _):
        return (await world.invoke(trigger, disturb=leave_alone)).steps


@pytest.mark.slow
async def test_c4_a_last_look_that_dies_at_any_step_is_made_up_for_before_the_start(fresh: Fresh) -> None:
    steps = await steps_of_last_look(fresh)
    assert len(steps) > 25
    assert [broken for step in steps for broken in await missed_after_dying(fresh, step)] == []


async def test_c4_is_seen_to_break_where_the_turn_of_a_last_look_outlasts_the_retries(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = next(step for step in await steps_of_last_look(fresh) if step.name == "feed: odds asked")
    assert await missed_after_dying(fresh, step) == []
    monkeypatch.setattr("handlers.arming.SHORT_TURN", timedelta(minutes=15))
    assert await missed_after_dying(fresh, step) != []


async def paid_twice(database: Database) -> list[str]:
    """Let no try to store the answer of a last look commit; return what that breaks."""
    async with at_last_look(database) as (world, trigger, _):
        cuts_left = 0

        async def disturb(step: Step) -> None:
            nonlocal cuts_left
            if step.name == "feed: odds answered":
                cuts_left = TRIES
            if cuts_left and step.name == "transaction: commits":
                cuts_left -= 1
                raise DatabaseUnreachableError("cut off")

        await world.invoke(trigger, disturb=disturb)
        return checks.c2_a_slot_fetches_once_per_attempt(world)


async def test_c2_an_answer_that_cannot_be_stored_is_not_paid_for_again_within_the_run(database: Database) -> None:
    assert await paid_twice(database) == []


async def test_c2_is_seen_to_break_where_a_run_asks_again_whatever_failed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.at_once._may_pass", lambda _: True)
    assert await paid_twice(database) != []
