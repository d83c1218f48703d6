"""What a strategy answers is bets, or it is refused with what was wrong and what is accepted."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.answers import check_arrays, check_values, wrong_with
from analytics.backtesting.values import BetOpportunity, Opportunities
from core.errors import StrategyError
from tests.analytics.boards import board_of, h2h

QUOTE = board_of(h2h("bovada", 110, -130)).quote(0)
THREE = Opportunities.of(np.arange(3), np.full(3, 0.5), ["one", "two", "three"])
DECISIONS = np.array([0, 0, 1])


@pytest.mark.parametrize(
    ("bet", "wrong"),
    [
        pytest.param({}, None, id="a quote alone"),
        pytest.param(
            {"probability": np.float64(0.5), "combination": np.int64(2), "share": 1}, None, id="of numpy"
        ),
        pytest.param(
            {"probability": "high"}, "probability 'high': a number from 0 to 1, or None is expected", id="a text"
        ),
        pytest.param({"rationale": None}, "rationale None: a text is expected", id="no reason"),
        pytest.param({"rationale": "a\0b"}, r"rationale 'a\x00b': a text is expected", id="no text of a database"),
        pytest.param({"rationale": "\ud800"}, r"rationale '\ud800': a text is expected", id="half a character"),
        pytest.param({"rationale": "é 🏀 \t"}, None, id="any other text"),
        pytest.param(
            {"combination": "x"}, "combination 'x': a whole number from 0 on, or None is expected", id="a name"
        ),
        pytest.param(
            {"combination": -1}, "combination -1: a whole number from 0 on, or None is expected", id="below 0"
        ),
        pytest.param({"share": None}, "share None: a number is expected", id="no share"),
    ],
)
def test_a_bet_of_a_wrong_kind_is_told(bet: dict[str, Any], wrong: str | None) -> None:
    assert wrong_with(BetOpportunity(QUOTE, **bet)) == wrong


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            {"quotes": [0, 1, 2]}, "quotes of list: an array of 3 whole numbers is expected", id="a list"
        ),
        pytest.param({"quotes": np.array([True, False, True])}, r"quotes of bool \(3,\)", id="a mask"),
        pytest.param({"quotes": np.arange(3.0)}, r"quotes of float64 \(3,\)", id="fractions"),
        pytest.param(
            {"probability": np.ones(2)},
            r"probability of float64 \(2,\): an array of 3 numbers is expected, one for each bet",
            id="fewer",
        ),
        pytest.param({"combination": np.zeros(3)}, r"combination of float64 \(3,\)", id="no whole numbers"),
        pytest.param({"share": np.ones((3, 1))}, r"share of float64 \(3, 1\)", id="of another shape"),
        pytest.param(
            {"rationales": ["one"]}, "1 rationales of 3 bets: one for each is expected", id="few reasons"
        ),
        pytest.param({"rationales": ["one", 2, "three"]}, "rationale 2: a text is expected", id="a number"),
        pytest.param({"rationales": np.array(["one", None, ""])}, "rationale None: a text is expected", id="none"),
        pytest.param({"rationales": "\0"}, r"rationale '.x00': a text is expected", id="no text for all"),
    ],
)
def test_arrays_that_are_no_bets_are_refused(changes: dict[str, Any], told: str) -> None:
    check_arrays("mine", THREE)
    with pytest.raises(StrategyError, match=f"^mine answered {told}"):
        check_arrays("mine", replace(THREE, **changes))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"probability": [0.5, np.nan, 1.5]}, "estimated a probability of 1.5", id="no probability"),
        pytest.param({"share": [1, np.nan, 1]}, "a share of nan: a share is above 0", id="an unknown share"),
        pytest.param({"share": [2, -1, 1], "combination": [0, 0, -1]}, "a share of -1", id="a negative share"),
        pytest.param({"combination": [0, 0, -1]}, "shares that add up to 2: those of one", id="shares left out"),
        pytest.param({"share": [1, 1, 3]}, "shares that add up to 3: .* single bet is 1", id="of a single bet"),
        pytest.param(
            {"share": [0.5, 0.25, 0.5], "combination": [0, 0, 0]}, "add up to 0.75", id="of another decision"
        ),
    ],
)
def test_values_that_are_none_are_refused(changes: dict[str, list[float]], told: str) -> None:
    arrays: dict[str, Any] = {name: np.array(values) for name, values in changes.items()}
    found = replace(THREE, **arrays)
    with pytest.raises(StrategyError, match=f"^mine .*{told}"):
        check_values("mine", found, DECISIONS)


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=20))
def test_shares_of_a_combination_in_any_proportion_are_accepted(parts: list[int]) -> None:
    share = np.array(parts) / sum(parts)
    legs = Opportunities(np.arange(len(parts)), np.full(len(parts), np.nan), np.full(len(parts), 7), share)
    check_values("mine", legs, np.zeros(len(parts), dtype=np.int64))


def test_nothing_is_an_answer() -> None:
    nothing = Opportunities.of(np.empty(0, dtype=np.int64))
    check_arrays("mine", nothing)
    check_values("mine", nothing, np.empty(0, dtype=np.int64))
