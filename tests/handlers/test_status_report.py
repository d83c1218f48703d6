"""The status puts together what is there, what comes next, and what went wrong."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.simulation.faults import Fault
from handlers.attention import attention
from handlers.status_report import read_status

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world(collect: Collect, feed: Any, noon: Any) -> Any:
    """Return a collector that has looked once, at a game eight hours ahead."""
    feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire("fetch-scores")
    await world.fire()
    return world


async def test_all_is_well_after_a_look(world: Any, noon: Any) -> None:
    status = await read_status(world.app)
    assert attention(status) == []
    (sport,) = status.sports
    assert (sport.facts.last_look, sport.facts.last_listing) == (noon, noon)
    assert sport.facts.statuses == {"scheduled": 1}
    assert status.totals.quotes_stored == 4
    assert {trigger.job for trigger in status.next_runs} == {"update-status", "fetch-odds", "fetch-scores"}
    assert (status.overdue, status.failures, sport.unwatched) == ((), (), ())


async def test_a_collector_that_does_not_run_is_told(world: Any, noon: Any) -> None:
    world.clock.advance(9 * HOUR)
    status = await read_status(world.app)
    assert {trigger.job for trigger in status.overdue} == {"update-status", "fetch-odds"}
    (span,) = status.sports[0].unwatched
    assert (span.after, span.until, span.starts) == (noon, None, 1)
    sentences = attention(status)
    assert sentences[0].startswith("nothing runs the jobs: 2 runs overdue")
    assert sentences[1] == "basketball_nba: 8 looks missed since the last one, 9 h ago"


async def test_an_outage_that_is_over_stays_visible(world: Any, noon: Any) -> None:
    world.clock.advance(7 * HOUR)
    await world.fire()
    status = await read_status(world.app)
    (span,) = status.sports[0].unwatched
    assert (span.after, span.until, span.missed) == (noon, noon + 7 * HOUR, 5)
    assert not any("missed" in sentence for sentence in attention(status))


async def test_a_failed_run_is_told_with_its_reason(world: Any) -> None:
    world.server.inject(*[Fault("odds", status=503)] * 3)
    world.clock.advance(3 * HOUR)
    await world.app.triggers.arm(await world.armed())
    with pytest.raises(Exception, match="503"):
        await world.fire()
    status = await read_status(world.app)
    assert len(status.failures) == 1
    assert any("1 run failed in the last day" in sentence and "503" in sentence for sentence in attention(status))


async def test_many_starts_moved_at_once_are_told(world: Any, feed: Any, noon: Any) -> None:
    games = [feed.add(noon + 30 * HOUR) for _ in range(6)]
    await world.fire_after(MINUTE, "update-status")
    for game in games:
        game.commence_time -= HOUR
    await world.fire_after(MINUTE, "update-status")
    (move,) = (await read_status(world.app)).sports[0].mass_moves
    assert (move.events, move.shift) == (6, -HOUR)


async def test_the_close_of_a_game_that_started_is_told_with_its_age(world: Any, feed: Any) -> None:
    await world.fire_after(8 * HOUR - 5 * MINUTE)
    await world.fire_after(6 * MINUTE, "update-status")
    status = await read_status(world.app)
    assert (status.closing.events, status.closing.missed, status.closing.median_minutes) == (1, 0, 5.0)
    assert status.closes[0].age == 5 * MINUTE
