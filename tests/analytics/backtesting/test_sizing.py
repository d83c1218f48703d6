"""The rule of a run says what each bet deserves."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.backtesting.config import FlatStake, FractionalKelly, PercentageStake, Sizing
from analytics.backtesting.sizing import sizer_for
from analytics.backtesting.values import Opportunities
from core.errors import ConfigurationError

EVEN = np.full(4, 2.0)


def bets(*probability: float) -> Opportunities:
    return Opportunities.of(np.arange(len(probability)), np.array(probability))


FOUR = bets(0.55, 0.5, 0.4, np.nan)


@pytest.mark.parametrize(
    ("sizing", "stakes", "combined"),
    [
        pytest.param(FlatStake(amount=50), [50, 50, 50, 50], 50, id="the same amount"),
        pytest.param(PercentageStake(percent=2), [20, 20, 20, 20], 20, id="the same percentage"),
        pytest.param(FractionalKelly(), [25, 0, 0, 0], 1000, id="a quarter of Kelly, nothing without an edge"),
        pytest.param(FractionalKelly(fraction=1), [100, 0, 0, 0], 1000, id="all of Kelly"),
    ],
)
def test_what_a_bet_deserves_of_a_bankroll(sizing: Sizing, stakes: list[float], combined: float) -> None:
    sizer = sizer_for(sizing, FOUR, EVEN, "flat")
    assert sizer.stakes([0, 1, 2, 3], 1000.0, {}) == pytest.approx(stakes)
    assert sizer.combined(1000.0) == combined


def test_together_bets_deserve_less_than_one_by_one_and_less_beside_open_ones() -> None:
    both = bets(0.55, 0.55)
    alone = sizer_for(FractionalKelly(fraction=1), both, EVEN[:2], "flat").stakes([0, 1], 1000.0, {})
    together = sizer_for(FractionalKelly(fraction=1, simultaneous=True), both, EVEN[:2], "flat")
    assert alone == pytest.approx([100, 100])
    assert together.stakes([0, 1], 1000.0, {}) == pytest.approx([99, 99], abs=0.5)
    assert together.stakes([0], 1000.0, {}) == pytest.approx([100])
    assert together.stakes([0], 1000.0, {1: 100.0})[0] < 100


def test_every_open_bet_with_a_probability_lessens_what_a_bet_deserves_beside_it() -> None:
    rule = sizer_for(FractionalKelly(fraction=1, simultaneous=True), bets(0.55, 0.6, 0.6, np.nan), EVEN, "flat")
    beside: list[dict[int, float]] = [{}, {1: 200.0}, {1: 200.0, 2: 200.0}]
    one, two, three = (rule.stakes([0], 1000.0, each)[0] for each in beside)
    assert one > two > three > 0


def test_kelly_cannot_size_what_has_no_probability() -> None:
    with pytest.raises(ConfigurationError, match="flat estimates no probabilities"):
        sizer_for(FractionalKelly(), bets(np.nan), np.array([2.0]), "flat")


def test_a_strategy_that_found_nothing_needs_no_probability() -> None:
    assert sizer_for(FractionalKelly(), bets(), np.array([]), "flat").stakes([], 1000.0, {}) == []


def test_combinations_need_no_probability() -> None:
    legs = replace(bets(np.nan, np.nan), combination=np.zeros(2, dtype=np.int64))
    assert sizer_for(FractionalKelly(), legs, EVEN[:2], "arbitrage").combined(500.0) == 500


def test_beside_open_bets_for_everything_nothing_more_is_deserved() -> None:
    sizer = sizer_for(FractionalKelly(simultaneous=True), bets(0.55, 0.55), EVEN[:2], "flat")
    assert sizer.stakes([1], 1000.0, {0: 1000.0}) == [0.0]
