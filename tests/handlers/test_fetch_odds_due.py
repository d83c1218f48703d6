"""When a look is due: as the plan says, and sooner where what it says would come too late."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def two_games(feed: Any, noon: datetime) -> None:
    """List two games so near to each other that the last look at the first waits for the second's."""
    for start in (noon + HOUR, noon + HOUR + 3 * MINUTE):
        feed.add(start)


async def test_what_is_not_due_is_not_paid_for(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire()
    report = await world.fire_after(10 * MINUTE)
    assert report.outcome is RunOutcome.SKIPPED
    assert len(world.calls("odds")) == world.server.credits_used == 1


async def test_a_due_look_reads_no_free_list(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire()
    await world.fire_after(30 * MINUTE)
    assert [call.endpoint for call in world.server.calls] == ["events", "odds", "odds"]


@pytest.mark.usefixtures("two_games")
@pytest.mark.parametrize(
    ("before_the_start", "outcome"),
    [
        pytest.param(4.5 * MINUTE, RunOutcome.SKIPPED, id="what is planned can still be armed"),
        pytest.param(3.5 * MINUTE, RunOutcome.SKIPPED, id="what is armed now fires before the start"),
        pytest.param(2.4 * MINUTE, RunOutcome.STORED, id="what is armed now may fire after the start"),
    ],
)
async def test_a_last_look_that_waits_for_another_game_is_not_put_off_beyond_the_start(
    collect: Collect, noon: datetime, before_the_start: timedelta, outcome: RunOutcome
) -> None:
    world = await collect()
    await world.fire()
    await world.fire_after(30 * MINUTE)
    assert (await world.armed()).at == noon + 58 * MINUTE
    report = await world.fire_after(30 * MINUTE - before_the_start)
    assert report.outcome is outcome


async def test_a_game_that_had_its_last_look_has_no_other_one(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + HOUR)
    feed.add(noon + HOUR + 4 * MINUTE)
    world = await collect(SCHEDULER_MINIMUM_GAP_MINUTES=1)
    await world.fire_after(55.5 * MINUTE)
    report = await world.fire_after(2.1 * MINUTE)
    assert report.outcome is RunOutcome.SKIPPED
    assert (await world.armed()).at == noon + 59 * MINUTE


@pytest.mark.usefixtures("two_games")
@pytest.mark.parametrize(
    ("since_the_look", "outcome"),
    [
        pytest.param(2.7 * MINUTE, RunOutcome.SKIPPED, id="within the minimum gap"),
        pytest.param(3.1 * MINUTE, RunOutcome.STORED, id="after it"),
    ],
)
async def test_a_look_that_cannot_be_put_off_comes_no_sooner_than_the_minimum_gap(
    collect: Collect, since_the_look: timedelta, outcome: RunOutcome
) -> None:
    world = await collect()
    await world.fire_after(54.5 * MINUTE)
    report = await world.fire_after(since_the_look)
    assert report.outcome is outcome


@pytest.mark.usefixtures("two_games")
async def test_a_look_that_no_credits_are_left_for_is_not_taken(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 20 * MINUTE)
    world = await collect(plan_credits=1)
    assert (await world.fire_after(15 * MINUTE)).outcome is RunOutcome.STORED
    assert (await world.fire_after(42.6 * MINUTE)).outcome is RunOutcome.SKIPPED
    assert len(world.calls("odds")) == 1
