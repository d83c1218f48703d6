"""Days in which five of a hundred operations fail, and nothing that is promised breaks."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.world.chaos import age_shares, run_chaos


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_day_of_faults_breaks_no_promise(database: Database, seed: int) -> None:
    outcome = await run_chaos(seed, database, days=1)
    print(seed, outcome)
    assert {name: broken for name, broken in outcome.violations.items() if broken} == {}
    assert len(outcome.faults) >= 8
    (within,) = age_shares([outcome], timedelta(minutes=35))
    assert within > 0.7
