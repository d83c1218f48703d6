"""The close of a bet is the one before the real start: the bookmaker's own, and the fair one of the bet's line."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.closes import Closes, closes_of, closing_decisions, quoted_by_the_fair
from analytics.backtesting.history import StartKnown
from analytics.devig import DevigMethod, no_vig
from analytics.odds_math import american_to_decimal
from tests.analytics.boards import HOUR, TIP_OFF, Quoted, board_of, decision, h2h, history_of, season, spread


def close_of(board: OddsBoard, closing: OddsBoard, name: str, **changes: Any) -> tuple[int, float, float]:
    """Return the close of a bet on the first quote with an outcome's name."""
    row = next(row for row in range(len(board)) if board.quote(row).outcome_name == name)
    closes: Closes = closes_of(board, np.array([row]), closing, season(**changes))
    return int(closes.price[0]), float(closes.point[0]), round(float(closes.probability[0]), 6)


def fair(*prices: int) -> float:
    return round(float(no_vig(american_to_decimal(prices), DevigMethod.POWER)[0]), 6)


def test_each_event_closes_once_at_its_real_start() -> None:
    early, late = decision(0, hours=24), decision(1, hours=1, event_id="event0")
    history = history_of(early)
    moved = replace(history, starts=(*history.starts, StartKnown(TIP_OFF, TIP_OFF + HOUR)))
    (closing,) = closing_decisions([early, late], {"event0": moved})
    assert (closing.number, closing.decided_at, closing.commence_time) == (0, TIP_OFF + HOUR, TIP_OFF + HOUR)


def test_a_bet_is_judged_by_the_fair_close_of_its_own_line_and_its_bookmakers_own_close() -> None:
    board = board_of(h2h("bovada", -150, 130))
    closing = board_of([*h2h("bovada", -170, 145), *h2h("pinnacle", -165, 150)])
    price, point, probability = close_of(board, closing, "Lakers")
    assert (price, probability) == (-170, fair(-165, 150))
    assert np.isnan(point)


@pytest.mark.parametrize(
    ("sport_key", "judged"),
    [
        pytest.param("icehockey_nhl", False, id="by then it was another bet"),
        pytest.param("soccer_epl", True, id="it was one on three ways before"),
    ],
)
def test_a_bet_on_two_ways_is_not_judged_by_a_close_in_three_unless_the_sport_has_a_draw(
    sport_key: str, judged: bool
) -> None:
    made = [decision(sport_key=sport_key)]
    board = board_of(h2h("pinnacle", -110, 100), decisions=made)
    price, _, probability = close_of(board, board_of(h2h("pinnacle", 145, 155, 310), decisions=made), "Lakers")
    assert (price, not np.isnan(probability)) == ((145, True) if judged else (0, False))


def test_where_only_the_fair_bookmakers_are_asked_nobody_elses_close_is_fair() -> None:
    board = board_of([*h2h("bovada", -150, 130), *h2h("pinnacle", -145, 133)])
    rows = np.arange(len(board))
    closing = board_of(h2h("bovada", -170, 145))
    asked = closes_of(board, rows, closing, season(), by_all=False)
    assert np.isnan(asked.probability).all()
    assert asked.price.tolist() == closes_of(board, rows, closing, season()).price.tolist()


@pytest.mark.parametrize(
    ("fair_bookmakers", "told"),
    [(["pinnacle"], [True] * 4), (["lowvig"], [False] * 4), ([], [False] * 4)],
    ids=["one of them quoted the game", "none did", "none is named"],
)
def test_bets_are_told_by_whether_a_fair_bookmaker_quoted_their_game(
    fair_bookmakers: list[str], told: list[bool]
) -> None:
    board = board_of([*h2h("bovada", -150, 130), *h2h("pinnacle", -145, 133)])
    config = season(fair_bookmakers=fair_bookmakers)
    assert quoted_by_the_fair(board, np.arange(len(board)), config).tolist() == told


def test_the_closes_of_some_bets_are_replaced_and_no_other() -> None:
    closes = Closes.unknown(2)
    other = Closes(np.array([-110]), np.array([2.5]), np.array([0.5]), np.array([0.01]))
    found = closes.replaced(np.array([1]), other)
    assert (found.price.tolist(), found.probability[1], np.isnan(found.moved_value[0])) == ([0, -110], 0.5, True)
    assert closes.price.tolist() == [0, 0]


def test_a_line_that_moved_has_no_fair_close_of_its_own_but_the_bookmakers_new_number() -> None:
    board, closing = board_of(spread("bovada", -3.5)), board_of(spread("bovada", -4.5, -105, -115))
    price, point, probability = close_of(board, closing, "Lakers")
    assert (price, point) == (-105, -4.5)
    assert np.isnan(probability)


def test_where_another_bookmaker_closed_on_the_bets_number_that_is_the_fair_close() -> None:
    board = board_of(spread("bovada", -3.5))
    closing = board_of([*spread("bovada", -4.5), *spread("fanduel", -3.5, -130, 110)])
    assert close_of(board, closing, "Lakers")[2] == fair(-130, 110)


def test_where_a_fair_bookmaker_closed_on_another_number_the_price_of_those_who_stayed_is_not_fair() -> None:
    board = board_of(spread("bovada", -3))
    stayed, sharp = spread("fanduel", -3, -115, -105), spread("pinnacle", -4.5)
    price, point, probability = close_of(board, board_of([*spread("bovada", -3), *stayed, *sharp]), "Lakers")
    assert (price, point) == (-110, -3)
    assert np.isnan(probability)
    on_it = spread("lowvig", -3, -130, 110)
    assert close_of(board, board_of([*stayed, *sharp, *on_it]), "Lakers")[2] == fair(-130, 110)


def test_of_several_lines_of_one_bookmaker_its_close_is_the_one_of_the_bet() -> None:
    def lines(*points: float) -> list[Quoted]:
        return [
            quote._replace(market_key="alternate_spreads", price=int(-100 - 10 * point))
            for point in points
            for quote in spread("bovada", -point)
        ]

    board, closing = board_of(lines(3.5)), board_of(lines(2.5, 3.5, 4.5))
    assert close_of(board, closing, "Lakers")[:2] == (-135, -3.5)
    assert close_of(board, board_of(lines(2.5, 4.5)), "Lakers")[0] == 0


def test_a_bookmaker_that_closed_without_the_market_has_no_close() -> None:
    board, closing = board_of(h2h("bovada", -150, 130)), board_of(h2h("pinnacle", -165, 150))
    price, _, probability = close_of(board, closing, "Lakers")
    assert (price, probability) == (0, fair(-165, 150))


@pytest.mark.parametrize(
    "closing",
    [
        pytest.param(board_of([]), id="nothing was looked at before the start"),
        pytest.param(
            board_of(h2h("bovada", -150, 130), decisions=[decision(0, event_id="other")]), id="another event"
        ),
        pytest.param(board_of([Quoted("bovada", "h2h", "Lakers", -150)]), id="one side alone"),
    ],
)
def test_without_a_complete_close_of_the_event_there_is_no_fair_one(closing: OddsBoard) -> None:
    assert np.isnan(close_of(board_of(h2h("bovada", -150, 130)), closing, "Celtics")[2])


def test_the_two_decisions_about_one_event_have_the_same_close() -> None:
    made = [decision(0, hours=24), decision(1, hours=1, event_id="event0")]
    board = board_of(h2h("bovada", -150, 130), h2h("bovada", -155, 135), decisions=made)
    closing = board_of(h2h("bovada", -165, 150))
    closes = closes_of(board, np.arange(4), closing, season())
    assert closes.price.tolist() == [150, -165, 150, -165]


def test_no_bets_have_no_closes() -> None:
    assert closes_of(board_of([]), np.array([], dtype=np.int64), board_of([]), season()).price.tolist() == []
