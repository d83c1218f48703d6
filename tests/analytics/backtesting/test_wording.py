import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.result import Estimate
from analytics.backtesting.wording import (
    backed,
    chance,
    ending,
    interval,
    money,
    number,
    percent,
    reasons_ungraded,
)
from tests.analytics.results import make_bet

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


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"market_key": "h2h", "point": None}, "Lakers", id="a team"),
        pytest.param({"market_key": "alternate_spreads", "point": 4.5}, "Lakers +4.5", id="a handicap has a sign"),
        pytest.param(
            {"market_key": "player_points", "outcome_name": "Over", "point": 25.5, "description": "LeBron James"},
            "LeBron James Over 25.5",
            id="a player",
        ),
    ],
)
def test_what_is_backed_is_told_as_a_bettor_says_it(changes: dict[str, Any], told: str) -> None:
    assert backed(make_bet(**changes)) == told


def test_bets_without_a_grade_are_open_or_say_why() -> None:
    unknown = {"grade": None, "settled_at": None}
    prop = {"grade": None, "market_key": "player_points", "outcome_name": "Over", "point": 20.5}
    bets = [make_bet(0, grade="half_win"), make_bet(1, **unknown), make_bet(2, **prop), make_bet(3, **prop)]
    assert [ending(bet) for bet in bets] == ["half win", "open", "ungraded", "ungraded"]
    assert reasons_ungraded(bets) == [
        "2 ungraded: the player's number is not known",
        "1 ungraded: the result is not known",
    ]
