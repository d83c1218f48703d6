from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.dice import dice
from core.simulation.goals import GoalScoring
from core.simulation.points import PointScoring
from core.simulation.scoring import STEPS, Outlook, Scoring

SPORTS = [
    pytest.param(PointScoring(12.0, 18.0), 228.0, 4.0, id="many points"),
    pytest.param(PointScoring(12.8, 13.0), 44.0, 4.0, id="fewer points"),
    pytest.param(GoalScoring(), 2.8, 0.5, id="goals"),
]
UNIT = st.floats(-1.5, 1.5)
HALVES = st.integers(-12, 12).map(lambda halves: halves / 2)


@pytest.mark.parametrize(("scoring", "total", "unit"), SPORTS)
@given(margin=UNIT, state=st.tuples(st.floats(0.05, 1), st.integers(-3, 3)))
def test_the_outcomes_of_a_game_are_complete(
    scoring: Scoring, total: float, unit: float, margin: float, state: tuple[float, int]
) -> None:
    left, lead = state
    winner = scoring.winner(Outlook(margin * unit, total, left, lead, abs(lead)))
    assert sum(winner) == pytest.approx(1)
    assert all(-1e-9 <= probability <= 1 for probability in winner)


@pytest.mark.parametrize(("scoring", "total", "unit"), SPORTS)
@given(margin=UNIT, points=st.lists(HALVES, min_size=2, max_size=5))
def test_more_points_cover_more_often_and_higher_lines_are_passed_less(
    scoring: Scoring, total: float, unit: float, margin: float, points: list[float]
) -> None:
    outlook = Outlook(margin * unit, total)
    covers = [scoring.cover(outlook, point) for point in sorted(points)]
    overs = [scoring.over(outlook, round(total) + point) for point in sorted(points)]
    assert all(earlier <= later + 1e-9 for earlier, later in pairwise(covers))
    assert all(earlier >= later - 1e-9 for earlier, later in pairwise(overs))


@pytest.mark.parametrize(("scoring", "total", "unit"), SPORTS)
@given(margin=UNIT)
def test_half_a_point_given_is_the_same_as_winning(
    scoring: Scoring, total: float, unit: float, margin: float
) -> None:
    outlook = Outlook(margin * unit, total)
    assert scoring.cover(outlook, -0.5) == pytest.approx(scoring.winner(outlook)[0])


@pytest.mark.parametrize(("scoring", "total", "unit"), SPORTS)
@given(margin=UNIT, point=HALVES)
def test_the_sides_of_a_game_can_be_swapped(
    scoring: Scoring, total: float, unit: float, margin: float, point: float
) -> None:
    here, there = Outlook(margin * unit, total), Outlook(-margin * unit, total)
    assert scoring.cover(here, point) == pytest.approx(1 - scoring.cover(there, -point), abs=1e-3)


@pytest.mark.parametrize(("scoring", "total", "unit"), SPORTS)
@given(margin=UNIT, seed=st.integers())
def test_a_game_runs_from_nothing_to_its_result(
    scoring: Scoring, total: float, unit: float, margin: float, seed: int
) -> None:
    play = scoring.play(dice(seed), margin * unit, total)
    assert len(play.leads) == len(play.totals) == STEPS + 1
    assert (play.leads[0], play.totals[0]) == (0, 0)
    assert play.home_score >= 0
    assert play.away_score >= 0
    assert abs(play.home_score - play.away_score - play.leads[-1]) <= 1


@pytest.mark.parametrize(("scoring", "total", "unit"), SPORTS)
def test_results_come_as_often_as_their_probabilities_say(scoring: Scoring, total: float, unit: float) -> None:
    outlook = Outlook(0.8 * unit, total)
    plays = [scoring.play(dice("calibration", n), outlook.margin, outlook.total) for n in range(3000)]
    home_won = sum(play.home_score > play.away_score for play in plays) / len(plays)
    line = round(total) + 0.5
    went_over = sum(play.home_score + play.away_score > line for play in plays) / len(plays)
    covered = sum(play.home_score - play.away_score > 1.5 for play in plays) / len(plays)
    assert home_won == pytest.approx(scoring.winner(outlook)[0], abs=0.03)
    assert went_over == pytest.approx(scoring.over(outlook, line), abs=0.03)
    assert covered == pytest.approx(scoring.cover(outlook, -1.5), abs=0.03)
