"""Hand-worked grades; among them those that known systems get wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.settlement import (
    Grade,
    grade_draw,
    grade_moneyline,
    grade_prop,
    grade_spread,
    grade_total,
    profit_per_unit,
)
from analytics.backtesting.values import Side
from analytics.odds_math import american_to_decimal, decimal_to_american

WIN, HALF_WIN, PUSH, HALF_LOSS, LOSS, VOID = Grade
margins = st.integers(-60, 60)
points = st.integers(-120, 120).map(lambda quarters: quarters / 4)
halves = st.integers(-60, 60).map(lambda number: number + 0.5)
decimals = st.floats(1.01, 100)


@pytest.mark.parametrize(
    ("margin", "point", "grade"),
    [
        pytest.param(-5, 7.5, WIN, id="away +7.5, lost by 5"),
        pytest.param(2, -3.5, LOSS, id="away -3.5, won by 2"),
        pytest.param(-2, -3.5, LOSS, id="home -3.5, lost by 2"),
        pytest.param(3, -3.5, LOSS, id="home -3.5, won by 3"),
        pytest.param(4, -3.5, WIN, id="home -3.5, won by 4"),
        pytest.param(3, -3, PUSH, id="home -3, won by 3"),
        pytest.param(0, 0, PUSH, id="a pick'em that ends level"),
        pytest.param(-1, 0, LOSS, id="a pick'em that is lost"),
        pytest.param(0, -0.25, HALF_LOSS, id="-0.25, level"),
        pytest.param(0, 0.25, HALF_WIN, id="+0.25, level"),
        pytest.param(1, -0.75, HALF_WIN, id="-0.75, won by 1"),
        pytest.param(1, -1.25, HALF_LOSS, id="-1.25, won by 1"),
        pytest.param(2, -1.25, WIN, id="-1.25, won by 2"),
        pytest.param(-1, 0.75, HALF_LOSS, id="+0.75, lost by 1"),
        pytest.param(-1, 1.25, HALF_WIN, id="+1.25, lost by 1"),
    ],
)
def test_a_spread_is_graded_by_the_backed_teams_margin_with_its_point(
    margin: int, point: float, grade: Grade
) -> None:
    assert grade_spread(margin, point) is grade


@pytest.mark.parametrize(
    ("scored", "point", "over", "under"),
    [
        pytest.param(218, 218, PUSH, PUSH, id="218 with 218 scored"),
        pytest.param(219, 218, WIN, LOSS, id="218 with 219 scored"),
        pytest.param(218, 218.5, LOSS, WIN, id="218.5 with 218 scored"),
        pytest.param(3, 2.75, HALF_WIN, HALF_LOSS, id="2.75 with 3 scored"),
        pytest.param(2, 2.25, HALF_LOSS, HALF_WIN, id="2.25 with 2 scored"),
        pytest.param(2, 2.75, LOSS, WIN, id="2.75 with 2 scored"),
        pytest.param(0, 0.5, LOSS, WIN, id="0.5 with none scored"),
    ],
)
def test_a_total_is_graded_by_what_was_scored(scored: int, point: float, over: Grade, under: Grade) -> None:
    assert (grade_total(scored, point, Side.OVER), grade_total(scored, point, Side.UNDER)) == (over, under)


@pytest.mark.parametrize(
    ("margin", "two_way", "three_way", "draw"),
    [
        pytest.param(1, WIN, WIN, LOSS, id="won"),
        pytest.param(0, PUSH, LOSS, WIN, id="a tie"),
        pytest.param(-1, LOSS, LOSS, LOSS, id="lost"),
    ],
)
def test_a_tie_gives_the_stake_back_unless_a_draw_could_be_backed(
    margin: int, two_way: Grade, three_way: Grade, draw: Grade
) -> None:
    assert grade_moneyline(margin) is two_way
    assert grade_moneyline(margin, tie_loses=True) is three_way
    assert grade_draw(margin) is draw


@given(margins, points)
def test_two_sides_at_the_same_number_never_both_win(margin: int, point: float) -> None:
    _are_opposite(grade_spread(margin, point), grade_spread(-margin, -point))
    _are_opposite(grade_moneyline(margin), grade_moneyline(-margin))
    _are_opposite(grade_total(margin, point, Side.OVER), grade_total(margin, point, Side.UNDER))


def _are_opposite(one: Grade, other: Grade) -> None:
    assert {one, other} in ({WIN, LOSS}, {HALF_WIN, HALF_LOSS}, {PUSH})


@given(margins)
def test_of_three_outcomes_exactly_one_wins(margin: int) -> None:
    grades = [
        grade_moneyline(margin, tie_loses=True),
        grade_draw(margin),
        grade_moneyline(-margin, tie_loses=True),
    ]
    assert sorted(grades) == [LOSS, LOSS, WIN]


@given(margins, halves)
def test_a_half_point_never_pushes(margin: int, point: float) -> None:
    assert grade_spread(margin, point) in (WIN, LOSS)


@given(margins, st.integers(-60, 60), st.sampled_from([0.25, 0.75]), decimals)
def test_a_quarter_pays_as_two_bets_of_half_the_stake_on_the_numbers_beside_it(
    margin: int, whole: int, part: float, decimal: float
) -> None:
    point = whole + part
    beside = [profit_per_unit(grade_spread(margin, point + step), decimal) for step in (-0.25, 0.25)]
    assert profit_per_unit(grade_spread(margin, point), decimal) == pytest.approx(sum(beside) / 2)


@given(margins, points, points)
def test_a_better_point_never_gives_a_worse_bet(margin: int, one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert profit_per_unit(grade_spread(margin, better), 2) >= profit_per_unit(grade_spread(margin, worse), 2)


@given(decimals)
def test_a_push_and_a_void_return_the_stake_and_no_bet_loses_more(decimal: float) -> None:
    profits = {grade: profit_per_unit(grade, decimal) for grade in Grade}
    assert profits[PUSH] == profits[VOID] == 0
    assert profits[WIN] == 2 * profits[HALF_WIN] == pytest.approx(decimal - 1)
    assert profits[LOSS] == 2 * profits[HALF_LOSS] == min(profits.values()) == -1


@given(st.one_of(st.integers(100, 100_000), st.integers(-100_000, -101)))
def test_decimal_and_american_odds_agree_on_the_profit(american: int) -> None:
    decimal = float(american_to_decimal(american))
    per_unit = american / 100 if american > 0 else 100 / -american
    assert profit_per_unit(WIN, decimal) == pytest.approx(per_unit)
    assert decimal_to_american(decimal) == american


@pytest.mark.parametrize("point", [3.1, -0.3, float("nan"), float("inf")])
def test_a_point_that_no_bookmaker_settles_is_refused(point: float) -> None:
    with pytest.raises(ValueError, match=r"is no point to grade: points are multiples of 0\.25"):
        grade_spread(3, point)


def test_both_sides_of_a_bet_on_a_player_never_win_together() -> None:
    for number in range(5):
        sides = [grade_prop(number, 2, side) for side in (Side.OVER, Side.UNDER)]
        sides += [grade_prop(number, None, side) for side in (Side.YES, Side.NO)]
        assert sides[:2].count(WIN) == (number != 2)
        assert sides[2:].count(WIN) == 1
    with pytest.raises(ValueError, match="a bet on over needs the point"):
        grade_prop(3, None, Side.OVER)
