"""Days in which five of a hundred operations fail, and nothing that is promised breaks."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.world.chaos import age_shares, run_chaos
from tests.world.conftest import Fresh

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2, 110])
async def test_days_of_faults_break_no_promise(database: Database, seed: int) -> None:
    outcome = await run_chaos(seed, database, days=2)
    assert {name: broken for name, broken in outcome.violations.items() if broken} == {}
    assert len(outcome.faults) >= 8
    assert outcome.repairs > 0


async def test_the_same_seed_makes_the_same_world(fresh: Fresh) -> None:
    outcomes = []
    for _ in range(2):
        async with fresh() as database:
            outcomes.append(await run_chaos(5, database, days=1))
    assert outcomes[0] == outcomes[1]


async def test_without_faults_every_close_is_fresh(database: Database) -> None:
    outcome = await run_chaos(1, database, days=1, rate=0)
    assert not outcome.faults
    assert outcome.games > 5
    assert age_shares([outcome], timedelta(minutes=10)) == [1.0]
