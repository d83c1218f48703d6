import pytest

from core.simulation.goals import GoalScoring
from core.simulation.scoring import Outlook


def test_an_even_game_is_drawn_about_as_often_as_in_life() -> None:
    home, away, draw = GoalScoring().winner(Outlook(0.0, 2.75))
    assert home == pytest.approx(away)
    assert 0.24 < draw < 0.30


def test_goals_already_scored_count() -> None:
    scoring, late = GoalScoring(), Outlook(0.0, 2.75, left=0.1, lead=1, scored=3)
    assert scoring.winner(late)[0] > 0.8
    assert scoring.over(late, 2.5) == pytest.approx(1)
    assert scoring.over(late, 3.5) < 0.3


def test_with_nothing_left_to_decide_a_bet_is_even() -> None:
    assert GoalScoring().over(Outlook(0.0, 2.75, left=0.0, lead=0, scored=90), 90.0) > 0.5
