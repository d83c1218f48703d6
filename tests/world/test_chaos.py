"""Days in which five of a hundred operations fail, and nothing that is promised breaks."""

from collections.abc import Awaitable, Callable

import pytest

from handlers.simulation.targets import FRESH
from storage.database import Database
from tests.world.chaos import Outcome, run_chaos, unjudged
from tests.world.databases import Fresh

Chaos = Callable[[int], Awaitable[Outcome]]

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 110, 3)
"""At last the database is out of reach of the first, the feed of two, the scheduler of the last."""


@pytest.fixture(scope="module")
def outcomes() -> dict[int, Outcome]:
    """Return what has become of the worlds so far, by seed."""
    return {}


@pytest.fixture
def chaos(fresh: Fresh, outcomes: dict[int, Outcome]) -> Chaos:
    """Return what lets two days of a seed pass, once, and tells what became of them."""

    async def of(seed: int) -> Outcome:
        if seed not in outcomes:
            async with fresh() as database:
                outcomes[seed] = await run_chaos(seed, database, days=2)
        return outcomes[seed]

    return of


@pytest.mark.parametrize("seed", SEEDS)
async def test_days_of_faults_break_no_promise(chaos: Chaos, seed: int) -> None:
    outcome = await chaos(seed)
    assert outcome.violations == {}
    assert len(outcome.faults) >= 8
    assert outcome.repairs > 0


async def test_every_promise_was_put_to_the_test_by_one_of_the_seeds(chaos: Chaos) -> None:
    assert unjudged([await chaos(seed) for seed in SEEDS]) == []


async def test_q2_is_seen_to_break_in_days_that_are_short_of_credits_without_a_reserve(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.planning.credits._reserve", lambda *_: 0)
    assert set((await run_chaos(2, database, days=2)).violations) == {"Q2"}


async def test_the_same_seed_makes_the_same_world(chaos: Chaos, database: Database) -> None:
    assert await run_chaos(1, database, days=2) == await chaos(1)


async def test_without_faults_every_close_is_fresh(database: Database) -> None:
    outcome = await run_chaos(1, database, days=1, rate=0)
    assert not outcome.faults
    assert len(outcome.ages) > 5
    assert all(age is not None and age <= FRESH for age in outcome.ages)
