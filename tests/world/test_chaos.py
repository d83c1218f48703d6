"""Days in which five of a hundred operations fail, and nothing that is promised breaks."""

import pytest

from handlers.simulation.targets import FRESH
from storage.database import Database
from tests.world.chaos import run_chaos
from tests.world.databases import Fresh
from tests.world.plans import plan_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2, 110])
async def test_days_of_faults_break_no_promise(database: Database, seed: int) -> None:
    outcome = await run_chaos(seed, database, days=2)
    assert outcome.violations == {}
    unjudged = {name for name, found in outcome.found.items() if not found.judged}
    assert unjudged <= {"closes", "D1", "Q3"} | (set() if plan_of(seed, 2).is_scarce else {"Q2"})
    assert len(outcome.faults) >= 8
    assert outcome.repairs > 0


async def test_q2_is_seen_to_break_in_days_that_are_short_of_credits_without_a_reserve(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.planning.credits._reserve", lambda *_: 0)
    assert set((await run_chaos(2, database, days=2)).violations) == {"Q2"}


async def test_the_same_seed_makes_the_same_world(fresh: Fresh) -> None:
    outcomes = []
    for _ in range(2):
        async with fresh() as database:
            outcomes.append(await run_chaos(5, database, days=1))
    assert outcomes[0] == outcomes[1]


async def test_without_faults_every_close_is_fresh(database: Database) -> None:
    outcome = await run_chaos(1, database, days=1, rate=0)
    assert not outcome.faults
    assert len(outcome.ages) > 5
    assert all(age is not None and age <= FRESH for age in outcome.ages)
