"""What is next, after a restart too: the plan, or the run that should have come already."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.feed.errors import FeedRejectedError
from core.simulation.faults import Fault
from handlers.due import due_triggers, next_trigger
from handlers.registry import JOBS

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class RunningClock:
    """A clock that goes on between any two looks at it, as a real one does."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return an instant later than the one before."""
        self._now += timedelta(microseconds=1)
        return self._now


async def test_a_new_collector_reads_the_list_first(collect: Collect, feed: Any, noon: Any) -> None:
    world = await collect()
    triggers = await due_triggers(world.app)
    assert (triggers[0].job, triggers[0].at) == ("update-status", noon)
    assert {trigger.job for trigger in triggers} == {"update-status", "fetch-odds", "fetch-scores"}


async def test_a_plan_that_breaks_keeps_no_other_from_being_made(collect: Collect, noon: Any) -> None:
    """What the database has of one sport cannot be read."""
    world = await collect()
    await world.fire("fetch-scores")
    await world.query(
        "INSERT INTO raw_data.api_responses (received_at, duration_ms, status, byte_count, endpoint, parameters,"
        " headers, sha256) VALUES (:now, 1, 200, 2, '/v4/sports/icehockey_nhl/scores', '{\"daysFrom\": \"soon\"}',"
        " '{}', '') RETURNING id",
        now=noon,
    )
    both = (world.feed.sport_key, "icehockey_nhl")
    collection = world.app.settings.collection.model_copy(update={"sports": both})
    app = replace(world.app, settings=replace(world.app.settings, collection=collection))
    planned = {(trigger.job, trigger.sport_key) for trigger in await due_triggers(app)}
    assert planned == {("update-status", world.feed.sport_key), ("fetch-scores", world.feed.sport_key)}


@pytest.mark.parametrize("job", ["update-status", "fetch-odds", "fetch-scores"])
async def test_a_start_stored_long_ago_that_no_plan_can_reckon_with_breaks_none(
    collect: Collect, feed: Any, noon: Any, job: str
) -> None:
    feed.add(noon + 8 * HOUR)
    feed.add(noon + 9 * HOUR)
    world = await collect()
    await world.fire("update-status")
    far = "UPDATE core_betting.events SET commence_time = '9999-12-31' WHERE id = :id RETURNING id"
    await world.query(far, id=feed.games[1].event_id)
    assert len(await due_triggers(world.app)) == len(JOBS)
    world.clock.advance(4 * HOUR)
    await world.fire(job)


async def test_a_look_to_come_is_planned_from_what_is_known_now(collect: Collect, feed: Any, noon: Any) -> None:
    game = feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    planned = await next_trigger(world.app, "fetch-odds", feed.sport_key)
    assert planned.at == noon + 3 * HOUR
    game.commence_time = noon + 30 * HOUR
    await world.fire_after(HOUR, "update-status")
    moved = await next_trigger(world.app, "fetch-odds", feed.sport_key)
    assert moved.at > planned.at


async def test_a_look_that_should_have_come_keeps_its_slot(collect: Collect, feed: Any, noon: Any) -> None:
    feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    world.clock.advance(4 * HOUR)
    overdue = await next_trigger(world.app, "fetch-odds", feed.sport_key)
    assert (overdue.at, overdue.tier) == (noon + 3 * HOUR, "pregame")


async def test_a_slot_is_kept_though_time_passes_while_the_plan_is_made(
    collect: Collect, feed: Any, noon: Any
) -> None:
    feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    app = replace(world.app, clock=RunningClock(noon + 4 * HOUR))
    assert (await next_trigger(app, "fetch-odds", feed.sport_key)).at == noon + 3 * HOUR


async def test_a_look_that_is_not_called_for_any_more_is_planned_anew(
    collect: Collect, feed: Any, noon: Any
) -> None:
    game = feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    game.commence_time = noon + 96 * HOUR
    await world.fire_after(2 * HOUR, "update-status")
    world.clock.advance(2 * HOUR)
    assert (await next_trigger(world.app, "fetch-odds", feed.sport_key)).at > world.clock.now()


async def test_c4_a_retry_that_nothing_will_fire_is_not_waited_for_where_a_game_starts(
    collect: Collect, feed: Any, noon: Any
) -> None:
    """The retry is to come within two minutes, and its arming failed: now is the best that is left."""
    feed.add(noon + 4 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", status=422, error_code="INVALID_REGION"))
    with pytest.raises(FeedRejectedError):
        await world.fire()
    assert (await world.armed()).at == noon + 3 * MINUTE
    world.clock.advance(timedelta(seconds=70))
    assert (await next_trigger(world.app, "fetch-odds", feed.sport_key)).at <= world.clock.now()
