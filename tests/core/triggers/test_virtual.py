"""Triggers on a virtual clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.triggers.base import Trigger, TriggerBackend
from core.triggers.virtual import VirtualTriggers

START = datetime(2026, 9, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NFL = "americanfootball_nfl"


def trigger(minutes: int, job: str = "fetch-odds", sport_key: str = NFL) -> Trigger:
    return Trigger(job, sport_key, START + minutes * MINUTE, "because")


class World:
    """A virtual clock, its triggers, and what fired when."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.triggers: VirtualTriggers = VirtualTriggers(self.clock)
        self.fired: list[tuple[str, int]] = []

    async def fire(self, trigger: Trigger) -> None:
        """Take note of a trigger and of the minute at which it fired."""
        self.fired.append((trigger.job, (self.clock.now() - START) // MINUTE))


@pytest.fixture
def world() -> World:
    return World()


async def test_triggers_fire_in_order_at_their_instants_and_the_clock_ends_at_the_end(world: World) -> None:
    backend: TriggerBackend = world.triggers
    for each in (trigger(30), trigger(10, "fetch-scores"), trigger(61, "update-status")):
        await backend.arm(each)
    assert await world.triggers.run_until(START + 60 * MINUTE, world.fire) == 2
    assert world.fired == [("fetch-scores", 10), ("fetch-odds", 30)]
    assert world.clock.now() == START + 60 * MINUTE
    assert await backend.armed() == [trigger(61, "update-status")]


async def test_at_one_instant_the_free_list_comes_first_and_priced_looks_last(world: World) -> None:
    for job in ("fetch-odds", "a-job-of-another-kind", "fetch-scores", "update-status"):
        await world.triggers.arm(trigger(5, job))
    await world.triggers.run_until(START + 5 * MINUTE, world.fire)
    assert [job for job, _ in world.fired] == [
        "update-status",
        "fetch-scores",
        "fetch-odds",
        "a-job-of-another-kind",
    ]


async def test_arming_replaces_the_trigger_of_the_same_job_and_sport_alone(world: World) -> None:
    for each in (trigger(10), trigger(20), trigger(5, sport_key="basketball_nba")):
        await world.triggers.arm(each)
    assert await world.triggers.armed() == [trigger(5, sport_key="basketball_nba"), trigger(20)]


async def test_a_disarmed_trigger_never_fires(world: World) -> None:
    await world.triggers.arm(trigger(10))
    await world.triggers.disarm("fetch-odds", NFL)
    await world.triggers.disarm("fetch-odds", NFL)
    assert await world.triggers.run_until(START + 60 * MINUTE, world.fire) == 0


async def test_a_past_trigger_fires_at_once(world: World) -> None:
    await world.triggers.arm(trigger(-10))
    await world.triggers.run_until(START, world.fire)
    assert world.fired == [("fetch-odds", 0)]


async def test_a_run_may_arm_its_own_successor(world: World) -> None:
    async def rearm(fired: Trigger) -> None:
        await world.fire(fired)
        assert await world.triggers.armed() == []
        await world.triggers.arm(Trigger(fired.job, fired.sport_key, fired.at + 10 * MINUTE, "again"))

    await world.triggers.arm(trigger(0))
    await world.triggers.run_until(START + 25 * MINUTE, rearm)
    assert [minutes for _, minutes in world.fired] == [0, 10, 20]


async def test_a_condition_ends_the_run_before_the_next_trigger(world: World) -> None:
    await world.triggers.arm(trigger(1, "update-status"))
    await world.triggers.arm(trigger(2))
    await world.triggers.run_until(lambda: bool(world.fired), world.fire)
    assert world.fired == [("update-status", 1)]
    assert world.clock.now() == START + MINUTE


async def test_a_run_without_triggers_is_over(world: World) -> None:
    assert await world.triggers.run_until(lambda: False, world.fire) == 0


async def test_what_a_run_raises_reaches_the_caller_and_the_trigger_has_fired(world: World) -> None:
    async def fail(_: Trigger) -> None:
        msg = "the feed is down"
        raise ConnectionError(msg)

    await world.triggers.arm(trigger(1))
    with pytest.raises(ConnectionError, match="the feed is down"):
        await world.triggers.run_until(START + MINUTE, fail)
    assert await world.triggers.armed() == []


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-50, 500)))
async def test_instants_never_run_backwards_and_the_order_of_arming_does_not_matter(jobs: dict[str, int]) -> None:
    one, other = World(), World()
    for job, minutes in jobs.items():
        await one.triggers.arm(trigger(minutes, job))
    for job, minutes in reversed(jobs.items()):
        await other.triggers.arm(trigger(minutes, job))
    for world in (one, other):
        await world.triggers.run_until(lambda: False, world.fire)
    assert one.fired == other.fired
    assert [minutes for _, minutes in one.fired] == sorted(max(minutes, 0) for minutes in jobs.values())


async def test_what_is_fired_at_once_comes_before_what_is_armed_and_keeps_its_slot(world: World) -> None:
    await world.triggers.arm(trigger(5))
    await world.triggers.fire(trigger(-7))
    fired: list[Trigger] = []

    async def fire(one: Trigger) -> None:
        fired.append(one)
        await world.fire(one)

    await world.triggers.run_until(START + 10 * MINUTE, fire)
    assert fired == [trigger(-7), trigger(5)]
    assert world.fired == [("fetch-odds", 0), ("fetch-odds", 5)]
