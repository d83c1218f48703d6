"""A spread or total whose number moved is judged by how games that were over by then ended around their closes."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.closes import closes_of, closing_decisions
from analytics.backtesting.moved_numbers import left_by_the_close, main_closes, moved_values, past_games
from analytics.backtesting.values import BacktestEvent
from tests.analytics.boards import HOUR, TIP_OFF, Quoted, board_of, decision, history_of, season, spread, total

DAY = timedelta(days=1)


def played(
    games: int = 200,
    *,
    ago: timedelta = 10 * DAY,
    known_after: timedelta = 3 * HOUR,
    sport_key: str = "basketball_nba",
) -> Any:
    """Return games of before: they closed at home -4.5 and 220.5, and ended around that as basketball does."""
    rng = np.random.default_rng(3)
    margins, totals = rng.normal(4.5, 12, games).round().astype(int), rng.normal(220.5, 18, games).round()
    made = [
        decision(n, TIP_OFF - ago - n * HOUR, hours=0, event_id=f"past{n}", sport_key=sport_key)
        for n in range(games)
    ]
    scores = [
        (int(t + m) // 2, int(t + m) // 2 - m) for m, t in zip(margins.tolist(), totals.tolist(), strict=True)
    ]
    histories = [history_of(one, score, ended_after=known_after) for one, score in zip(made, scores, strict=True)]
    lines = [[*spread("pinnacle", -4.5), *total("pinnacle", 220.5)] for _ in made]
    return past_games(histories, main_closes(board_of(*lines, decisions=made), season()))


def values(taken: list[Quoted], closed: list[Quoted], past: Any) -> list[float]:
    """Return the closing line value of each quote taken, NaN where it has none by another number."""
    made: list[BacktestEvent] = [decision(0)]
    board: OddsBoard = board_of(taken, decisions=made)
    events = closing_decisions(made, {"event0": history_of(made[0])})
    closing, rows = board_of(closed, decisions=events), np.arange(len(board))
    left = left_by_the_close(board, rows, closes_of(board, rows, closing, season()))
    found = moved_values(board, rows, left, main_closes(closing, season()), past).tolist()
    quotes = [board.quote(row) for row in range(len(board))]
    by_quote = {(one.bookmaker_key, one.outcome_name): value for one, value in zip(quotes, found, strict=True)}
    return [by_quote[one.bookmaker_key, one.outcome_name] for one in taken]


def test_a_favourite_taken_before_its_number_rose_beat_the_close_and_the_other_side_did_not() -> None:
    home, away = values(spread("bovada", -2.5), spread("pinnacle", -4.5), played())
    assert 0.0 < home < 0.2
    assert -0.3 < away < -0.05


def test_an_over_taken_before_its_number_rose_beat_the_close_and_the_under_did_not() -> None:
    over, under = values(total("bovada", 216.5), total("pinnacle", 220.5), played())
    assert 0.0 < over < 0.25
    assert under < -0.05


def test_a_number_that_the_sharp_close_left_is_judged_by_it_whoever_still_hangs_the_old_one() -> None:
    hanging = [*spread("bovada", -3, -115, -105), *spread("fanduel", -3, -110, -110)]
    taken, sharp = spread("bovada", -3, -112, -108), spread("pinnacle", -4.5)
    found = values(taken, [*hanging, *sharp], played())
    assert found == values(taken, sharp, played())
    home, away = found
    assert 0.0 < home < 0.2
    assert -0.2 < away < -0.05
    assert np.isnan(values(taken, hanging, played())).all()


def test_a_number_that_stood_is_left_to_its_price() -> None:
    assert np.isnan(values(spread("bovada", -4.5), spread("pinnacle", -4.5), played())).all()


@pytest.mark.parametrize(
    "past",
    [
        pytest.param(played(99), id="fewer than 100 games"),
        pytest.param(played(ago=-2 * DAY), id="games that ended after the decision"),
        pytest.param(played(known_after=20 * DAY), id="games whose results were known after the decision"),
        pytest.param(played(ago=400 * DAY), id="games of more than a year before"),
        pytest.param(played(sport_key="basketball_ncaab"), id="games of another sport"),
        pytest.param(played(sport_key="soccer_fa_cup"), id="games whose final score does not settle"),
        pytest.param({}, id="no games"),
    ],
)
def test_where_too_little_was_over_before_the_decision_a_bet_is_not_judged(past: Any) -> None:
    assert np.isnan(values(spread("bovada", -2.5), spread("pinnacle", -4.5), past)).all()


def test_games_that_end_later_change_nothing() -> None:
    before, later = played(), played(300, ago=-20 * DAY)
    both = {key: [*before[key], *later[key]] for key in before}
    taken, closed = spread("bovada", -2.5), spread("pinnacle", -4.5)
    assert values(taken, closed, both) == values(taken, closed, before)


def test_a_game_without_a_main_close_leaves_its_bets_unjudged() -> None:
    assert np.isnan(values(spread("bovada", -2.5), total("pinnacle", 220.5), played())).all()


def test_the_main_close_is_a_fair_bookmakers_or_else_the_one_that_most_quote() -> None:
    soft = [*spread("bovada", -4), *spread("fanduel", -3.5), *spread("betmgm", -3.5)]
    crowd, sharp = (main_closes(board_of(each), season()) for each in (soft, [*soft, *spread("pinnacle", -5)]))
    assert crowd["event0", "spreads"].number == 3.5
    assert crowd["event0", "spreads"].probability == pytest.approx(0.5)
    assert sharp["event0", "spreads"].number == 5
    assert main_closes(board_of([]), season()) == {}


def test_the_line_that_most_quote_comes_before_one_nearer_to_even() -> None:
    crowd = [quote for key in ("fanduel", "betmgm") for quote in spread(key, -3.5, -140, 120)]
    found = main_closes(board_of([*spread("bovada", -4), *crowd]), season())
    assert found["event0", "spreads"].number == 3.5
    alone = main_closes(board_of([*spread("bovada", -4), *crowd[:2]]), season())
    assert alone["event0", "spreads"].number == 4


def test_games_whose_final_score_settles_no_spread_tell_nothing() -> None:
    assert played(sport_key="soccer_fa_cup") == {}
    assert played(sport_key="soccer_epl").keys() == {("soccer_epl", "spreads"), ("soccer_epl", "totals")}


def test_bets_judged_alone_or_together_have_the_same_value() -> None:
    closed = spread("pinnacle", -4.5, -118, 105)
    one, another = spread("bovada", -2.5), spread("fanduel", -1.5)
    together = values([*one, *another], closed, played())
    assert together == [*values(one, closed, played()), *values(another, closed, played())]
