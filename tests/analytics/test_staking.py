from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.odds_math import overround
from analytics.staking import arbitrage_profit, arbitrage_shares, growth_rate, kelly, middle
from tests.analytics.conftest import compared_with
from tests.analytics.markets import decimals, markets

chances = st.floats(0.01, 0.99)


@pytest.fixture(scope="module")
def betting_oracle() -> Any:
    """Return penaltyblog's module of stakes."""
    return compared_with("penaltyblog.betting")


@given(chances, decimals)
def test_no_other_stake_grows_the_bankroll_faster(probability: float, decimal: float) -> None:
    best = float(kelly(probability, decimal))
    others = np.linspace(0, 0.999, 200)
    assert growth_rate(best, probability, decimal) >= growth_rate(others, probability, decimal).max() - 1e-12


@given(chances, decimals)
def test_a_bet_without_an_edge_gets_nothing(probability: float, decimal: float) -> None:
    stake = float(kelly(probability, decimal))
    assert 0 <= stake < 1
    assert (stake > 0) == (probability * decimal - 1 > 0)


@given(st.floats(0.01, 0.6), st.floats(0, 0.3), decimals)
def test_a_push_only_thins_out_the_bets_that_are_decided(win: float, push: float, decimal: float) -> None:
    decided = win / (1 - push)
    assert kelly(win, decimal, push=push) == pytest.approx(float(kelly(decided, decimal)), abs=1e-9)


@given(chances, decimals, st.floats(0.05, 1))
def test_a_fraction_of_kelly_is_that_part_of_it(probability: float, decimal: float, fraction: float) -> None:
    full = float(kelly(probability, decimal))
    assert kelly(probability, decimal, fraction=fraction) == pytest.approx(fraction * full)


@pytest.mark.parametrize("fraction", [0, -0.5, 1.5, float("nan")])
def test_a_fraction_that_is_none_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="is no fraction of a stake, which is above 0 and at most 1"):
        kelly(0.5, 2.0, fraction=fraction)


def test_a_bet_without_an_estimate_has_no_stake_to_tell() -> None:
    assert np.isnan(kelly([np.nan, 0.5], [2.0, np.nan])).all()


def test_a_bet_that_is_always_pushed_is_not_worth_a_stake() -> None:
    assert kelly(0, 2.0, push=1) == 0


@pytest.mark.slow
@given(probability=chances, decimal=decimals, fraction=st.floats(0.1, 1))
def test_penaltyblog_gives_the_same_stakes(
    betting_oracle: Any, probability: float, decimal: float, fraction: float
) -> None:
    theirs = betting_oracle.kelly_criterion(decimal, probability, fraction).stake
    assert kelly(probability, decimal, fraction=fraction) == pytest.approx(max(theirs, 0), abs=1e-9)


@given(markets())
def test_shares_of_an_arbitrage_pay_the_same_whatever_wins(odds: list[float]) -> None:
    shares = arbitrage_shares(odds)
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(shares * odds - 1, arbitrage_profit(odds), atol=1e-9)


@given(markets())
def test_an_arbitrage_is_there_where_the_best_prices_have_no_vig(odds: list[float]) -> None:
    assert (arbitrage_profit(odds) > 0) == (overround(odds) < 0)


@given(decimals, decimals)
def test_a_middle_breaks_even_where_it_says(first: float, second: float) -> None:
    found = middle(first, second)
    one, other = found.shares[0] * first - 1, found.shares[1] * second - 1
    assert one == pytest.approx(other, abs=1e-9)
    assert found.miss == pytest.approx(one, abs=1e-9)
    assert found.hit == pytest.approx(found.shares[0] * first + found.shares[1] * second - 1, abs=1e-9)
    assert found.hit > found.miss
    expected = found.break_even * found.hit + (1 - found.break_even) * found.miss
    assert expected == pytest.approx(max(found.miss, 0), abs=1e-9)


def test_a_middle_at_the_usual_price_has_to_hit_once_in_twenty_one() -> None:
    assert middle(21 / 11, 21 / 11).break_even == pytest.approx(1 / 21)
