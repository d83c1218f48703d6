"""A long streak is news only beside those that luck makes at the same odds."""

from itertools import product

import numpy as np
import pytest

from analytics.backtesting.bet_arrays import BetArrays, arrays_of
from analytics.backtesting.metrics import longest_streaks
from analytics.backtesting.streaks import streaks_by_luck
from tests.analytics.results import make_bet

WON, LOST, PUSHED = 1.0, -1.0, 0.0


def bets(*profits: float, decimal_odds: float = 2.0, **changes: object) -> BetArrays:
    made = [
        make_bet(number, profit=profit, decimal_odds=decimal_odds, **changes)
        for number, profit in enumerate(profits)
    ]
    return arrays_of(made)


@pytest.mark.parametrize("decimal_odds", [1.25, 2.0, 5.0])
def test_what_luck_makes_is_what_every_way_to_end_says(decimal_odds: float) -> None:
    chance, profits = 1 / decimal_odds, (WON, WON, LOST, WON, LOST)
    ways = [*product((WON, LOST), repeat=len(profits))]
    weights = [chance ** way.count(WON) * (1 - chance) ** way.count(LOST) for way in ways]
    streaks = [longest_streaks(way) for way in ways]
    found = streaks_by_luck(
        bets(*profits, decimal_odds=decimal_odds), resamples=20_000, rng=np.random.default_rng(1)
    )
    assert found is not None
    for told, which, own in zip(found, (0, 1), longest_streaks(profits), strict=True):
        mean = sum(weight * streak[which] for weight, streak in zip(weights, streaks, strict=True))
        as_long = sum(weight for weight, streak in zip(weights, streaks, strict=True) if streak[which] >= own)
        assert told.expected == pytest.approx(mean, abs=0.03)
        assert told.p_value == pytest.approx(as_long, abs=0.015)


def test_a_push_neither_counts_nor_ends_a_streak() -> None:
    with_push, without = bets(WON, PUSHED, WON, LOST), bets(WON, WON, LOST)
    first, second = (
        streaks_by_luck(one, resamples=500, rng=np.random.default_rng(1)) for one in (with_push, without)
    )
    assert first == second


def test_bets_on_one_event_win_and_lose_together() -> None:
    alike = bets(*[WON] * 10, event_id="event0")
    found = streaks_by_luck(alike, resamples=2_000, rng=np.random.default_rng(1))
    assert found is not None
    assert found[0].p_value == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(
    ("drawn", "resamples"),
    [
        pytest.param(bets(PUSHED), 100, id="nothing was decided"),
        pytest.param(bets(WON, LOST, combination=1), 100, id="legs of combinations hedge one another"),
        pytest.param(bets(WON, LOST), 0, id="nothing is drawn"),
    ],
)
def test_where_there_is_nothing_to_compare_with_nothing_is_told(drawn: BetArrays, resamples: int) -> None:
    assert streaks_by_luck(drawn, resamples=resamples, rng=np.random.default_rng(1)) is None
