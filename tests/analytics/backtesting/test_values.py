"""Sides are told by name, events know their tier, opportunities come as arrays."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analytics.backtesting.values import BacktestEvent, Opportunities, Side
from core.tiers import Tier

TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome_name", "side"),
    [
        pytest.param("Lakers", Side.HOME, id="the home team"),
        pytest.param("Celtics", Side.AWAY, id="the away team"),
        pytest.param("Draw", Side.DRAW, id="the draw"),
        pytest.param("Over", Side.OVER, id="over"),
        pytest.param("Under", Side.UNDER, id="under"),
        pytest.param("Yes", Side.YES, id="yes"),
        pytest.param("No", Side.NO, id="no"),
        pytest.param("Anthony Davis", Side.OTHER, id="anything else"),
    ],
)
def test_an_outcome_name_stands_for_a_side(outcome_name: str, side: Side) -> None:
    assert Side.of(outcome_name, "Lakers", "Celtics") is side


def test_a_team_that_is_called_like_a_side_is_a_team() -> None:
    assert Side.of("Under", "Under", "Celtics") is Side.HOME


def test_a_decision_at_the_start_is_none_in_play() -> None:
    event = BacktestEvent(0, "one", "basketball_nba", "Lakers", "Celtics", TIP_OFF, TIP_OFF)
    assert (event.hours_before, event.tier) == (0, Tier.CLOSING)


def test_a_decision_falls_in_the_tier_of_the_start_as_it_was_known() -> None:
    event = BacktestEvent(0, "one", "basketball_nba", "Lakers", "Celtics", TIP_OFF, TIP_OFF - timedelta(hours=3))
    assert (event.hours_before, event.tier) == (3, Tier.CLOSING)


def test_single_bets_have_no_combination_and_all_of_their_stake() -> None:
    found = Opportunities.of(np.array([4, 7]), rationales=["first", "second"])
    assert found.combination.tolist() == [-1, -1]
    assert found.share.tolist() == [1, 1]
    assert np.isnan(found.probability).all()
    assert found.rationale(1) == "second"
