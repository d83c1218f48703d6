"""A dry run spends nothing, and plans on as if it had looked."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.triggers.base import Trigger
from handlers.dry_run import DryRun

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)


async def collected_dry(world: Any, hours: float) -> list[Any]:
    """Let a dry collector run for some hours; return what it logged."""
    dry = DryRun()
    for job in ("update-status", "fetch-scores", "fetch-odds"):
        await world.triggers.arm(Trigger(job, world.feed.sport_key, world.clock.now(), "it starts"))

    async def fire(trigger: Trigger) -> None:
        await dry.run(world.app, trigger)

    with capture_logs() as logs:
        await world.triggers.run_until(world.clock.now() + hours * HOUR, fire)
    return [entry for entry in logs if entry["event"].startswith("dry_run.")]


@pytest.fixture
async def world(collect: Collect, feed: Any, noon: Any) -> Any:
    """Return a collector of one game that starts in eight hours and ends three hours later."""
    game = feed.add(noon + 8 * HOUR)
    game.completed_at = None
    return await collect()


async def test_nothing_priced_is_asked_and_nothing_is_spent(world: Any) -> None:
    await collected_dry(world, 24)
    assert {call.endpoint for call in world.server.calls} == {"events"}
    assert world.server.credits_used == 0


async def test_every_look_that_would_be_due_is_told_once(world: Any) -> None:
    looks = [entry for entry in await collected_dry(world, 9) if entry["event"] == "dry_run.would_look"]
    assert [look["tier"] for look in looks] == ["pregame"] * 2 + ["closing"] * 7
    assert {(look["games"], look["credits"]) for look in looks} == {(1, 1)}
    assert "last look 5 min before the start" in looks[-1]["reason"]


async def test_results_that_would_be_asked_for_are_told(world: Any) -> None:
    logs = await collected_dry(world, 24)
    asked = [entry for entry in logs if entry["event"] == "dry_run.would_ask_scores"]
    assert asked
    assert asked[0]["credits"] == 2


async def test_the_free_list_is_read_and_recorded(world: Any) -> None:
    await collected_dry(world, 9)
    assert {job for job, _, _ in await world.runs()} == {"update-status"}
    assert await world.query("SELECT count(*) FROM core_betting.events") == [(1,)]


async def test_two_sports_share_the_credits_that_would_be_left(collect: Collect, feed: Any, noon: Any) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect(plan_credits=40, SPORTS=f"{feed.sport_key},icehockey_nhl")
    looks = [entry for entry in await collected_dry(world, 3) if entry["event"] == "dry_run.would_look"]
    assert len(looks) == 5
