import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.measuring import measure
from analytics.backtesting.result import Estimate
from analytics.backtesting.wording import (
    backed,
    chance,
    ending,
    expected,
    interval,
    money,
    number,
    of_bets_at_the_close,
    percent,
    reasons_ungraded,
    without_interval,
)
from tests.analytics.boards import season
from tests.analytics.results import make_bet, make_result

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


@pytest.mark.parametrize(
    ("config", "grades", "told"),
    [
        pytest.param({"resamples": 0}, ["win", "loss"] * 4, "no draws were asked for (resamples)", id="no draws"),
        pytest.param({}, ["win", "loss"] * 2, "bets on fewer than 5 days are too few to tell", id="few days"),
        pytest.param({}, ["win", "loss", "win", "loss", "void"], "fewer than 5 days", id="a void bet is no day"),
        pytest.param({}, ["win"] * 8, "all ended alike", id="none was lost"),
        pytest.param({"resamples": 9}, ["win", "loss"] * 4, "too few draws were asked for", id="few draws"),
        pytest.param({}, ["win", "loss"] * 4, "", id="enough of all"),
    ],
)
def test_why_a_return_has_no_interval_is_told(config: dict[str, Any], grades: list[str], told: str) -> None:
    profits = {"win": 90.91, "loss": -100.0, "void": 0.0}
    bets = tuple(make_bet(day, grade=grade, profit=profits[grade]) for day, grade in enumerate(grades))
    asked = season(**{"resamples": 1000, **config})
    found = make_result(bets, config=asked, metrics=measure(bets, make_result(bets).equity, asked))
    assert told in without_interval(found)
    assert bool(without_interval(found)) is (found.metrics.roi.low is None)


def test_closing_line_values_of_bets_at_the_close_are_told_to_prove_no_skill() -> None:
    before = make_bet(0)
    at_it = make_bet(0, decided_at=before.commence_time)
    assert "no proof of skill" in of_bets_at_the_close([at_it])
    assert [of_bets_at_the_close(bets) for bets in ([], [before], [at_it, before])] == ["", "", ""]


def test_bets_without_a_grade_are_open_or_say_why() -> None:
    unknown = {"grade": None, "settled_at": None}
    prop = {"grade": None, "market_key": "player_points", "outcome_name": "Over", "point": 20.5}
    bets = [make_bet(0, grade="half_win"), make_bet(1, **unknown), make_bet(2, **prop), make_bet(3, **prop)]
    assert [ending(bet) for bet in bets] == ["half win", "no result", "ungraded", "ungraded"]
    assert reasons_ungraded(bets) == [
        "2 ungraded: the player's number is not known",
        "1 ungraded: the result is not known",
    ]


@pytest.mark.parametrize(
    ("promised", "beyond", "told"),
    [
        pytest.param(
            300.0,
            Estimate(value=-204.0, low=-350.0, high=-40.0),
            "+300.00 was expected by the estimates; their bets brought 204.00 less"
            " (interval of the difference -350.00 to -40.00)",
            id="estimates that were off",
        ),
        pytest.param(
            300.0,
            Estimate(value=20.0),
            "+300.00 was expected by the estimates; their bets brought 20.00 more",
            id="too few days for an interval",
        ),
        pytest.param(None, Estimate(value=None), "", id="no estimates"),
    ],
)
def test_what_was_expected_is_told_with_what_it_missed(
    promised: float | None, beyond: Estimate, told: str
) -> None:
    changed = {"expected_profit": promised, "beyond_expected": beyond}
    assert expected(make_result().metrics.model_copy(update=changed)) == told
