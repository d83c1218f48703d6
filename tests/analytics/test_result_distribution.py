import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.odds_math import FloatArray
from analytics.result_distribution import ResultDistribution
from tests.analytics.games import football

CHANCES = st.floats(0.05, 0.95)


GAMES = football(20_000)


@given(st.integers(-60, 60).map(lambda quarters: quarters / 4), CHANCES)
def test_the_chances_agree_with_the_fair_close_on_its_own_number(close: float, fair: float) -> None:
    above, on = GAMES.chances(close, close, fair)
    assert above / (1 - on) == pytest.approx(fair, abs=1e-7)


@given(st.integers(-60, 60).map(lambda halves: halves / 2), CHANCES)
def test_a_higher_number_is_passed_less_often(number: float, fair: float) -> None:
    above, on = GAMES.chances([number, number + 0.5], 2.5, fair)
    assert above[1] <= above[0] + 1e-9
    assert above[0] + on[0] >= above[1] + on[1] - 1e-9
    assert ((above >= 0) & (on >= 0) & (above + on <= 1 + 1e-9)).all()


@given(st.integers(-30, 30), CHANCES)
def test_a_quarter_is_the_mean_of_the_numbers_beside_it(number: int, fair: float) -> None:
    quarter = GAMES.chances(number + 0.25, 2.5, fair)
    beside = GAMES.chances([number, number + 0.5], 2.5, fair)
    assert quarter.above == pytest.approx(beside.above.mean(), abs=1e-9)
    assert quarter.on == pytest.approx(beside.on.mean(), abs=1e-9)


@given(st.integers(-20, 20).map(lambda halves: halves / 2), CHANCES)
def test_margins_do_not_care_which_team_is_at_home(number: float, fair: float) -> None:
    home, away = GAMES.chances(number, 3.5, fair), GAMES.chances(-number, -3.5, 1 - fair)
    assert away.above == pytest.approx(1 - home.above - home.on, abs=1e-6)


def test_a_number_on_a_common_margin_is_met_more_often() -> None:
    on = GAMES.chances([3, 5], 3.5, 0.5).on
    assert on[0] > 2 * on[1]


def test_many_bets_at_once_are_judged_as_each_alone() -> None:
    numbers, closes, fair = [1.5, -3.0, 7.25], [2.5, -3.5, 6.0], [0.5, 0.55, 0.42]
    together = GAMES.chances(numbers, closes, fair)
    for place, alone in enumerate(zip(numbers, closes, fair, strict=True)):
        assert together.above[place] == pytest.approx(float(GAMES.chances(*alone).above[0]), abs=1e-9)


def test_a_close_far_from_all_that_were_seen_is_judged_by_what_there_is() -> None:
    above = GAMES.chances([38.5, 40.5], 39.5, 0.5).above
    assert above[1] < 0.5 < above[0]


def test_without_a_close_there_are_no_chances() -> None:
    above, on = GAMES.chances([2.5, 2.5], [3.5, np.nan], [np.nan, 0.5])
    assert np.isnan(above).all()
    assert np.isnan(on).all()


@pytest.mark.parametrize(
    ("results", "closes", "message"),
    [
        pytest.param([3.0] * 99, [2.5] * 99, "99 games are too few", id="too few"),
        pytest.param([3.0] * 99 + [np.nan], [2.5] * 100, "99 games are too few", id="a game without a result"),
        pytest.param([3.0] * 120, [2.5] * 119, "as many results as closing numbers", id="not as many of both"),
    ],
)
def test_games_that_tell_too_little_are_refused(results: list[float], closes: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ResultDistribution.of_totals(results, closes)


def archive(shared_data: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the margins of ten real seasons, and the margins that their spreads opened and closed on."""
    games = json.loads((shared_data / "results" / "nfl_archive_10Y_sbr.json").read_text())
    columns = [
        [float(game["home_final"]) - float(game["away_final"]) for game in games],
        [-float(game["home_open_spread"]) for game in games],
        [-float(game["home_close_spread"]) for game in games],
    ]
    margins, opened, closed = np.array(columns)
    usual = (np.abs(opened) < 25) & (np.abs(closed) < 25)
    return margins[usual], opened[usual], closed[usual]


def test_on_real_games_the_opening_number_is_passed_as_often_as_the_close_says(shared_data: Path) -> None:
    margins, opened, closed = archive(shared_data)
    learned = np.arange(len(margins)) < len(margins) // 2
    judged = ~learned & (np.abs(opened - closed) >= 1)
    results = ResultDistribution.of_margins(margins[learned], closed[learned])
    above, on = results.chances(opened[judged], closed[judged], 0.5)
    passed, met = margins[judged] > opened[judged], margins[judged] == opened[judged]
    assert judged.sum() > 400
    risen = closed[judged] > opened[judged]
    for group in (risen, ~risen):
        error = np.sqrt(0.25 / group.sum())
        assert passed[group].mean() == pytest.approx(above[group].mean(), abs=3 * error)
    assert above[risen].mean() > 0.5 > (above + on)[~risen].mean()
    assert met.mean() == pytest.approx(on.mean(), abs=0.03)
