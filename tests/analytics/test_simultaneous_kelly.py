from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.odds_math import FloatArray
from analytics.simultaneous_kelly import OpenBets, simultaneous_kelly
from analytics.staking import kelly

_SURE = 1 - 1e-13
bets = st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(0.9, 1.4)), min_size=1, max_size=5)


def estimates(drawn: list[tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    probability, value = np.array(drawn).T
    return probability, 1 + value * (1 / probability - 1)


def growth(fractions: FloatArray, probability: FloatArray, decimal: FloatArray) -> float:
    """Return the expected logarithm of the bankroll, over every way in which the bets can end."""
    expected = 0.0
    for ends in product((True, False), repeat=len(fractions)):
        chance = np.prod(np.where(ends, probability, 1 - probability))
        expected += float(chance * np.log1p(np.sum(np.where(ends, fractions * (decimal - 1), -fractions))))
    return expected


@settings(max_examples=40)
@given(bets)
def test_no_change_of_any_stake_grows_the_bankroll_faster(drawn: list[tuple[float, float]]) -> None:
    probability, decimal = estimates(drawn)
    best = simultaneous_kelly(probability, decimal)
    height = growth(best, probability, decimal)
    for place in range(len(best)):
        for change in (1e-3, -1e-3):
            other = best.copy()
            other[place] += change
            if other[place] >= 0 and other.sum() < 1:
                assert growth(other, probability, decimal) <= height + 1e-9


@given(bets)
def test_stakes_are_never_lifted_and_leave_something_in_hand(drawn: list[tuple[float, float]]) -> None:
    probability, decimal = estimates(drawn)
    best, single = simultaneous_kelly(probability, decimal), kelly(probability, decimal)
    assert best.sum() < 1
    assert (best <= single + 1e-6).all()
    assert ((best > 0) == (single > 0)).all()


@given(st.floats(0.05, 0.95), st.floats(1.0, 1.5))
def test_one_bet_alone_gets_its_kelly(probability: float, value: float) -> None:
    win, decimal = estimates([(probability, value)])
    assert simultaneous_kelly(win, decimal) == pytest.approx(kelly(win, decimal), abs=1e-6)


@given(bets, st.floats(0.1, 1))
def test_a_fraction_is_that_part_of_every_stake(drawn: list[tuple[float, float]], fraction: float) -> None:
    probability, decimal = estimates(drawn)
    part = simultaneous_kelly(probability, decimal, fraction=fraction)
    np.testing.assert_allclose(part, fraction * simultaneous_kelly(probability, decimal), atol=1e-6)


def test_bets_that_are_open_already_leave_less_to_stake() -> None:
    held = OpenBets([0.6, 0.55], [2.0, 2.0], [0.2, 0.1])
    alone, beside = simultaneous_kelly([0.6], [2.0]), simultaneous_kelly([0.6], [2.0], beside=held)
    assert 0 < beside[0] < alone[0]
    best = np.concatenate([beside, held.fractions])
    probability, decimal = np.array([0.6, 0.6, 0.55]), np.full(3, 2.0)
    height = growth(best, probability, decimal)
    for change in (1e-3, -1e-3):
        assert growth(best + np.array([change, 0, 0]), probability, decimal) < height


def test_forty_bets_are_sized_together() -> None:
    probability, decimal = np.full(40, 0.53), np.full(40, 1.93)
    stakes = simultaneous_kelly(probability, decimal)
    assert np.ptp(stakes) < 1e-6
    assert 0.8 * kelly(0.53, 1.93) < stakes[0] < kelly(0.53, 1.93)


def test_what_has_no_estimate_has_no_stake_and_holds_nothing_up() -> None:
    stakes = simultaneous_kelly([np.nan, 0.6, 0.4], [2.0, 2.0, 2.0])
    assert np.isnan(stakes[0])
    assert stakes[1:] == pytest.approx([0.2, 0.0], abs=1e-6)
    assert simultaneous_kelly([], []).tolist() == []


def test_a_certain_win_takes_all_that_there_is() -> None:
    assert simultaneous_kelly([1.0], [1.5])[0] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("probability", "decimal", "held"),
    [
        pytest.param([0.9, 0.999, 0.5, _SURE], [1001.0, 1e6, 1.2, 1001.0], [], id="two that hardly lose"),
        pytest.param([_SURE, 0.001, 1.0, 1 - 1e-9], [1.2, 7.0, 1e6, 2.0], [], id="three that hardly lose"),
        pytest.param([0.9, 0.5], [7.0, 2.1], [(0.0, 1.01, 0.1)], id="beside a bet that is lost"),
        pytest.param([_SURE, 0.5, 1.0], [1.0001, 1001.0, 2.0], [(0.0, 1.01, 0.3)] * 2, id="no money left"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_bets_as_good_as_certain_are_sized_too(
    probability: list[float], decimal: list[float], held: list[tuple[float, float, float]]
) -> None:
    beside = OpenBets(*np.array(held).reshape(-1, 3).T)
    stakes = simultaneous_kelly(probability, decimal, beside=beside)
    assert (stakes >= 0).all()
    assert 0 < stakes.sum() < 1 - beside.fractions.sum()


@pytest.mark.parametrize("fractions", [[0.5, 0.5], [-0.1, 0.2]])
def test_open_bets_that_cannot_be_are_refused(fractions: list[float]) -> None:
    with pytest.raises(ValueError, match="sum to less than 1"):
        OpenBets([0.5, 0.5], [2.0, 2.0], fractions)
