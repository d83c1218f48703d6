from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.devig import (
    DevigMethod,
    insider_share,
    no_vig,
    no_vig_additive,
    no_vig_odds_ratio,
    no_vig_shin,
    no_vig_worst_case,
    power_exponent,
)
from analytics.odds_math import FloatArray, implied_probability
from tests.analytics.markets import markets, offered_markets

TWO_WAY, THREE_WAY, LONG_SHOTS = [1.25, 4.2], [2.7, 2.3, 4.4], [1.05, 15.0, 34.0]
SUMMING_TO_ONE = [method for method in DevigMethod if method is not DevigMethod.WORST_CASE]
every_method = pytest.mark.parametrize("method", DevigMethod)


def given_by(method: DevigMethod, odds: list[float]) -> FloatArray:
    return no_vig(odds, method)


@pytest.mark.parametrize(
    ("odds", "method", "fair"),
    [
        (TWO_WAY, DevigMethod.MULTIPLICATIVE, [0.770642202]),
        (TWO_WAY, DevigMethod.ADDITIVE, [0.780952381]),
        (TWO_WAY, DevigMethod.SHIN, [0.780952381]),
        (TWO_WAY, DevigMethod.POWER, [0.786532578]),
        (THREE_WAY, DevigMethod.MULTIPLICATIVE, [0.358738036, 0.421127260, 0.220134704]),
        (THREE_WAY, DevigMethod.POWER, [0.359171100, 0.423730753, 0.217098147]),
        (THREE_WAY, DevigMethod.SHIN, [0.359343920, 0.423243848, 0.217412232]),
        (LONG_SHOTS, DevigMethod.MULTIPLICATIVE, [0.908362276, 0.063585359, 0.028052364]),
        (LONG_SHOTS, DevigMethod.SHIN, [0.929098609, 0.052966196, 0.017935194]),
    ],
)
def test_known_markets_have_their_known_fair_probabilities(
    odds: list[float], method: DevigMethod, fair: list[float]
) -> None:
    assert given_by(method, odds)[: len(fair)].tolist() == pytest.approx(fair, abs=1e-9)


@pytest.mark.parametrize(
    ("parameter", "odds", "value"),
    [
        (insider_share, TWO_WAY, 0.038740308),
        (power_exponent, TWO_WAY, 1.076083688),
        (power_exponent, THREE_WAY, 1.030913239),
        (insider_share, THREE_WAY, 0.016236443),
        (insider_share, LONG_SHOTS, 0.028580218),
    ],
)
def test_known_markets_have_their_known_parameters(
    parameter: Callable[[list[float]], FloatArray], odds: list[float], value: float
) -> None:
    assert float(parameter(odds)) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("method", SUMMING_TO_ONE)
@given(odds=offered_markets())
def test_fair_probabilities_sum_to_one(method: DevigMethod, odds: list[float]) -> None:
    fair = given_by(method, odds)
    if np.isnan(fair).any():
        assert method is DevigMethod.ADDITIVE
    else:
        assert fair.sum() == pytest.approx(1, abs=1e-9)
        assert ((fair > 0) & (fair < 1)).all()


@pytest.mark.parametrize("method", SUMMING_TO_ONE)
@given(odds=markets())
def test_prices_of_any_vig_or_below_none_are_made_fair(method: DevigMethod, odds: list[float]) -> None:
    fair = given_by(method, odds)
    assert np.isnan(fair).all() or fair.sum() == pytest.approx(1, abs=1e-8)


@every_method
@given(odds=offered_markets())
def test_a_shorter_price_is_never_less_likely(method: DevigMethod, odds: list[float]) -> None:
    fair = given_by(method, odds)[np.argsort(odds)]
    assert np.isnan(fair).any() or (np.diff(fair) <= 1e-12).all()


@pytest.mark.parametrize("method", SUMMING_TO_ONE)
@given(weights=st.lists(st.floats(0.05, 1), min_size=2, max_size=4))
def test_fair_prices_stay_as_they_are(method: DevigMethod, weights: list[float]) -> None:
    chances = np.asarray(weights) / sum(weights)
    np.testing.assert_allclose(no_vig(1 / chances, method), chances, atol=1e-9)


@given(offered_markets(outcomes=2))
def test_shin_is_additive_on_two_outcomes(odds: list[float]) -> None:
    np.testing.assert_allclose(no_vig_shin(odds), no_vig_additive(odds), atol=1e-9)


@given(offered_markets())
def test_the_worst_case_is_below_every_method_on_every_outcome(odds: list[float]) -> None:
    worst = no_vig_worst_case(odds)
    for method in SUMMING_TO_ONE:
        fair = given_by(method, odds)
        assert np.isnan(fair).any() or (worst <= fair + 1e-12).all()
    assert worst.sum() <= 1 + 1e-12


@every_method
@given(odds=offered_markets(), others=offered_markets())
def test_many_markets_at_once_give_what_each_gives_alone(
    method: DevigMethod, odds: list[float], others: list[float]
) -> None:
    outcomes = min(len(odds), len(others))
    together = no_vig([[odds[:outcomes]], [others[:outcomes]]], method)
    assert together.shape == (2, 1, outcomes)
    np.testing.assert_allclose(together[0, 0], given_by(method, odds[:outcomes]), atol=1e-12)
    np.testing.assert_allclose(together[1, 0], given_by(method, others[:outcomes]), atol=1e-12)


@every_method
def test_a_missing_price_leaves_its_market_without_an_answer_and_no_other(method: DevigMethod) -> None:
    fair = no_vig([[1.9, float("nan")], [1.9, 1.9]], method)
    assert np.isnan(fair).tolist() == [[True, True], [False, False]]


@pytest.mark.parametrize("odds", [[1.001, 1000.0], [1.0001, 9_000.0, 9_000.0], [1.01] * 5, [150.0] * 200])
@every_method
def test_extreme_markets_are_solved(method: DevigMethod, odds: list[float]) -> None:
    fair = given_by(method, odds)
    assert np.isnan(fair).all() or fair.sum() == pytest.approx(1, abs=0.01)
    assert not np.isnan(fair).any() or method is DevigMethod.ADDITIVE


def test_a_long_shot_that_the_additive_method_leaves_no_chance_has_no_answer() -> None:
    assert np.isnan(no_vig_additive([1.2, 1.5, 30.0])).all()


@pytest.mark.slow
@pytest.mark.parametrize("method", SUMMING_TO_ONE)
@given(odds=offered_markets())
def test_penaltyblog_gives_the_same(implied_oracle: Any, method: DevigMethod, odds: list[float]) -> None:
    fair = given_by(method, odds)
    theirs = implied_oracle.calculate_implied(odds, method=method.value).probabilities
    assert np.isnan(fair).any() if min(theirs) <= 0 else fair.tolist() == pytest.approx(theirs, abs=1e-8)


@given(offered_markets())
def test_the_shin_library_gives_the_same(shin_oracle: Any, odds: list[float]) -> None:
    theirs = shin_oracle.calculate_implied_probabilities(odds, max_iterations=100_000, convergence_threshold=1e-15)
    assert no_vig_shin(odds).tolist() == pytest.approx(theirs, abs=1e-7)


@given(offered_markets())
def test_the_odds_ratio_is_the_same_for_every_outcome(odds: list[float]) -> None:
    fair, implied = no_vig_odds_ratio(odds), implied_probability(odds)
    ratios = implied / (1 - implied) / (fair / (1 - fair))
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-6)


@every_method
def test_odds_that_are_none_are_refused(method: DevigMethod) -> None:
    with pytest.raises(ValueError, match=r"^0\.9 is not decimal odds, which are above 1$"):
        no_vig([1.9, 0.9], method)
