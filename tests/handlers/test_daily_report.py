"""A day is judged by what was planned, looked at, and finished."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from handlers.daily_report import validate_day

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def test_a_day_with_its_looks_and_its_result_is_clean(collect: Collect, feed: Any, noon: Any) -> None:
    game = feed.add(noon + 10 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    await world.fire_after(5 * MINUTE)
    for after in (6 * MINUTE, 9 * MINUTE):
        await world.fire_after(after, "update-status")
    game.listed, game.completed_at, game.score = False, noon + 2 * HOUR, (100, 99)
    await world.fire_after(3 * HOUR, "fetch-scores")
    daily = await validate_day(world.app, noon.date())
    assert daily.is_clean, daily
    (event,) = daily.findings.events
    assert (event.snapshots, event.closing_snapshots, event.has_scores) == (2, 2, True)


async def test_a_day_without_looks_is_not_clean(collect: Collect, feed: Any, noon: Any) -> None:
    feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    world.clock.advance(24 * HOUR)
    daily = await validate_day(world.app, noon.date())
    assert not daily.is_clean
    assert [event.event_id for event in daily.findings.without_closing] == [feed.games[0].event_id]
    assert [event.event_id for event in daily.findings.without_score] == [feed.games[0].event_id]
    assert [gap.outcome for gap in daily.findings.gaps] == [None, None]
    ((span,),) = daily.unwatched.values()
    assert (span.after, span.until) == (noon, None)


async def test_a_gap_belongs_to_the_days_on_which_looks_were_missed(
    collect: Collect, feed: Any, noon: Any
) -> None:
    feed.add(noon + 60 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    await world.fire_after(54 * HOUR)
    days = [noon.date() + timedelta(days=day) for day in range(4)]
    gaps = [bool(*(await validate_day(world.app, day)).unwatched.values()) for day in days]
    assert gaps == [False, True, True, False]
