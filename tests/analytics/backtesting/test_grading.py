from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.grading import MARKETS, GameResult, PlayerNumber, grade_bet, why_not_graded
from analytics.backtesting.settlement import Grade
from analytics.backtesting.settlement_rules import RULES, rules_of
from analytics.backtesting.values import Side

WIN, HALF_WIN, PUSH, HALF_LOSS, LOSS, VOID = Grade
HOME, AWAY, DRAW, OVER, UNDER, YES, NO = Side.HOME, Side.AWAY, Side.DRAW, Side.OVER, Side.UNDER, Side.YES, Side.NO


def graded(
    sport_key: str,
    market_key: str,
    side: Side,
    result: GameResult,
    point: float | None = None,
    *,
    lists_draw: bool = False,
    team: Side = Side.OTHER,
) -> Grade | None:
    return grade_bet(market_key, side, point, result, rules_of(sport_key), lists_draw=lists_draw, team=team)


@pytest.mark.parametrize(
    ("market_key", "side", "point", "score", "grade"),
    [
        pytest.param("spreads", AWAY, 7.5, (25, 20), WIN, id="away +7.5, lost by 5"),
        pytest.param("spreads", AWAY, -3.5, (20, 22), LOSS, id="away -3.5, won by 2"),
        pytest.param("spreads", HOME, -3.5, (20, 22), LOSS, id="home -3.5, lost by 2"),
        pytest.param("spreads", HOME, -3.5, (23, 20), LOSS, id="home -3.5, won by 3"),
        pytest.param("spreads", HOME, -3.5, (24, 20), WIN, id="home -3.5, won by 4"),
        pytest.param("h2h", HOME, None, (40, 40), PUSH, id="a tie at moneyline, two-way"),
        pytest.param("totals", OVER, 218.0, (110, 108), PUSH, id="total 218 with 218 scored"),
        pytest.param("alternate_spreads", HOME, -10.0, (24, 14), PUSH, id="an alternate line"),
        pytest.param("alternate_totals", UNDER, 30.5, (20, 10), WIN, id="an alternate total"),
    ],
)
def test_the_plain_markets_are_graded_as_by_hand(
    market_key: str, side: Side, point: float | None, score: tuple[int, int], grade: Grade
) -> None:
    assert graded("americanfootball_nfl", market_key, side, GameResult(*score), point) is grade


@pytest.mark.parametrize(
    ("side", "score", "grade"),
    [
        pytest.param(HOME, (1, 1), LOSS, id="the home team loses by a draw"),
        pytest.param(AWAY, (1, 1), LOSS, id="so does the away team"),
        pytest.param(DRAW, (1, 1), WIN, id="the draw wins"),
        pytest.param(DRAW, (2, 1), LOSS, id="the draw loses by a goal"),
        pytest.param(AWAY, (0, 1), WIN, id="the away team wins"),
    ],
)
def test_soccer_has_three_outcomes_whether_or_not_a_bookmaker_lists_them(
    side: Side, score: tuple[int, int], grade: Grade
) -> None:
    for lists_draw in (True, False):
        assert graded("soccer_epl", "h2h", side, GameResult(*score), lists_draw=lists_draw) is grade


@pytest.mark.parametrize(
    ("market_key", "side", "point", "team", "grade"),
    [
        pytest.param("draw_no_bet", HOME, None, Side.OTHER, PUSH, id="draw no bet gives the stake back"),
        pytest.param("btts", YES, None, Side.OTHER, WIN, id="both scored"),
        pytest.param("btts", NO, None, Side.OTHER, LOSS, id="both scored, backed not to"),
        pytest.param("team_totals", OVER, 1.5, HOME, WIN, id="the home team's goals"),
        pytest.param("team_totals", UNDER, 2.0, AWAY, PUSH, id="the away team's goals"),
        pytest.param("spreads", HOME, -0.25, Side.OTHER, HALF_LOSS, id="an Asian handicap on a quarter"),
        pytest.param("totals", OVER, 3.75, Side.OTHER, HALF_WIN, id="goals on a quarter"),
    ],
)
def test_markets_of_a_draw_of_two_all(
    market_key: str, side: Side, point: float | None, team: Side, grade: Grade
) -> None:
    assert graded("soccer_epl", market_key, side, GameResult(2, 2), point, team=team) is grade


@pytest.mark.parametrize(
    ("sport_key", "market_key", "side", "result", "grade"),
    [
        pytest.param("icehockey_nhl", "h2h", HOME, GameResult(3, 2, 2, 2), WIN, id="two ways, with overtime"),
        pytest.param("icehockey_nhl", "h2h_3_way", HOME, GameResult(3, 2, 2, 2), LOSS, id="three ways, without"),
        pytest.param(
            "icehockey_nhl", "h2h_3_way", DRAW, GameResult(3, 2, 2, 2), WIN, id="level after sixty minutes"
        ),
        pytest.param("icehockey_nhl", "h2h_3_way", HOME, GameResult(3, 2), None, id="by one: overtime or not?"),
        pytest.param("icehockey_nhl", "h2h_3_way", HOME, GameResult(4, 2), None, id="nor where it cannot be"),
        pytest.param("americanfootball_nfl", "h2h_3_way", DRAW, GameResult(40, 40), None, id="nor by a tie"),
        pytest.param("soccer_fa_cup", "h2h", HOME, GameResult(2, 1, 1, 1), LOSS, id="a cup, level after ninety"),
        pytest.param("soccer_fa_cup", "h2h", DRAW, GameResult(2, 1), None, id="a cup: extra time or not?"),
        pytest.param("soccer_fa_cup", "h2h", DRAW, GameResult(2, 2), None, id="a cup, level to the end"),
        pytest.param("soccer_epl", "h2h", HOME, GameResult(2, 1), WIN, id="a league has no extra time"),
        pytest.param(
            "soccer_fifa_world_cup_qualifiers_europe", "h2h", DRAW, GameResult(1, 1), WIN, id="a drawn qualifier"
        ),
        pytest.param(
            "soccer_fifa_world_cup_qualifiers_south_america", "h2h", HOME, GameResult(0, 1), LOSS, id="one lost"
        ),
        pytest.param("soccer_fifa_world_cup", "h2h", HOME, GameResult(3, 2), None, id="a game of the World Cup"),
        pytest.param(
            "soccer_usa_mls", "h2h", DRAW, GameResult(2, 1, 1, 1), WIN, id="a play-off of a league that went on"
        ),
    ],
)
def test_bets_on_regulation_time_are_graded_only_by_its_score(
    sport_key: str, market_key: str, side: Side, result: GameResult, grade: Grade | None
) -> None:
    assert graded(sport_key, market_key, side, result) is grade


def test_a_draw_that_a_bookmaker_prices_ends_with_regulation_for_the_teams_too() -> None:
    decided_in_overtime = GameResult(3, 2, 2, 2)
    assert graded("icehockey_nhl", "h2h", HOME, decided_in_overtime, lists_draw=True) is LOSS
    assert graded("icehockey_nhl", "h2h", DRAW, decided_in_overtime) is WIN


def test_overtime_counts_for_spreads_and_totals_but_not_in_a_cup() -> None:
    result = GameResult(3, 2, 2, 2)
    assert graded("icehockey_nhl", "totals", OVER, result, 4.5) is WIN
    assert graded("soccer_fa_cup", "totals", OVER, result, 4.5) is LOSS
    assert graded("soccer_fa_cup", "spreads", HOME, result, -0.5) is LOSS


@given(
    sport_key=st.sampled_from([*RULES, "curling"]),
    market_key=st.sampled_from([*MARKETS]),
    side=st.sampled_from(Side),
    lists_draw=st.booleans(),
    scores=st.tuples(*[st.tuples(st.integers(0, 6), st.integers(0, 6))] * 2),
)
def test_whether_a_final_score_grades_a_bet_never_depends_on_what_it_is(
    sport_key: str, market_key: str, side: Side, lists_draw: bool, scores: tuple[tuple[int, int], ...]
) -> None:
    first, second = (
        graded(sport_key, market_key, side, GameResult(*score), 2.5, lists_draw=lists_draw, team=HOME)
        for score in scores
    )
    assert (first is None) is (second is None)


@pytest.mark.parametrize(
    ("result", "grade"),
    [
        pytest.param(GameResult(cancelled=True), VOID, id="cancelled"),
        pytest.param(GameResult(20, 10, cancelled=True), VOID, id="abandoned with a score"),
        pytest.param(GameResult(20, 10, later=timedelta(days=7)), VOID, id="played a week later"),
        pytest.param(GameResult(later=timedelta(days=7)), VOID, id="moved by a week, not yet played"),
        pytest.param(GameResult(20, 10, later=timedelta(days=2)), WIN, id="played two days later, in its week"),
        pytest.param(GameResult(20, 10, later=timedelta(days=-1)), WIN, id="played a day sooner"),
        pytest.param(GameResult(), None, id="no result"),
        pytest.param(GameResult(20, None), None, id="half a result"),
    ],
)
def test_a_bet_is_void_when_its_game_is_cancelled_or_moved_beyond_the_rule(
    result: GameResult, grade: Grade | None
) -> None:
    assert graded("americanfootball_nfl", "h2h", HOME, result) is grade


@pytest.mark.parametrize(
    ("market_key", "side", "point", "number", "grade"),
    [
        pytest.param("player_points", OVER, 26.5, 27, WIN, id="over"),
        pytest.param("player_points", OVER, 26.5, 26, Grade.LOSS, id="not over"),
        pytest.param("player_points", Side.UNDER, 26.5, 26, WIN, id="under"),
        pytest.param("player_rebounds_alternate", OVER, 10, 10, Grade.PUSH, id="on the number"),
        pytest.param("batter_home_runs", OVER, 0.5, 0, Grade.LOSS, id="none at all"),
        pytest.param("player_anytime_td", Side.YES, None, 2, WIN, id="a touchdown, and another"),
        pytest.param("player_anytime_td", Side.NO, None, 0, WIN, id="no touchdown"),
        pytest.param("player_points", OVER, 26.5, None, VOID, id="who did not play"),
        pytest.param("player_points", OVER, None, 27, None, id="over nothing"),
        pytest.param("player_points", OVER, 26.6, 27, None, id="a point off the grain"),
        pytest.param("player_points", HOME, 26.5, 27, None, id="a team"),
    ],
)
def test_a_bet_on_a_player_is_graded_by_what_the_player_did(
    market_key: str, side: Side, point: float | None, number: int | None, grade: Grade | None
) -> None:
    rules = rules_of("basketball_nba")
    assert grade_bet(market_key, side, point, GameResult(), rules, player=PlayerNumber(number)) is grade


def test_a_bet_on_a_player_of_a_cancelled_game_is_void() -> None:
    rules, cancelled = rules_of("basketball_nba"), GameResult(cancelled=True)
    assert grade_bet("player_points", OVER, 20.5, cancelled, rules, player=PlayerNumber(30)) is VOID


NO_NUMBER = "the player's number is not known"
NO_OUTCOME = "its outcome is none that this market is settled on"
NO_POINT = "its point cannot be graded"
NO_REGULATION = "the score of regulation time is not known"


@pytest.mark.parametrize(
    ("sport_key", "market_key", "side", "point", "reason"),
    [
        pytest.param("basketball_nba", "player_points", OVER, 20.5, NO_NUMBER, id="a player"),
        pytest.param("basketball_nba", "player_double_double", YES, None, NO_NUMBER, id="whether a player does"),
        pytest.param("basketball_nba", "player_points", OVER, None, NO_POINT, id="over no point"),
        pytest.param("basketball_nba", "player_points", UNDER, 20.6, NO_POINT, id="a point off the grain"),
        pytest.param("basketball_nba", "player_points", HOME, 20.5, NO_OUTCOME, id="a team on a player"),
        pytest.param("basketball_nba", "h2h_q1", HOME, None, "no final score settles this market", id="a period"),
        pytest.param("basketball_nba", "spreads", HOME, None, NO_POINT, id="no point"),
        pytest.param("basketball_nba", "h2h", Side.OTHER, None, NO_OUTCOME, id="neither team"),
        pytest.param("icehockey_nhl", "h2h_3_way", HOME, None, NO_REGULATION, id="regulation time"),
        pytest.param("icehockey_nhl", "h2h", DRAW, None, NO_REGULATION, id="a draw ends with it"),
        pytest.param(
            "icehockey_nhl",
            "h2h",
            HOME,
            None,
            "the score that settles it is not known: that of regulation time where a draw is priced",
            id="a team does where somebody lists the draw",
        ),
        pytest.param(
            "basketball_nba",
            "totals",
            OVER,
            220.5,
            "the result came without what settles it",
            id="final without scores",
        ),
    ],
)
def test_why_a_known_result_grades_nothing_is_told(
    sport_key: str, market_key: str, side: Side, point: float | None, reason: str
) -> None:
    assert why_not_graded(market_key, side, point, rules_of(sport_key)) == reason


@pytest.mark.parametrize(
    ("market_key", "side", "point", "team"),
    [
        pytest.param("h2h_q1", HOME, None, Side.OTHER, id="a period"),
        pytest.param("player_points", OVER, 20.5, Side.OTHER, id="a player whose number is unknown"),
        pytest.param("outrights", Side.OTHER, None, Side.OTHER, id="a field"),
        pytest.param("h2h_lay", HOME, None, Side.OTHER, id="an offer to lay"),
        pytest.param("h2h", Side.OTHER, None, Side.OTHER, id="an outcome that is neither team"),
        pytest.param("spreads", OVER, 3.5, Side.OTHER, id="an over on a spread"),
        pytest.param("spreads", HOME, None, Side.OTHER, id="a spread without a point"),
        pytest.param("spreads", HOME, 3.1, Side.OTHER, id="a point off the grain"),
        pytest.param("totals", HOME, 40.5, Side.OTHER, id="a team on a total"),
        pytest.param("team_totals", OVER, 20.5, Side.OTHER, id="a team total of nobody"),
        pytest.param("btts", OVER, None, Side.OTHER, id="an over on both to score"),
    ],
)
def test_what_a_final_score_does_not_tell_is_not_graded(
    market_key: str, side: Side, point: float | None, team: Side
) -> None:
    assert graded("americanfootball_nfl", market_key, side, GameResult(20, 10), point, team=team) is None
