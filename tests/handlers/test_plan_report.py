"""The plan of a sport says what will be looked at, what it costs, and what it saves."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.plan_report import read_plan

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)


async def test_a_plan_lists_the_looks_with_their_games_and_cost(collect: Collect, feed: Any, noon: Any) -> None:
    game = feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    plan = await read_plan(world.app, feed.sport_key, 1)
    assert plan.games == {game.event_id: "Away 1 at Home 1"}
    assert [look.at - noon for look in plan.looks] == [n * HOUR / 2 for n in range(4)] + [timedelta(minutes=115)]
    assert {look.event_ids for look in plan.looks} == {(game.event_id,)}
    assert (plan.credits, plan.look_cost, plan.last_look) == (5, 1, None)


async def test_the_plan_is_compared_with_a_look_every_half_hour(collect: Collect, feed: Any, noon: Any) -> None:
    feed.add(noon + 96 * HOUR)
    world = await collect()
    await world.fire("update-status")
    plan = await read_plan(world.app, feed.sport_key, 7)
    assert plan.fixed_sampling_looks == 192
    assert plan.share_of_fixed_sampling == pytest.approx(len(plan.looks) / 192)
    assert (await read_plan(world.app, feed.sport_key, 2)).fixed_sampling_looks == 96


async def test_without_games_there_is_nothing_to_compare(collect: Collect, feed: Any) -> None:
    world = await collect()
    plan = await read_plan(world.app, feed.sport_key, 7)
    assert (plan.looks, plan.credits, plan.share_of_fixed_sampling) == ((), 0, None)


async def test_what_the_credits_do_not_allow_is_told(collect: Collect, feed: Any, noon: Any) -> None:
    for day in range(1, 8):
        feed.add(noon + day * 24 * HOUR)
    world = await collect(plan_credits=40)
    await world.fire("update-status")
    plan = await read_plan(world.app, feed.sport_key, 8)
    assert plan.dropped
    assert plan.credits <= 40
    assert "40 of 40 are left" in plan.credits_note
