import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.dice import dice
from core.simulation.overtime import OvertimeScoring
from core.simulation.scoring import Outlook

NHL = OvertimeScoring()
EVEN = Outlook(0.0, 6.0)


@given(st.integers())
def test_no_game_ends_level(seed: int) -> None:
    played = NHL.play(dice(seed), 0.2, 6.0)
    assert played.home_score != played.away_score


def test_a_game_that_is_level_is_decided_by_one_goal_of_either_team() -> None:
    games = [NHL.play(dice("overtime", n), 0.0, 6.0) for n in range(2000)]
    decided = [one for one in games if one.leads[-1] == 0]
    assert {one.home_score + one.away_score - one.totals[-1] for one in decided} == {1}
    assert 0.12 < len(decided) / len(games) < 0.22
    assert 0.4 < sum(one.home_score > one.away_score for one in decided) / len(decided) < 0.6


@given(st.floats(-1.5, 1.5), st.floats(4.5, 7.5))
def test_home_and_away_are_all_there_is_and_a_spread_of_half_a_goal_is_the_winner(
    margin: float, total: float
) -> None:
    home, away = NHL.winner(Outlook(margin, total))
    assert home + away == 1
    assert NHL.cover(Outlook(margin, total), -0.5) == pytest.approx(home, abs=1e-3)
    assert (home > 0.5) == (margin > 0) or abs(margin) < 0.01


def test_what_is_said_of_a_game_is_how_games_end() -> None:
    games = [NHL.play(dice("calibration", n), 0.3, 6.0) for n in range(4000)]
    outlook = Outlook(0.3, 6.0)
    margins = [one.home_score - one.away_score for one in games]
    totals = [one.home_score + one.away_score for one in games]
    assert sum(margin > 0 for margin in margins) / 4000 == pytest.approx(NHL.winner(outlook)[0], abs=0.025)
    assert sum(margin > 1.5 for margin in margins) / 4000 == pytest.approx(NHL.cover(outlook, -1.5), abs=0.025)
    assert sum(total > 6.5 for total in totals) / 4000 == pytest.approx(NHL.over(outlook, 6.5), abs=0.025)


def test_a_lead_near_the_end_is_nearly_the_result() -> None:
    late = Outlook(0.0, 6.0, left=0.03, lead=2, scored=4)
    assert NHL.winner(late)[0] > 0.99
    assert NHL.over(late, 3.5) == pytest.approx(1)


def test_a_level_game_near_its_end_is_to_have_one_goal_more() -> None:
    level = Outlook(0.0, 6.0, left=0.01, lead=0, scored=4)
    assert NHL.winner(level)[0] == pytest.approx(0.5)
    assert NHL.over(level, 4.5) > 0.99
