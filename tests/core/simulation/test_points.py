from hypothesis import given
from hypothesis import strategies as st

from core.simulation.dice import dice
from core.simulation.points import PointScoring
from core.simulation.scoring import Outlook

NBA = PointScoring(12.0, 18.0)


@given(st.integers())
def test_no_game_ends_level(seed: int) -> None:
    play = NBA.play(dice(seed), 0.0, 228.0)
    assert play.home_score != play.away_score


def test_a_lead_near_the_end_is_nearly_the_result() -> None:
    home, away = NBA.winner(Outlook(0.0, 228.0, left=0.02, lead=10, scored=220))
    assert home > 0.99
    assert away < 0.01


def test_a_bet_that_would_be_given_back_is_left_out() -> None:
    even = Outlook(3.0, 228.0)
    assert abs(NBA.cover(even, -3.0) - 0.5) < 1e-9
    assert NBA.cover(even, -3.5) < 0.5 < NBA.cover(even, -2.5)
