"""A scheduler as a cloud's: within the minute, twice, never, and with calls that fail."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.simulation.uncertain_scheduler import LATEST_SECONDS, Moods, UncertainScheduler
from core.triggers.base import Trigger, TriggerBackend
from core.triggers.errors import SchedulerUnavailableError

START = datetime(2026, 9, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NFL = "americanfootball_nfl"


def trigger(minutes: float, job: str = "fetch-odds") -> Trigger:
    return Trigger(job, NFL, START + minutes * MINUTE, "because")


def scheduler(moods: Moods | None = None, seed: int = 1) -> UncertainScheduler:
    return UncertainScheduler(VirtualClock(START), random.Random(seed), moods)


async def deliveries(made: UncertainScheduler, clock: VirtualClock) -> list[tuple[Trigger, datetime]]:
    found = []
    while (at := made.next_delivery()) is not None:
        clock.advance_to(at)
        found.append((made.deliver(), at))
    return found


@pytest.mark.parametrize("seed", range(5))
async def test_a_trigger_fires_once_and_within_the_minute_of_its_instant(seed: int) -> None:
    clock = VirtualClock(START)
    made: TriggerBackend = (uncertain := UncertainScheduler(clock, random.Random(seed)))
    await made.arm(trigger(10))
    ((fired, at),) = await deliveries(uncertain, clock)
    assert fired == trigger(10)
    assert timedelta(0) <= at - fired.at <= timedelta(seconds=LATEST_SECONDS)
    clock.advance_to(fired.at + MINUTE)
    assert await made.armed() == []


async def test_a_trigger_counts_as_armed_until_its_minute_is_over() -> None:
    clock = VirtualClock(START)
    made = UncertainScheduler(clock, random.Random(1))
    await made.arm(trigger(10))
    clock.advance_to(START + 11 * MINUTE - timedelta(seconds=1))
    assert await made.armed() == [trigger(10)]
    clock.advance_to(START + 11 * MINUTE)
    assert await made.armed() == []


async def test_what_is_fired_is_delivered_at_once_and_what_is_armed_stays() -> None:
    clock = VirtualClock(START)
    made = UncertainScheduler(clock, random.Random(1))
    await made.arm(trigger(10))
    await made.fire(trigger(-3))
    assert made.next_delivery() == START
    assert made.deliver() == trigger(-3)
    assert await made.armed() == [trigger(10)]


async def test_a_trigger_that_is_due_at_once_fires_two_minutes_ahead_as_on_aws() -> None:
    made = scheduler()
    await made.arm(trigger(0))
    assert [one.at for one in await made.armed()] == [START + 2 * MINUTE]


async def test_arming_again_takes_the_place_of_what_was_armed() -> None:
    made = scheduler()
    await made.arm(trigger(10))
    await made.arm(trigger(20))
    assert await made.armed() == [trigger(20)]


async def test_what_is_being_fired_is_not_called_back_by_a_new_schedule_of_the_name() -> None:
    clock = VirtualClock(START)
    made = UncertainScheduler(clock, random.Random(1))
    await made.arm(trigger(10))
    clock.advance_to(START + 10 * MINUTE)
    await made.arm(trigger(20))
    assert [fired for fired, _ in await deliveries(made, clock)] == [trigger(10), trigger(20)]


async def test_a_trigger_may_fire_twice_and_is_told_as_a_fault() -> None:
    clock = VirtualClock(START)
    made = UncertainScheduler(clock, random.Random(1), Moods(twice=1))
    await made.arm(trigger(10))
    assert [fired for fired, _ in await deliveries(made, clock)] == [trigger(10)] * 2
    assert [mishap.kind for mishap in made.mishaps] == ["a trigger fires twice"]


async def test_a_trigger_that_never_fires_is_pending_until_its_instant_and_not_after() -> None:
    clock = VirtualClock(START)
    made = UncertainScheduler(clock, random.Random(1), Moods(never=1))
    await made.arm(trigger(10))
    assert made.pending() == {"fetch-odds"}
    assert made.next_delivery() is None
    clock.advance_to(START + 10 * MINUTE)
    assert made.pending() == frozenset()


async def test_a_throttled_call_changes_nothing() -> None:
    made = scheduler(Moods(throttled=1))
    with pytest.raises(SchedulerUnavailableError, match="throttles"):
        await made.arm(trigger(10))
    made.moods = Moods()
    assert await made.armed() == []


async def test_a_call_whose_answer_is_lost_has_had_its_effect() -> None:
    made = scheduler(Moods(applied_then_failed=1))
    with pytest.raises(SchedulerUnavailableError, match="did not answer"):
        await made.arm(trigger(10))
    assert await made.armed() == [trigger(10)]
    with pytest.raises(SchedulerUnavailableError):
        await made.disarm("fetch-odds", NFL)
    assert await made.armed() == []


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("arm"), st.sampled_from(["a", "b"]), st.integers(-3, 9)),
            st.tuples(st.just("fire"), st.sampled_from(["a", "b"]), st.just(0)),
            st.tuples(st.just("disarm"), st.sampled_from(["a", "b"]), st.just(0)),
            st.tuples(st.just("deliver"), st.just(""), st.just(0)),
            st.tuples(st.just("wait"), st.just(""), st.integers(1, 200)),
        ),
        max_size=12,
    )
)
async def test_what_it_tells_does_not_depend_on_when_it_was_asked_before(
    steps: list[tuple[str, str, int]],
) -> None:
    clock = VirtualClock(START)
    moods = Moods(twice=0.3, never=0.2)
    asked, unasked = (UncertainScheduler(clock, random.Random(5), moods) for _ in range(2))
    for name, job, number in steps:
        for made in (asked, unasked):
            if name == "arm":
                await made.arm(trigger(number, job))
            elif name == "fire":
                await made.fire(trigger(0, job))
            elif name == "disarm":
                await made.disarm(job, NFL)
            elif name == "deliver" and made.next_delivery() is not None:
                made.deliver()
        if name == "wait":
            clock.advance(timedelta(seconds=number))
        _told(asked)
    assert _told(asked) == _told(unasked)
    assert await asked.armed() == await unasked.armed()


def _told(made: UncertainScheduler) -> object:
    return made.pending(), made.firing(), made.next_delivery()


async def test_the_same_seed_makes_the_same_scheduler() -> None:
    seen = []
    for _ in range(2):
        clock = VirtualClock(START)
        made = UncertainScheduler(clock, random.Random(3), Moods(twice=0.5, never=0.3))
        for number in range(20):
            await made.arm(trigger(number + 5, f"job-{number}"))
        seen.append(await deliveries(made, clock))
    assert seen[0] == seen[1]
