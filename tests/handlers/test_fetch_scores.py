"""Results: asked for when the free list says that a game is over, and never oftener than that."""

import zlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.feed.errors import FeedUnavailableError, PayloadError
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
USUAL = timedelta(hours=2, minutes=30)
RESULTS = "SELECT home_team, status, home_score, away_score FROM core_betting.events ORDER BY id"


def end(game: Any, at: datetime, home: int = 110, away: int = 100) -> None:
    """Complete a game: it leaves the free list, and the scores have its result."""
    game.listed, game.completed_at, game.score = False, at, (home, away)


async def test_nothing_is_paid_while_the_games_are_listed(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon - USUAL)
    feed.add(noon + 2 * HOUR)
    world = await collect()
    for minutes in (0, 15, 30, 60):
        report = await world.fire_after(minutes * MINUTE, "fetch-scores")
        assert (report.outcome, report.reason) == (RunOutcome.SKIPPED, "no game seems to be over")
    assert {call.endpoint for call in world.server.calls} == {"events"}
    assert world.server.credits_used == 0


async def test_the_result_is_asked_for_when_the_game_has_left_the_list(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon - USUAL)
    world = await collect()
    await world.fire("fetch-scores")
    end(game, world.clock.now())
    report = await world.fire_after(15 * MINUTE, "fetch-scores")
    assert (report.outcome, report.reason) == (
        RunOutcome.STORED,
        "Away 1 at Home 1 is no longer listed after its usual end",
    )
    assert {"named": 1, "completed": 1, "newly_final": 1}.items() <= dict(report.counts).items()
    assert await world.query(RESULTS) == [("Home 1", "final", 110, 100)]
    assert [(call.parameters["daysFrom"], call.cost) for call in world.calls("scores")] == [("1", 2)]


async def test_a_game_that_stays_listed_is_asked_for_after_two_hours(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon - USUAL)
    world = await collect()
    await world.fire("fetch-scores")
    assert (await world.fire_after(119 * MINUTE, "fetch-scores")).outcome is RunOutcome.SKIPPED
    report = await world.fire_after(MINUTE, "fetch-scores")
    assert report.reason == "Away 1 at Home 1 is still listed long after its usual end"


async def test_games_that_end_together_share_a_call(collect: Collect, feed: Any, noon: datetime) -> None:
    games = [feed.add(noon - USUAL + number * 10 * MINUTE) for number in range(3)]
    world = await collect()
    await world.fire("fetch-scores")
    await world.triggers.arm(Trigger("fetch-scores", feed.sport_key, noon + MINUTE, "as planned"))

    async def fire(trigger: Trigger) -> None:
        for number, game in enumerate(games):
            if game.listed and world.clock.now() >= noon + number * 12 * MINUTE:
                end(game, world.clock.now(), home=number)
        await world.fire(trigger.job, trigger.at)

    await world.triggers.run_until(noon + 6 * HOUR, fire)
    assert len(world.calls("scores")) == 1
    assert [row[1:3] for row in await world.query(RESULTS)] == [("final", 0), ("final", 1), ("final", 2)]


@pytest.mark.parametrize(("hours", "days"), [(12, "1"), (25, "2"), (47, "2"), (49, "3"), (71, "3")])
async def test_the_call_reaches_back_no_farther_than_it_must(
    collect: Collect, feed: Any, noon: datetime, hours: int, days: str
) -> None:
    game = feed.add(noon - hours * HOUR)
    world = await collect()
    await world.fire("update-status")
    end(game, noon - hours * HOUR + USUAL)
    await world.fire("fetch-scores")
    assert [call.parameters["daysFrom"] for call in world.calls("scores")] == [days]
    assert (await world.query(RESULTS))[0][1] == "final"


async def test_a_result_that_the_feed_has_forgotten_is_not_paid_for(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon - 3 * DAY)
    world = await collect()
    await world.fire("update-status")
    end(game, noon - 2 * DAY)
    assert (await world.fire("fetch-scores")).outcome is RunOutcome.SKIPPED
    assert world.calls("scores") == []


async def test_the_last_chance_is_named(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon - 71 * HOUR - 30 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    end(game, noon - 2 * DAY)
    report = await world.fire("fetch-scores")
    assert report.reason.startswith("last chance for the result of Away 1 at Home 1")


async def test_a_corrected_result_is_a_new_fact(collect: Collect, feed: Any, noon: datetime) -> None:
    first, second = feed.add(noon - USUAL), feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    end(first, noon)
    await world.fire_after(MINUTE, "fetch-scores")
    first.score = (110, 101)
    end(second, noon + 5 * HOUR)
    report = await world.fire_after(5 * HOUR, "fetch-scores")
    assert (report.counts["newly_final"], report.counts["corrected"]) == (1, 1)
    assert await world.query(
        "SELECT away_score, reason FROM core_betting.event_status_changes"
        " WHERE event_id = :event_id AND status = 'final' ORDER BY id",
        event_id=first.event_id,
    ) == [
        (100, "the scores say it is completed"),
        (101, "the result was corrected from 110-100 to 110-101"),
    ]


async def test_the_result_of_a_game_never_seen_is_stored(collect: Collect, feed: Any, noon: datetime) -> None:
    known, unseen = feed.add(noon - USUAL), feed.add(noon - 5 * HOUR, listed=False)
    world = await collect()
    await world.fire("update-status")
    for game in (known, unseen):
        end(game, noon)
    await world.fire_after(MINUTE, "fetch-scores")
    assert await world.query(RESULTS) == [("Home 1", "final", 110, 100), ("Home 2", "final", 110, 100)]


async def test_a_sport_without_scores_is_never_asked_for_them(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.sport_key = "mma_mixed_martial_arts"
    feed.add(noon - 5 * HOUR)
    world = await collect()
    await world.fire("update-status")
    feed.games[0].listed = False
    assert (await world.fire("fetch-scores")).outcome is RunOutcome.SKIPPED
    assert world.calls("scores") == []
    assert (await world.armed("fetch-scores")).at == noon + DAY


async def test_a_list_that_cannot_be_had_is_a_failure_and_nothing_is_paid_for(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon - USUAL)
    world = await collect()
    await world.fire("update-status")
    end(game, noon)
    world.server.inject(*[Fault("events", status=500)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire("fetch-scores")
    assert world.calls("scores") == []


async def test_scores_that_cannot_be_read_are_kept_and_asked_for_again(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon - USUAL)
    world = await collect()
    await world.fire("update-status")
    end(game, noon)
    world.server.inject(Fault("scores", body=b"maintenance"))
    with pytest.raises(PayloadError):
        await world.fire_after(MINUTE, "fetch-scores")
    ((body,),) = await world.query("SELECT body FROM raw_data.api_responses WHERE endpoint LIKE '%/scores'")
    assert zlib.decompress(body) == b"maintenance"
    world.clock.advance_to((await world.armed("fetch-scores")).at)
    assert (await world.fire("fetch-scores")).counts["newly_final"] == 1


async def test_a_refused_call_does_not_cancel_the_game_that_it_asked_for(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    """The scores are down for a day and more: that they did not complete the game says nothing."""
    game = feed.add(noon - USUAL)
    world = await collect()
    await world.fire("update-status")
    end(game, noon)
    world.server.inject(*[Fault("scores", status=503)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire_after(MINUTE, "fetch-scores")
    for _ in range(3):
        await world.fire_after(13 * HOUR, "update-status")
    assert (await world.query(RESULTS))[0][1] == "live"
    assert (await world.fire("fetch-scores")).counts["newly_final"] == 1


async def test_the_calls_are_in_the_ledger_with_their_runs(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon - USUAL)
    world = await collect(plan_credits=100)
    await world.fire("update-status")
    end(game, noon)
    await world.fire_after(MINUTE, "fetch-scores")
    assert await world.query(
        "SELECT job, endpoint, expected, charged, remaining FROM operational.credit_ledger AS ledger"
        " JOIN operational.job_runs AS runs ON runs.id = ledger.job_run_id ORDER BY ledger.id"
    ) == [
        ("update-status", "/v4/sports/basketball_nba/events", 0, 0, 100),
        ("fetch-scores", "/v4/sports/basketball_nba/events", 0, 0, 100),
        ("fetch-scores", "/v4/sports/basketball_nba/scores", 2, 2, 98),
    ]


async def test_the_next_run_is_when_a_game_should_be_ending(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("fetch-scores")
    armed = await world.armed("fetch-scores")
    assert (armed.at, armed.reason) == (noon + 2 * HOUR + USUAL, "Away 1 at Home 1 should be ending")
