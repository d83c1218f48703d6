"""Bets end by what became known of the game, when it became known, and are paid and corrected then."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from analytics.backtesting.bankroll import Payment
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.grading import PlayerNumber
from analytics.backtesting.history import EventHistory, Score, StartKnown, StatusKnown
from analytics.backtesting.settlement import Grade
from analytics.backtesting.settling import Settled, settle
from tests.analytics.boards import HOUR, TIP_OFF, Quoted, board_of, decision, h2h, history_of, spread, total

ENDED = TIP_OFF + 3 * HOUR


def ends(board: OddsBoard, *histories: EventHistory) -> Settled:
    """Return how a bet on every row of a board ends."""
    return settle(board, np.arange(len(board)), {history.event_id: history for history in histories})


def by_name(board: OddsBoard, settled: Settled) -> dict[tuple[str, str], Grade | None]:
    quotes = [board.quote(row) for row in range(len(board))]
    return {
        (quote.market_key, quote.outcome_name): grade for quote, grade in zip(quotes, settled.grades, strict=True)
    }


def test_every_market_is_graded_by_the_score() -> None:
    board = board_of([*h2h("bovada", -150, 130), *spread("bovada", -3.5), *total("bovada", 218)])
    assert by_name(board, ends(board, history_of(decision(), (110, 108)))) == {
        ("h2h", "Lakers"): Grade.WIN,
        ("h2h", "Celtics"): Grade.LOSS,
        ("spreads", "Lakers"): Grade.LOSS,
        ("spreads", "Celtics"): Grade.WIN,
        ("totals", "Over"): Grade.PUSH,
        ("totals", "Under"): Grade.PUSH,
    }


def test_bets_on_players_are_graded_by_what_is_told_of_them() -> None:
    names = ("LeBron James", "Jayson Tatum", "Nobody")
    board = board_of(
        [
            Quoted("bovada", market_key, "Over", -110, 25.5, name)
            for market_key in ("player_points", "player_points_alternate")
            for name in names
        ]
    )
    told = {("player_points", names[0]): PlayerNumber(27), ("player_points", names[1]): PlayerNumber(None)}
    settled = ends(board, replace(history_of(decision(), (110, 108)), players=told))
    graded = {(board.quote(row).description, grade) for row, grade in enumerate(settled.grades)}
    assert graded == {(names[0], Grade.WIN), (names[1], Grade.VOID), (names[2], None)}
    assert {payments[0].at for payments in settled.payments} == {ENDED}


@pytest.mark.parametrize(
    ("regulation", "grades"),
    [
        pytest.param(None, (None, None, None), id="unknown, they have no grade"),
        pytest.param(Score(2, 2), (Grade.LOSS, Grade.WIN, Grade.LOSS), id="level, the draw wins"),
        pytest.param(Score(3, 2), (Grade.LOSS, Grade.LOSS, Grade.WIN), id="else the winner"),
    ],
)
def test_bets_on_regulation_time_are_graded_by_the_score_that_is_told_of_it(
    regulation: Score | None, grades: tuple[Grade | None, ...]
) -> None:
    hockey = decision(sport_key="icehockey_nhl")
    board = board_of(h2h("bovada", 150, 120, 300), decisions=[hockey])
    settled = ends(board, replace(history_of(hockey, (3, 2)), regulation=regulation))
    assert [board.quote(row).outcome_name for row in range(3)] == ["Celtics", "Draw", "Lakers"]
    assert settled.grades == grades
    assert {payments[0].at for payments in settled.payments} == {ENDED}


def test_a_game_whose_score_was_never_had_has_no_result_but_for_what_else_is_told() -> None:
    points = Quoted("bovada", "player_points", "Over", -110, 25.5, "LeBron James")
    board = board_of([*h2h("bovada", -150, 130), points])
    listed = history_of(decision())
    over = StatusKnown(ENDED, "final", None, None)
    history = replace(
        listed,
        statuses=(*listed.statuses, over),
        players={("player_points", "LeBron James"): PlayerNumber(27)},
    )
    settled = ends(board, history)
    assert [board.quote(row).market_key for row in range(3)] == ["h2h", "h2h", "player_points"]
    assert settled.grades == (None, None, Grade.WIN)
    assert settled.settled_at == (None, None, ENDED)
    assert {payments[0].at for payments in settled.payments} == {ENDED}


def test_a_draw_that_the_bookmaker_lists_loses_the_bets_on_both_teams() -> None:
    soccer = decision(sport_key="soccer_epl")
    board = board_of(h2h("bovada", 150, 180, 220), decisions=[soccer])
    assert by_name(board, ends(board, history_of(soccer, (1, 1)))) == {
        ("h2h", "Lakers"): Grade.LOSS,
        ("h2h", "Celtics"): Grade.LOSS,
        ("h2h", "Draw"): Grade.WIN,
    }


def test_each_event_is_graded_by_its_own_result_and_sport() -> None:
    games = [decision(0), decision(1, sport_key="soccer_epl")]
    board = board_of(h2h("bovada", -150, 130), h2h("bovada", 150, 180), decisions=games)
    settled = ends(board, history_of(games[0], (100, 100)), history_of(games[1], (2, 2)))
    assert settled.grades == (Grade.PUSH, Grade.PUSH, Grade.LOSS, Grade.LOSS)


@pytest.mark.parametrize(
    ("score", "amount"),
    [
        pytest.param((110, 100), 2.5, id="a win brings the odds"),
        pytest.param((100, 110), 0.0, id="a loss brings nothing"),
        pytest.param((100, 100), 1.0, id="a push brings the stake"),
    ],
)
def test_a_unit_is_paid_when_the_result_becomes_known(score: tuple[int, int], amount: float) -> None:
    board = board_of([Quoted("bovada", "h2h", "Lakers", 150)])
    settled = ends(board, history_of(decision(), score))
    assert settled.payments == ((Payment(ENDED, amount),),)
    assert settled.settled_at == (ENDED,)


GIVEN_UP = TIP_OFF + timedelta(hours=48 + 2.5 + 72)
"""An NBA game may start 48 hours later, lasts 2.5 hours, and its score is told for three days."""


def test_a_game_without_a_result_gives_the_stake_back_when_it_is_given_up_and_has_no_grade() -> None:
    board = board_of([Quoted("bovada", "h2h", "Lakers", 150)])
    settled = ends(board, history_of(decision()))
    assert (settled.grades, settled.settled_at) == ((None,), (None,))
    assert settled.payments == ((Payment(GIVEN_UP, 1.0, known=False),),)


@pytest.mark.parametrize(
    ("known_at", "payments"),
    [
        pytest.param(GIVEN_UP, [Payment(GIVEN_UP, 2.5)], id="by then it settles the bet"),
        pytest.param(
            GIVEN_UP + HOUR,
            [Payment(GIVEN_UP, 1.0, known=False), Payment(GIVEN_UP + HOUR, 1.5)],
            id="later it corrects that",
        ),
    ],
)
def test_a_result_may_come_late(known_at: datetime, payments: list[Payment]) -> None:
    board = board_of([Quoted("bovada", "h2h", "Lakers", 150)])
    late = replace(history_of(decision()), statuses=(StatusKnown(known_at, "final", 110, 100),))
    settled = ends(board, late)
    assert (settled.grades, settled.settled_at, settled.payments) == (
        (Grade.WIN,),
        (known_at,),
        (tuple(payments),),
    )


def test_a_result_that_does_not_tell_gives_the_stake_back_without_a_grade() -> None:
    board = board_of([Quoted("bovada", "player_points", "Over", 150, 20.5, "Davis")])
    settled = ends(board, history_of(decision(), (110, 100)))
    assert (settled.grades, settled.payments) == ((None,), ((Payment(ENDED, 1.0),),))


def test_a_correction_is_paid_or_taken_when_it_becomes_known_and_the_grade_is_the_last() -> None:
    history = history_of(decision(), (110, 100))
    corrected = replace(history, statuses=(*history.statuses, StatusKnown(ENDED + HOUR, "final", 110, 112)))
    board = board_of(h2h("bovada", 150, 100))
    settled = ends(board, corrected)
    by_team = dict(zip([board.quote(row).outcome_name for row in range(2)], settled.payments, strict=True))
    assert by_team == {
        "Lakers": (Payment(ENDED, 2.5), Payment(ENDED + HOUR, -2.5)),
        "Celtics": (Payment(ENDED, 0.0), Payment(ENDED + HOUR, 2.0)),
    }
    assert set(settled.grades) == {Grade.LOSS, Grade.WIN}
    assert settled.settled_at == (ENDED, ENDED)


def test_a_game_put_off_beyond_the_rule_of_its_sport_is_void_and_gives_the_stake_back() -> None:
    history = history_of(decision(), (110, 100), ended_after=80 * HOUR)
    put_off = replace(history, starts=(*history.starts, StartKnown(TIP_OFF - HOUR / 2, TIP_OFF + 75 * HOUR)))
    board = board_of([Quoted("bovada", "h2h", "Lakers", 150)])
    settled = ends(board, put_off)
    assert settled.grades == (Grade.VOID,)
    assert settled.payments == ((Payment(TIP_OFF, 1.0),),)
    assert settled.settled_at == (TIP_OFF,)


def test_a_team_total_counts_the_points_of_the_team_it_names() -> None:
    board = board_of(
        [
            Quoted("bovada", "team_totals", "Over", -110, 105.5, "Lakers"),
            Quoted("bovada", "team_totals", "Over", -110, 105.5, "Celtics"),
        ]
    )
    settled = ends(board, history_of(decision(), (110, 100)))
    named = [board.quote(row).description for row in range(2)]
    assert dict(zip(named, settled.grades, strict=True)) == {"Lakers": Grade.WIN, "Celtics": Grade.LOSS}


def test_no_bets_settle_to_nothing() -> None:
    assert settle(board_of([]), np.array([], dtype=np.int64), {}).grades == ()
