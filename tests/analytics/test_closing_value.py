import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.closing_value import closing_line_value, moved_closing_line_value
from analytics.devig import no_vig_multiplicative
from analytics.odds_math import FloatArray, edge, fair_decimal
from analytics.result_distribution import ResultDistribution
from tests.analytics.games import football
from tests.analytics.markets import decimals

chances = st.floats(0.05, 0.95)


def value(
    decimal: float, number: float, *, above: bool, closing_number: float = 3.5, closing_probability: float = 0.5
) -> float:
    found: FloatArray = moved_closing_line_value(
        decimal,
        number,
        above=above,
        closing_number=closing_number,
        closing_probability=closing_probability,
        results=GAMES,
    )
    return float(found[0])


GAMES: ResultDistribution = football(20_000)


@given(chances)
def test_a_bet_at_the_fair_close_is_worth_nothing(probability: float) -> None:
    assert closing_line_value(fair_decimal(probability), probability) == pytest.approx(0, abs=1e-12)


@given(decimals, chances)
def test_it_is_the_edge_that_the_close_sees(decimal: float, probability: float) -> None:
    assert closing_line_value(decimal, probability) == pytest.approx(float(edge(probability, decimal)))


def test_the_vig_of_the_close_is_not_taken_for_value() -> None:
    close = [1.909, 1.909]
    assert closing_line_value(close[0], no_vig_multiplicative(close)[0]) == pytest.approx(-0.0455, abs=1e-4)


def test_a_bet_without_a_close_has_no_value() -> None:
    assert np.isnan(closing_line_value([1.9, np.nan], [np.nan, 0.5])).all()


@given(decimals, chances)
def test_a_number_that_did_not_move_is_judged_as_by_the_price_alone(decimal: float, probability: float) -> None:
    expected = closing_line_value(decimal, probability)
    assert value(decimal, 3.5, above=True, closing_probability=probability) == pytest.approx(expected, abs=1e-6)
    expected = closing_line_value(decimal, 1 - probability)
    assert value(decimal, 3.5, above=False, closing_probability=probability) == pytest.approx(expected, abs=1e-6)


@given(st.integers(-40, 40).map(lambda quarters: quarters / 4))
def test_a_number_easier_to_pass_is_worth_more(number: float) -> None:
    easier, harder = (value(1.91, one, above=True) for one in (number - 0.5, number))
    assert easier >= harder - 1e-9
    easier, harder = (value(1.91, one, above=False) for one in (number, number - 0.5))
    assert easier >= harder - 1e-9


@given(st.integers(-40, 40).map(lambda quarters: quarters / 4), chances)
def test_both_sides_of_a_number_at_even_money_are_worth_nothing_together(
    number: float, probability: float
) -> None:
    both = [value(2.0, number, above=side, closing_probability=probability) for side in (True, False)]
    assert sum(both) == pytest.approx(0, abs=1e-9)


def test_a_point_through_the_commonest_margin_is_worth_more_than_one_elsewhere() -> None:
    through_three = value(1.91, 2.5, above=True) - value(1.91, 3.5, above=True)
    through_five = value(1.91, 4.5, above=True) - value(1.91, 5.5, above=True)
    assert through_three > 1.5 * through_five
