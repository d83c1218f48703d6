from datetime import timedelta

import pytest

from analytics.backtesting.settlement_rules import FALLBACK, RULES, Overtime, rules_of


@pytest.mark.parametrize(
    ("sport_key", "tie_loses", "overtime"),
    [
        pytest.param("basketball_nba", False, Overtime.COUNTS, id="overtime is part of the game"),
        pytest.param("icehockey_nhl", False, Overtime.COUNTS, id="shootouts too"),
        pytest.param("soccer_epl", True, Overtime.NONE, id="a league of ninety minutes"),
        pytest.param("soccer_fa_cup", True, Overtime.NEVER_COUNTS, id="a cup, settled before extra time"),
        pytest.param("soccer_uefa_nations_league", True, Overtime.NEVER_COUNTS, id="groups with finals"),
        pytest.param(
            "soccer_fifa_world_cup_womens", True, Overtime.NEVER_COUNTS, id="its longest known beginning"
        ),
        pytest.param(
            "soccer_fifa_world_cup_qualifiers_europe", True, Overtime.NONE, id="groups, and few play-offs"
        ),
        pytest.param(
            "soccer_fifa_world_cup_qualifiers_south_america", True, Overtime.NONE, id="everybody against everybody"
        ),
        pytest.param("soccer_uefa_euro_qualification", True, Overtime.NONE, id="so is the way to the Euro"),
        pytest.param("soccer_uefa_champs_league_qualification", True, Overtime.NEVER_COUNTS, id="two legs"),
        pytest.param("soccer_concacaf_leagues_cup", True, Overtime.NEVER_COUNTS, id="a shoot-out after a draw"),
        pytest.param("soccer_usa_mls", True, Overtime.NONE, id="a league with play-offs"),
        pytest.param("curling", FALLBACK.tie_loses, FALLBACK.overtime, id="an unknown sport"),
    ],
)
def test_each_sport_has_its_rules(sport_key: str, tie_loses: bool, overtime: Overtime) -> None:
    rules = rules_of(sport_key)
    assert (rules.tie_loses, rules.overtime) == (tie_loses, overtime)


@pytest.mark.parametrize(
    ("overtime", "with_draw", "without"),
    [
        (Overtime.NONE, False, False),
        (Overtime.COUNTS, True, False),
        (Overtime.NEVER_COUNTS, True, True),
    ],
)
def test_a_priced_draw_ends_with_regulation_where_overtime_would_decide_it(
    overtime: Overtime, with_draw: bool, without: bool
) -> None:
    rules = next(rules for rules in RULES.values() if rules.overtime is overtime)
    assert rules.ends_with_regulation(prices_draw=True) is with_draw
    assert rules.ends_with_regulation(prices_draw=False) is without


def test_bets_stand_up_to_the_rule_of_the_sport_and_are_void_beyond() -> None:
    rules = rules_of("soccer_epl")
    assert not rules.moved_too_far(timedelta(hours=48))
    assert rules.moved_too_far(timedelta(hours=48, seconds=1))
    assert not rules.moved_too_far(timedelta(days=-30))
