import re

from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.result import Estimate
from analytics.backtesting.wording import chance, interval, money, number, percent

FIGURES = st.floats(-1e9, 1e9)


@given(FIGURES)
def test_a_figure_that_rounds_to_zero_has_no_minus(value: float) -> None:
    for text in (money(value), percent(value), number(value)):
        assert not re.fullmatch(r"-0[0.]*( %)?", text)


@given(st.floats(0, 1))
def test_a_p_value_is_never_worded_as_zero(p_value: float) -> None:
    assert chance(p_value) != "p 0.000"


def test_an_estimate_without_an_interval_has_none() -> None:
    assert interval(Estimate(value=0.1), percent) == ""
