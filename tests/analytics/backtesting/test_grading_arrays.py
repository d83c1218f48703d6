from datetime import timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.backtesting.grading import MARKETS, GameResult, PlayerNumber, grade_bet
from analytics.backtesting.grading_arrays import GRADES, NOT_GRADED, GameResults, grade_bets, profits_per_unit
from analytics.backtesting.settlement import Grade, profit_per_unit
from analytics.backtesting.settlement_rules import FALLBACK, RULES, SettlementRules
from analytics.backtesting.values import Side
from analytics.odds_math import FloatArray

scores = st.none() | st.integers(0, 6)
results = st.builds(
    GameResult,
    home=scores,
    away=scores,
    regulation_home=scores,
    regulation_away=scores,
    cancelled=st.sampled_from([False] * 9 + [True]),
    later=st.sampled_from([timedelta(0)] * 8 + [timedelta(days=-1), timedelta(hours=48), timedelta(days=9)]),
)
bets = st.tuples(
    st.sampled_from(Side),
    st.none() | st.integers(-16, 24).map(lambda quarters: quarters / 4) | st.just(1.1),
    results,
    st.booleans(),
    st.sampled_from(Side),
    st.none() | st.builds(PlayerNumber, st.none() | st.integers(0, 6)),
)


def numbers(values: list[int | None] | list[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


HALF_TOLD = (Side.UNDER, 2.5, GameResult(away=2), False, Side.AWAY, None)


@pytest.mark.parametrize("market_key", [*MARKETS, "h2h_q1", "player_points", "batter_hits_alternate"])
@example(rules=FALLBACK, drawn=[HALF_TOLD])
@given(rules=st.sampled_from([FALLBACK, *RULES.values()]), drawn=st.lists(bets, min_size=1, max_size=8))
def test_many_bets_at_once_are_graded_as_each_alone(
    market_key: str,
    rules: SettlementRules,
    drawn: list[tuple[Side, float | None, GameResult, bool, Side, PlayerNumber | None]],
) -> None:
    sides, points, games, draws, teams, players = zip(*drawn, strict=True)
    graded = grade_bets(
        market_key,
        np.array(sides),
        numbers(list(points)),
        GameResults(
            home=numbers([game.home for game in games]),
            away=numbers([game.away for game in games]),
            regulation_home=numbers([game.regulation_home for game in games]),
            regulation_away=numbers([game.regulation_away for game in games]),
            cancelled=np.array([game.cancelled for game in games]),
            later=np.array([game.later for game in games], dtype="timedelta64[us]"),
            number=numbers([player.number if player else None for player in players]),
            absent=np.array([player is not None and player.number is None for player in players]),
        ),
        rules,
        lists_draw=np.array(draws),
        team=np.array(teams),
    )
    alone = [
        grade_bet(market_key, side, point, game, rules, lists_draw=lists_draw, team=team, player=player)
        for side, point, game, lists_draw, team, player in drawn
    ]
    assert [None if place == NOT_GRADED else GRADES[place] for place in graded] == alone


@given(st.sampled_from(Grade), st.floats(1.01, 100))
def test_profits_of_an_array_are_those_of_each_grade(grade: Grade, decimal: float) -> None:
    (profit,) = profits_per_unit(np.array([GRADES.index(grade)]), [decimal])
    assert profit == pytest.approx(profit_per_unit(grade, decimal), abs=1e-12)


def test_a_bet_without_a_grade_has_no_profit() -> None:
    assert np.isnan(profits_per_unit(np.array([NOT_GRADED]), [2.0])).all()
