"""A price is taken where a sharp bookmaker's fair probability says that it pays too much."""

import pytest

from analytics.backtesting.board import OddsBoard
from analytics.strategies.expected_value import ExpectedValueParameters, ExpectedValueStrategy
from tests.analytics.boards import board_of, h2h, season, spread


def taken(board: OddsBoard, **parameters: object) -> list[tuple[str, str, int]]:
    strategy = ExpectedValueStrategy(ExpectedValueParameters.model_validate(parameters))
    found = strategy.evaluate_board(board, season())
    quotes = [board.quote(int(row)) for row in found.quotes]
    return [(quote.bookmaker_key, quote.outcome_name, quote.price) for quote in quotes]


def test_a_price_above_the_sharp_fair_one_is_taken_at_the_bookmaker_that_pays_most() -> None:
    board = board_of([*h2h("pinnacle", -110, -110), *h2h("bovada", 106, -130), *h2h("fanduel", 108, -130)])
    assert taken(board) == [("fanduel", "Lakers", 108)]


def test_the_sharp_bookmakers_own_prices_are_not_taken() -> None:
    board = board_of([*h2h("pinnacle", 105, -125), *h2h("lowvig", -120, 100)])
    assert taken(board, sharp=["lowvig"], min_edge=0) == [("pinnacle", "Lakers", 105)]
    assert taken(board, sharp=["lowvig", "pinnacle"], min_edge=0) == []


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(h2h("bovada", 101, -130), id="an edge too small"),
        pytest.param(h2h("bovada", 300, -130), id="an edge too large to be true"),
        pytest.param(spread("bovada", -3.5, 120, -140), id="a line that the sharp one does not quote"),
    ],
)
def test_what_has_no_believable_edge_is_left(others: list[object]) -> None:
    assert taken(board_of([*h2h("pinnacle", -110, -110), *others])) == []  # type: ignore[list-item]


def test_a_raw_sharp_price_is_not_fair_its_vig_comes_off_first() -> None:
    board = board_of([*h2h("pinnacle", -120, -120), *h2h("bovada", -105, -130)])
    assert taken(board, min_edge=0) == []


def test_it_reads_its_markets_alone() -> None:
    assert ExpectedValueStrategy().markets() == ("h2h", "spreads", "totals")


def test_of_a_board_with_more_it_bets_on_its_markets_alone() -> None:
    board = board_of([*h2h("pinnacle", -110, -110), *h2h("fanduel", 108, -130)])
    assert taken(board, market_keys=["h2h"]) == [("fanduel", "Lakers", 108)]
    assert taken(board, market_keys=["spreads"]) == []
