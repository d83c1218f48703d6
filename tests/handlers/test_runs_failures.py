"""Runs that fail: recorded, raised, and tried again when that may help."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.feed.errors import FeedRejectedError, FeedUnavailableError, PayloadError, QuotaExhaustedError
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.runs import run_job
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FALLBACK = timedelta(minutes=30)
GAP = timedelta(minutes=3)
REFUSED = Fault("odds", status=422, error_code="INVALID_REGION")


@pytest.mark.parametrize("job", ["fetch-odds", "fetch-scores", "update-status"])
async def test_a_failed_run_arms_another_try_and_is_recorded_and_raised(
    collect: Collect, feed: Any, noon: datetime, job: str
) -> None:
    feed.add(noon + 2 * timedelta(days=1))
    world = await collect()
    world.server.inject(*[Fault(status=503)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire(job)
    assert (await world.armed(job)).at == world.clock.now() + GAP
    ((_, outcome, reason),) = await world.runs()
    assert outcome == "failed"
    assert "503" in reason


async def test_s1_what_a_run_breaks_of_is_recorded_without_secrets(
    collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await collect()
    secrets = world.app.settings.secrets()

    def crash(_: bytes) -> None:
        raise RuntimeError(" ".join(secrets))

    monkeypatch.setattr("handlers.listing.parse_events", crash)
    with pytest.raises(RuntimeError):
        await world.fire("update-status")
    assert await world.runs() == [("update-status", "failed", "RuntimeError: ***")]


@pytest.mark.parametrize("job", ["fetch-odds", "fetch-scores", "update-status"])
async def test_the_wait_doubles_with_every_failure_in_a_row_up_to_the_fallback_interval(
    collect: Collect, feed: Any, noon: datetime, job: str
) -> None:
    feed.add(noon + 2 * timedelta(days=1))
    world = await collect()
    world.server.inject(*[Fault(status=422, error_code="INVALID_REGION")] * 6)
    waits = []
    for _ in range(6):
        with pytest.raises(FeedRejectedError):
            await world.fire(job)
        waits.append((await world.armed(job)).at - world.clock.now())
        world.clock.advance(waits[-1])
    assert waits == [minutes * MINUTE for minutes in (3, 6, 12, 24, 30, 30)]
    await world.fire(job)
    world.server.inject(Fault(status=422, error_code="INVALID_REGION"))
    with pytest.raises(FeedRejectedError):
        await world.fire_after(MINUTE, job)
    assert (await world.armed(job)).at == world.clock.now() + GAP


@pytest.mark.parametrize(
    ("settings", "longest"),
    [
        pytest.param({}, timedelta(days=1) / 270, id="as often as a day's runs allow"),
        pytest.param({"SCHEDULER_RUNS_A_DAY": 1440}, GAP, id="but never within the minimum gap"),
        pytest.param({"SCHEDULER_HEARTBEAT_MINUTES": 10}, 10 * MINUTE, id="no oftener than the heartbeat would"),
        pytest.param({"SCHEDULER_RUNS_A_DAY": 24}, FALLBACK, id="and at least once in a fallback interval"),
    ],
)
async def test_c4_a_feed_that_is_down_is_asked_again_and_again_however_long_it_has_been_down(
    collect: Collect, feed: Any, noon: datetime, settings: dict[str, int], longest: timedelta
) -> None:
    feed.add(noon + 2 * timedelta(days=1))
    world = await collect(**settings)
    for _ in range(6):
        world.server.inject(*[Fault(status=503)] * 3)
        with pytest.raises(FeedUnavailableError):
            await world.fire("update-status")
        world.clock.advance_to((await world.armed("update-status")).at)
    (last,) = await world.query(
        "SELECT next_run_at - finished_at FROM operational.job_runs ORDER BY id DESC LIMIT 1"
    )
    assert last == (longest,)


async def test_a_wait_that_has_grown_is_not_kept_where_a_game_starts_before_its_end(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(*[REFUSED] * 30)
    asked = []
    while world.clock.now() < noon + HOUR - GAP:
        with pytest.raises(FeedRejectedError):
            await world.fire()
        asked.append((world.clock.now() - noon) // MINUTE)
        world.clock.advance_to((await world.armed()).at)
    assert asked == [0, 3, 9, 21, 45, 48, 51, 54]


async def test_a_failed_slot_is_tried_three_times_at_most(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * timedelta(days=1))
    world = await collect()
    await world.fire("update-status")
    world.server.inject(*[REFUSED] * 10)
    for _ in range(3):
        with pytest.raises(FeedRejectedError):
            await world.fire(at=noon)
        world.clock.advance(MINUTE)
    assert (await world.fire(at=noon)).reason == "this slot has been run"
    assert len(world.calls("odds")) == 3
    assert await world.query("SELECT attempt FROM operational.job_runs WHERE job = 'fetch-odds'") == [(3,)]
    assert (await world.armed()).at > world.clock.now()


async def test_a_failed_slot_may_succeed_when_tried_again(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire(at=noon)
    assert (await world.fire(at=noon)).outcome is RunOutcome.STORED
    assert await world.query("SELECT attempt, outcome FROM operational.job_runs WHERE job = 'fetch-odds'") == [
        (2, "stored")
    ]


async def test_a_failure_near_a_start_is_tried_again_sooner_than_the_fallback(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 6 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire()
    armed = await world.armed()
    assert armed.at == noon + GAP
    assert armed.reason.endswith("the run before failed")


async def test_a_failure_for_a_far_game_does_not_cost_a_near_one_its_last_look(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    """The look that fails is due for a game that enters pregame, while another is to start in ten minutes."""
    feed.add(noon + 15 * MINUTE)
    feed.add(noon + 12 * HOUR + 5 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    assert ((await world.armed()).at, (await world.armed()).tier) == (noon + 5 * MINUTE, "pregame")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire_after(5 * MINUTE)
    assert (await world.armed()).at == noon + 8 * MINUTE


async def test_a_failure_in_the_closing_tier_is_tried_again_at_the_minimum_gap(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(REFUSED)
    with pytest.raises(FeedRejectedError):
        await world.fire()
    assert (await world.armed()).at == noon + GAP


@pytest.mark.parametrize(
    ("minutes", "wait"),
    [
        pytest.param(120, FALLBACK, id="long before a start it waits for the fallback"),
        pytest.param(20, GAP, id="before a last look it does not"),
    ],
)
async def test_a_failure_that_was_paid_for_is_not_repeated_without_need(
    collect: Collect, feed: Any, minutes: int, wait: timedelta
) -> None:
    world = await collect()
    feed.add(world.clock.now() + minutes * MINUTE)
    await world.fire("update-status")
    feed.garbled = b"no JSON"
    with pytest.raises(PayloadError):
        await world.fire()
    assert world.server.credits_used == 1
    assert (await world.armed()).at == world.clock.now() + wait


async def test_q3_a_quota_error_is_not_repeated_at_once_though_a_game_is_about_to_start(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 10 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", status=401, error_code="OUT_OF_USAGE_CREDITS"))
    with pytest.raises(QuotaExhaustedError):
        await world.fire()
    assert (await world.armed()).at == noon + FALLBACK
    assert len(world.calls("odds")) == 1


class _BrokenBackend:
    """Triggers of a platform that refuses to arm anything from its second request on."""

    def __init__(self, triggers: Any) -> None:
        self._triggers = triggers
        self._asked = 0

    async def arm(self, trigger: Trigger) -> None:
        self._asked += 1
        if self._asked > 1:
            raise ConnectionResetError("throttled")
        await self._triggers.arm(trigger)

    async def armed(self) -> list[Trigger]:
        armed: list[Trigger] = await self._triggers.armed()
        return armed

    async def disarm(self, job: str, sport_key: str) -> None:
        await self._triggers.disarm(job, sport_key)


async def test_a_run_that_cannot_arm_the_next_is_recorded_and_gives_its_turn_back(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 20 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.triggers.disarm("fetch-odds", feed.sport_key)
    broken = replace(world.app, triggers=_BrokenBackend(world.triggers))
    with pytest.raises(ConnectionResetError):
        await run_job(broken, Trigger("fetch-odds", feed.sport_key, noon, "as planned"))
    assert (await world.runs())[-1] == ("fetch-odds", "failed", "ConnectionResetError: throttled")
    assert (await world.armed()).at == noon + FALLBACK
    assert (await world.fire_after(MINUTE)).reason != "another run is at work"
    assert len(world.calls("odds")) == 1


async def test_a_retry_that_comes_before_the_next_closing_look_is_not_taken_for_that(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 5 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    planned = await world.armed()
    assert (planned.at, planned.tier) == (noon + 2 * HOUR, "closing")
    world.server.inject(*[Fault("events", status=503)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire_after(MINUTE)
    retry = await world.armed()
    assert (retry.at, retry.tier) == (world.clock.now() + GAP, None)
    assert retry.reason == "the run before failed"
