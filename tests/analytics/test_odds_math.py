import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.odds_math import (
    american_to_decimal,
    decimal_to_american,
    edge,
    fair_decimal,
    hold,
    implied_market,
    implied_probability,
    overround,
)
from core.feed.prices import american_of_decimal
from tests.analytics.markets import decimals, legal_prices, markets


@given(st.lists(legal_prices, min_size=1))
def test_every_legal_american_price_comes_back_from_decimal_odds(prices: list[int]) -> None:
    assert decimal_to_american(american_to_decimal(prices)).tolist() == prices


def test_even_money_is_one_price_that_has_two_spellings() -> None:
    assert american_to_decimal([-100, 100]).tolist() == [2.0, 2.0]
    assert decimal_to_american(2.0) == 100


@given(st.decimals(min_value="1.001", max_value=1000, places=3))
def test_decimal_odds_round_to_the_american_price_that_storage_keeps(written: float) -> None:
    assert decimal_to_american(float(written)) == american_of_decimal(float(written))


@given(st.lists(st.floats(0.001, 0.999), min_size=1))
def test_a_probability_comes_back_from_its_fair_odds(chances: list[float]) -> None:
    np.testing.assert_allclose(implied_probability(fair_decimal(chances)), chances, rtol=1e-12)


@given(legal_prices, legal_prices)
def test_a_better_american_price_has_better_decimal_odds(one: int, other: int) -> None:
    one, other = sorted((one, other))
    assert american_to_decimal(one) <= american_to_decimal(other)


@given(markets())
def test_hold_is_the_share_of_stakes_that_stays_when_every_outcome_pays_the_same(odds: list[float]) -> None:
    stakes = implied_probability(odds)
    paid_whatever_wins = (stakes * odds)[0]
    assert hold(odds) == pytest.approx(1 - paid_whatever_wins / stakes.sum(), abs=1e-12)


def test_functions_on_a_market_act_on_the_last_axis() -> None:
    books = [[[1.9, 1.9], [2.1, 1.8]], [[1.5, 2.5], [3.0, 1.4]]]
    assert overround(books).shape == (2, 2)
    assert overround(books)[1, 0] == overround([1.5, 2.5])


@given(decimals)
def test_a_bet_at_its_fair_price_has_no_edge(odds: float) -> None:
    assert edge(implied_probability(odds), odds) == pytest.approx(0, abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 1), decimals)
def test_an_edge_is_the_mean_of_what_a_bet_can_end_in(win: float, back: float, odds: float) -> None:
    push = back * (1 - win)
    expected = win * (odds - 1) - (1 - win - push)
    assert edge(win, odds, push) == pytest.approx(expected, abs=1e-9)


def test_a_missing_price_stays_missing() -> None:
    missing = float("nan")
    assert np.isnan(american_to_decimal([missing, 120])).tolist() == [True, False]
    assert np.isnan(decimal_to_american([missing, 2.0])).tolist() == [True, False]
    assert np.isnan(overround([[missing, 1.9], [1.9, 1.9]])).tolist() == [True, False]
    assert np.isnan(edge([missing, 0.5], [2.0, missing])).all()


@pytest.mark.parametrize("price", [0, 99, -99.9, 1.91, float("inf")])
def test_a_number_that_is_no_american_price_is_refused_by_name(price: float) -> None:
    with pytest.raises(ValueError, match=rf"^{price:g} is not American odds, at least \+100 or at most -100$"):
        american_to_decimal([110, price])


@pytest.mark.parametrize("odds", [1, 0.5, 0, -110, float("inf")])
def test_decimal_odds_that_return_no_more_than_the_stake_are_refused(odds: float) -> None:
    for function in (decimal_to_american, implied_probability, lambda odds: edge(0.5, odds)):
        with pytest.raises(ValueError, match=f"^{odds:g} is not decimal odds, which are above 1$"):
            function([2.0, odds])


@pytest.mark.parametrize("odds", [2.0, [2.0], [[2.0], [1.9]]])
def test_a_market_of_fewer_than_two_outcomes_is_refused(odds: object) -> None:
    with pytest.raises(ValueError, match="at least two outcomes on the last axis"):
        implied_market(np.asarray(odds))


def test_probabilities_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^1\.2 is not a probability from 0 to 1$"):
        edge(1.2, 2.0)
    with pytest.raises(ValueError, match=r"^1\.1 is not a win and a push of at most 1 together$"):
        edge(0.6, 2.0, push=0.5)
    for certain in (0, 1):
        with pytest.raises(ValueError, match="above 0 and below 1"):
            fair_decimal(certain)
