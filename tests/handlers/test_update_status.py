"""The free list, read in time: games appear, move, vanish and come back, and the other jobs' plans follow."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.triggers.base import Trigger
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STATUSES = "SELECT home_team, status FROM core_betting.events ORDER BY id"


async def watch(world: Any, until: datetime) -> None:
    """Let the job arm and fire itself, and no other."""

    async def fire(trigger: Trigger) -> None:
        await world.fire(trigger.job, trigger.at)
        for other in ("fetch-odds", "fetch-scores"):
            await world.triggers.disarm(other, world.feed.sport_key)

    if await world.armed("update-status") is None:
        await world.triggers.arm(Trigger("update-status", world.feed.sport_key, world.clock.now(), "the first"))
    await world.triggers.run_until(until, fire)


async def test_the_report_counts_what_the_list_brought(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + DAY)
    feed.add(noon + 2 * DAY)
    world = await collect()
    report = await world.fire("update-status")
    assert (report.outcome, report.reason) == (RunOutcome.STORED, "as planned")
    assert report.counts == {
        "listed": 2,
        "new": 2,
        "start_moved": 0,
        "status_changed": 0,
        "absent": 0,
        "malformed": 0,
    }
    assert world.server.credits_used == 0


async def test_the_list_is_read_every_status_interval_while_a_game_is_known(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 9 * DAY)
    world = await collect()
    await watch(world, noon + DAY)
    assert [call.at for call in world.calls("events")] == [noon + number * 3 * HOUR for number in range(9)]


async def test_without_a_game_it_is_read_once_a_day(collect: Collect, noon: datetime) -> None:
    world = await collect()
    await watch(world, noon + 3 * DAY)
    assert [call.at for call in world.calls("events")] == [noon + number * DAY for number in range(4)]


async def test_it_is_read_soon_after_a_start_that_may_have_been_put_off(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon + HOUR)
    world = await collect()
    await watch(world, noon + 50 * MINUTE)
    game.commence_time = noon + 2 * HOUR
    await watch(world, noon + HOUR + MINUTE)
    assert await world.query("SELECT status, commence_time FROM core_betting.events") == [
        ("scheduled", noon + 2 * HOUR)
    ]


async def test_a_first_game_wakes_the_other_jobs(collect: Collect, feed: Any, noon: datetime) -> None:
    world = await collect()
    for job in ("update-status", "fetch-odds", "fetch-scores"):
        await world.fire(job)
    assert {trigger.at for trigger in await world.triggers.armed()} == {noon + DAY}
    feed.add(noon + 12 * HOUR)
    await world.fire_after(HOUR, "update-status")
    odds = await world.armed("fetch-odds")
    assert (odds.at, odds.tier) == (noon + HOUR, "pregame")
    assert (await world.armed("fetch-scores")).at == noon + 14 * HOUR + 30 * MINUTE


async def test_what_has_not_changed_is_not_armed_again(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * DAY)
    world = await collect()
    for job in ("update-status", "fetch-scores", "fetch-odds"):
        await world.fire(job)
    before = await world.armed("fetch-odds")
    await world.fire_after(MINUTE, "update-status")
    assert await world.armed("fetch-odds") is before


async def test_a_game_is_cancelled_after_a_day_and_never_because_one_list_lacks_it(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 5 * DAY)
    gone = feed.add(noon + 5 * DAY)
    world = await collect()
    await watch(world, noon + HOUR)
    gone.listed = False
    await watch(world, noon + 26 * HOUR)
    assert await world.query(STATUSES) == [("Home 1", "scheduled"), ("Home 2", "scheduled")]
    await watch(world, noon + 27 * HOUR)
    assert await world.query(STATUSES) == [("Home 1", "scheduled"), ("Home 2", "cancelled")]
    gone.listed = True
    await watch(world, noon + 30 * HOUR)
    assert await world.query(STATUSES) == [("Home 1", "scheduled"), ("Home 2", "scheduled")]


async def test_a_cancelled_game_is_not_looked_at(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon + 28 * HOUR)
    world = await collect()
    await watch(world, noon)
    game.listed = False
    await watch(world, noon + 27 * HOUR)
    assert await world.query(STATUSES) == [("Home 1", "cancelled")]
    report = await world.fire("fetch-odds")
    assert (report.outcome, world.calls("odds")) == (RunOutcome.SKIPPED, [])


async def test_a_game_put_off_by_days_is_postponed_and_looked_at_when_it_comes(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    game.commence_time = noon + 4 * DAY
    await world.fire_after(3 * MINUTE, "update-status")
    assert await world.query(STATUSES) == [("Home 1", "postponed")]
    await world.fire()
    assert (await world.armed()).at == noon + DAY


async def test_a_glitch_of_an_hour_on_many_games_is_survived(collect: Collect, feed: Any, noon: datetime) -> None:
    """Every start jumps an hour ahead for some hours, and back: one game seems to have begun."""
    for number in range(8):
        feed.add(noon + (4 + 20 * number) * HOUR)
    world = await collect()
    await watch(world, noon + 2 * HOUR)
    for game in feed.games:
        game.commence_time -= HOUR
    await watch(world, noon + 3 * HOUR + 30 * MINUTE)
    assert (await world.query(STATUSES))[0] == ("Home 1", "live")
    for game in feed.games:
        game.commence_time += HOUR
    await world.fire("update-status")
    assert {status for _, status in await world.query(STATUSES)} == {"scheduled"}
    assert (await world.armed("fetch-odds")).at < noon + 4 * HOUR
    assert (
        await world.query(
            "SELECT event_id, count(*) FROM core_betting.commence_time_changes GROUP BY 1 HAVING count(*) <> 3"
        )
        == []
    )


async def test_events_without_a_result_do_not_pile_up(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon + HOUR)
    world = await collect()
    await watch(world, noon + 3 * HOUR)
    game.listed = False
    await watch(world, noon + 3 * DAY)
    assert await world.query(STATUSES) == [("Home 1", "live")]
    await watch(world, noon + 4 * DAY)
    assert await world.query("SELECT status, status_reason FROM core_betting.events") == [
        ("final", "its result was not had in the 3 d for which the feed knows it")
    ]
    assert (await world.armed("update-status")).reason == "no game is known"


@pytest.mark.parametrize("hours", [1, 3])
async def test_c6_a_start_moved_earlier_is_known_within_the_status_interval(
    collect: Collect, feed: Any, noon: datetime, hours: int
) -> None:
    game = feed.add(noon + 40 * HOUR)
    world = await collect(SCHEDULER_STATUS_INTERVAL_HOURS=hours)
    await watch(world, noon + MINUTE)
    game.commence_time = noon + 10 * HOUR
    await watch(world, noon + hours * HOUR)
    assert await world.query("SELECT commence_time FROM core_betting.events") == [(noon + 10 * HOUR,)]


async def test_d5_a_run_that_died_is_recorded_though_its_job_sleeps_and_every_trigger_is_sound(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.kill_a_look()
    await world.fire_after(HOUR, "update-status")
    assert [outcome for job, outcome, _ in await world.runs() if job == "fetch-odds"] == ["failed"]
