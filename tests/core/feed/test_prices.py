from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.fields import UnusableError
from core.feed.prices import american_of_decimal, read_american, read_decimal


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(-110, -110, id="an integer"),
        pytest.param(-110.0, -110, id="a float without a fraction"),
        pytest.param(50, 50, id="below 100: a matter of quality, not of form"),
    ],
)
def test_an_american_price_is_a_whole_number(value: float, expected: int) -> None:
    price = read_american({"price": value}, "price")
    assert price == expected
    assert type(price) is int


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"price": 1.91}, "1.91 is no whole number, .* decimal odds", id="decimal odds"),
        pytest.param({"price": True}, "not a boolean", id="a boolean"),
        pytest.param({"price": "-110"}, "not a text", id="a text"),
        pytest.param({"price": None}, "not null", id="null"),
        pytest.param({"price": [1]}, "not an array", id="an array"),
        pytest.param({"price": float("nan")}, "nan is no whole number", id="not a number"),
        pytest.param({"price": float("inf")}, "inf is no whole number", id="infinite"),
        pytest.param({"price": 2**31}, "beyond anything that can be kept", id="too large for its column"),
        pytest.param({}, "missing", id="missing"),
    ],
)
def test_anything_else_is_no_american_price(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(UnusableError, match=reason) as caught:
        read_american(fields, "price")
    assert caught.value.path == ".price"


@pytest.mark.parametrize(
    ("decimal_odds", "american"),
    [
        pytest.param(2, 100, id="even money"),
        pytest.param(3.1, 210, id="an underdog"),
        pytest.param(1.36, -278, id="a favourite"),
        pytest.param(1.91, -110, id="the usual price of a line"),
        pytest.param(2.345, 135, id="half away from zero, up"),
        pytest.param(1.16, -625, id="an exact favourite"),
        pytest.param(1.32, -313, id="half away from zero, down"),
        pytest.param(1.99, -101, id="just short of even"),
        pytest.param(1000, 99900, id="a long shot"),
    ],
)
def test_decimal_odds_become_american(decimal_odds: float, american: int) -> None:
    assert read_decimal({"price": decimal_odds}, "price") == american


@pytest.mark.parametrize(
    "value", [1, 1.0, 0, -110, 0.5, True, "2.0", None, float("inf"), float("nan"), 1e300, 1 + 2**-52]
)
def test_no_decimal_odds_are_one_or_less_or_out_of_reach(value: object) -> None:
    with pytest.raises(UnusableError):
        read_decimal({"price": value}, "price")


@given(st.decimals(min_value="1.01", max_value=1000, places=3))
def test_conversion_is_exact_and_rounds_half_away_from_zero(decimal_odds: Fraction) -> None:
    net = Fraction(decimal_odds) - 1
    exact = net * 100 if net >= 1 else -100 / net
    american = american_of_decimal(float(decimal_odds))
    assert abs(american - exact) <= Fraction(1, 2)
    assert abs(american) >= 100
    if abs(american - exact) == Fraction(1, 2):
        assert abs(american) > abs(exact)
