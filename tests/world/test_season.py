"""What a season through faults must come to: few closes late, none without a fault that tells why."""

import math

import pytest

from handlers.scratch import Scratch
from handlers.simulation.season import SeasonRequest, simulate_season
from handlers.simulation.season_report import SeasonReport
from tests.world.databases import Fresh

pytestmark = pytest.mark.slow

SEEDS = (1, 7)
FAULT_RATE = 0.05
DAYS = 8


async def season(fresh: Fresh, seed: int) -> SeasonReport:
    request = SeasonRequest("americanfootball_nfl", seed, FAULT_RATE, DAYS)
    async with fresh() as database:
        return await simulate_season(request, Scratch(database, "not shown"), lambda _: None)


def most_by_chance(share: float, games: int) -> float:
    """Return how many games of a few weeks may have what a share of all games has, in 98 of 100 worlds."""
    return share * games + 2 * math.sqrt(share * (1 - share) * games)


async def test_five_faults_in_a_hundred_lose_no_look_and_leave_nearly_every_close_fresh(fresh: Fresh) -> None:
    seasons = [await season(fresh, seed) for seed in SEEDS]
    assert [(one.lost, one.doubled, one.unarmed, one.unexplained) for one in seasons] == [(0, 0, (), 0)] * len(
        SEEDS
    )
    assert [one.closing for one in seasons] == [1.0] * len(SEEDS)
    games = sum(one.coverage.events for one in seasons)
    assert games > 10 * len(SEEDS)
    assert sum(len(one.worse) for one in seasons) <= most_by_chance(0.05, games)
    assert all(sum(one.mishaps.values()) > 500 for one in seasons)
    assert sum(one.mended for one in seasons) > 0
    assert sum(one.repairs for one in seasons) > 0
