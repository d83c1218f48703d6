"""Of each bet the best price, where it has an edge."""

import numpy as np

from analytics.backtesting.commission import net_of_commission
from analytics.strategies.choosing import best_of_bets, best_of_each, with_edge
from tests.analytics.boards import Quoted, board_of


def home(bookmaker_key: str, price: int) -> Quoted:
    return Quoted(bookmaker_key, "h2h", "Lakers", price)


def test_the_best_of_each_group_comes_in_order_of_rows_the_first_of_equals() -> None:
    board = board_of([home("a", 100), home("b", 120), home("c", 120)], [home("a", 150), home("b", 110)])
    rows = np.arange(5)
    assert best_of_each(board, rows, board.event[rows]).tolist() == [1, 3]
    assert best_of_each(board, rows[:0], rows[:0]).tolist() == []


def test_an_edge_is_taken_from_the_least_to_the_most_and_explained() -> None:
    board = board_of([home("a", 100)], [home("a", 110)], [home("a", 300)], [home("a", 120)])
    probability = np.array([0.5, 0.5, 0.5, np.nan])
    best = best_of_bets(board, np.arange(4), probability)
    found = with_edge(board, best, probability, min_edge=0.02, max_edge=0.2)
    assert (found.quotes.tolist(), found.probability.tolist()) == ([1], [0.5])
    assert found.rationale(0) == "2.100 for a fair 2.000: an edge of 5.0%"
    assert found.rationales[:] == [found.rationale(0)]


def test_an_edge_is_after_commission() -> None:
    board = net_of_commission(board_of([home("smarkets", 110)]), {"smarkets": 10})
    best, probability = np.array([0]), np.array([0.5])
    assert len(with_edge(board, best, probability, min_edge=0, max_edge=0.2).quotes) == 0
    assert (
        with_edge(board, best, probability + 0.01, min_edge=0, max_edge=0.2).rationale(0).startswith("1.990 for")
    )


def test_of_each_bet_the_best_price_with_a_probability_is_chosen() -> None:
    board = board_of([home("a", 100), home("b", 120), home("c", 150)])
    assert best_of_bets(board, np.arange(3), np.array([0.5, 0.5, np.nan])).tolist() == [1]
