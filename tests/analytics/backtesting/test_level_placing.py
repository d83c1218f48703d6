from datetime import timedelta

import numpy as np
import pytest

from analytics.backtesting.board import as_instants
from analytics.backtesting.config import FlatStake
from analytics.backtesting.level_placing import LevelBets, place_level
from analytics.backtesting.values import Opportunities
from tests.analytics.backtesting.laboratory import known_season
from tests.analytics.boards import season

BOARD = known_season(4, hours_apart=1).board
FOUND = Opportunities.of(np.array([0, 2, 4, 6]))


def placed(*freed_after_hours: float, amount: float = 400, **limits: float) -> LevelBets:
    """Return what is placed of a bet at each of four hours, whose stake comes back so long after its decision."""
    ends = [
        event.decided_at + timedelta(hours=hours)
        for event, hours in zip(BOARD.events, freed_after_hours, strict=True)
    ]
    freed_at = as_instants([end for end in ends for _ in range(2)])
    config = season(bankroll=1000, limits={"max_stake_percent": 100, **limits})
    return place_level(FOUND, BOARD, freed_at, config, sizing=FlatStake(amount=amount), strategy="given")


@pytest.mark.parametrize(
    ("freed", "stakes"),
    [
        pytest.param((1, 1, 1, 1), [400, 400, 400, 400], id="each comes back before the next"),
        pytest.param((9, 9, 9, 9), [400, 400, 200], id="none comes back: the third takes the rest"),
        pytest.param((2, 9, 9, 9), [400, 400, 400, 200], id="the first comes back for the third"),
    ],
)
def test_no_more_is_at_stake_than_there_is(freed: tuple[float, ...], stakes: list[float]) -> None:
    assert placed(*freed).stakes.tolist() == stakes


def test_no_more_is_at_stake_than_may_be() -> None:
    assert placed(9, 9, 9, 9, max_open_percent=50).stakes.tolist() == [400, 100]
    assert placed(9, 9, 9, 9, max_open_percent=50, min_stake=200).stakes.tolist() == [400]


def test_no_bet_is_no_bet() -> None:
    assert placed(1, 1, 1, 1, min_stake=500).places.tolist() == []
