"""Dice that let operations fail at a rate, and keep what they did."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import DatabaseUnreachableError
from core.simulation.faults import Fault
from core.simulation.mishaps import (
    CUT_OFF,
    DATABASE_HANGS,
    DIES,
    FEED_FAULTS,
    SCHEDULER_HANGS,
    WAKES_SLOWLY,
    Mishap,
)
from core.triggers.errors import SchedulerUnavailableError
from handlers.simulation.misfortune import Misfortune, moods_at
from handlers.simulation.process import ProcessDiedError, Step

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TRIES = 20_000
RATE = 0.05


class Server:
    """Takes note of what is injected, in place of a feed."""

    def __init__(self) -> None:
        self.injected: list[tuple[Fault, ...]] = []
        self.waited: list[float] = []

    def inject(self, *faults: Fault) -> None:
        """Take note."""
        self.injected.append(faults)


async def disturbed(name: str, tries: int, rate: float = RATE) -> tuple[Counter[type], list[Mishap], Server]:
    server, mishaps = Server(), list[Mishap]()

    async def waits(seconds: float) -> None:
        server.waited.append(seconds)

    misfortune = Misfortune(random.Random(1), rate, server, mishaps, wait=waits)  # type: ignore[arg-type]
    raised: Counter[type] = Counter()
    for number in range(tries):
        step = Step(number, name, NOON + timedelta(seconds=number), frozenset(), "fetch-odds")
        try:
            await misfortune.disturbance()(step)
        except (ProcessDiedError, DatabaseUnreachableError, SchedulerUnavailableError) as error:
            raised[type(error)] += 1
    return raised, mishaps, server


def near(count: int, share: float) -> bool:
    return abs(count / TRIES - share) < share / 4


async def test_a_transaction_of_three_steps_fails_at_the_rate_half_of_it_by_a_cut() -> None:
    raised, mishaps, _ = await disturbed("transaction: commits", TRIES)
    assert near(raised[DatabaseUnreachableError], RATE / 6)
    assert near(raised[ProcessDiedError], RATE / 6)
    assert Counter(mishap.kind for mishap in mishaps) == {
        CUT_OFF: raised[DatabaseUnreachableError],
        DIES: raised[ProcessDiedError],
    }


async def test_a_transaction_may_begin_late_or_not_in_any_time_that_a_run_has() -> None:
    _, mishaps, server = await disturbed("transaction: begins", TRIES)
    kinds = Counter(mishap.kind for mishap in mishaps)
    assert kinds.keys() == {CUT_OFF, DIES, DATABASE_HANGS, WAKES_SLOWLY}
    assert all(near(count, RATE / 12) for count in kinds.values())
    assert sum(2 <= seconds <= 12 for seconds in server.waited) == kinds[WAKES_SLOWLY]
    assert sum(seconds > 300 for seconds in server.waited) == kinds[DATABASE_HANGS]


async def test_a_call_to_the_scheduler_may_hang_until_it_is_given_up() -> None:
    raised, mishaps, server = await disturbed("scheduler: arms fetch-odds", TRIES)
    assert Counter(mishap.kind for mishap in mishaps) == {
        DIES: raised[ProcessDiedError],
        SCHEDULER_HANGS: raised[SchedulerUnavailableError],
    }
    assert len(server.waited) == raised[SchedulerUnavailableError] > 100


async def test_a_call_to_the_feed_meets_every_fault_alone_or_three_times_in_a_row() -> None:
    _, _, server = await disturbed("feed: odds asked", TRIES)
    assert near(len(server.injected), RATE)
    assert {faults[0] for faults in server.injected} == set(FEED_FAULTS.values())
    assert {len(faults) for faults in server.injected} == {1, 3}
    assert all(len(set(faults)) == 1 for faults in server.injected)


async def test_a_mishap_tells_when_to_which_job_and_where() -> None:
    _, mishaps, _ = await disturbed("scheduler: was read", 200, rate=0.9)
    assert {(one.kind, one.job, one.step) for one in mishaps} == {(DIES, "fetch-odds", "scheduler: was read")}
    assert mishaps[0].at >= NOON


@pytest.mark.parametrize("name", ["transaction: begins", "feed: odds asked", "scheduler: is read"])
async def test_at_no_rate_nothing_happens(name: str) -> None:
    raised, mishaps, server = await disturbed(name, 2_000, rate=0)
    assert (raised, mishaps, server.injected) == (Counter(), [], [])


def test_a_scheduler_fails_at_the_rate_in_calls_and_in_firings() -> None:
    moods = moods_at(0.05)
    assert moods.throttled + moods.applied_then_failed + moods.conflict == pytest.approx(0.05)
    assert (moods.twice, moods.never) == (0.05, 0.05)
