"""A run of each job dies at every one of its steps, before and after each took effect; the world goes on."""

from collections.abc import Awaitable, Callable

import pytest

from handlers.registry import JOBS
from handlers.simulation.process import ProcessDiedError
from tests.world.sweeps import Crash

Crashes = Callable[[str], Awaitable[list[Crash]]]

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("job", sorted(JOBS))]


async def broken(crashes: Crashes, job: str, guarantee: str) -> dict[str, list[str]]:
    return {one.step: one.broken[guarantee] for one in await crashes(job) if guarantee in one.broken}


async def test_every_step_is_crashed_at(crashes: Crashes, job: str) -> None:
    made = await crashes(job)
    assert len(made) > 20
    assert all(isinstance(one.died.error, ProcessDiedError) for one in made)
    assert [len(one.died.steps) for one in made] == list(range(1, len(made) + 1))


async def test_c1_a_trigger_always_exists_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "C1") == {}


async def test_c2_a_slot_fetches_once_per_attempt_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "C2") == {}


async def test_c4_collection_resumes_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "C4") == {}


async def test_c5_looks_keep_their_gap_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "C5") == {}


async def test_d2_rows_follow_from_raw_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "D2") == {}


async def test_d4_nothing_lacks_its_origin_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "D4") == {}


async def test_d5_every_run_ends_whatever_step_it_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "D5") == {}


async def test_q1_spend_is_booked_whatever_step_a_run_dies_at(crashes: Crashes, job: str) -> None:
    assert await broken(crashes, job, "Q1") == {}
