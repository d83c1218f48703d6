"""Choose rows of a board: the best price of each bet, and of those what has an edge."""

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.values import IntArray, Opportunities
from analytics.odds_math import FloatArray


def best_of_each(board: OddsBoard, rows: IntArray, group: IntArray) -> IntArray:
    """Return of each group the row that pays most, the first of equals, in order of their decisions.

    Args:
        board: The quotes.
        rows: Those to choose from.
        group: A number for each of them.
    """
    order = np.lexsort((rows, -board.decimal_odds[rows], group))
    ranked = group[order]
    first = np.ones(len(ranked), dtype=np.bool_)
    first[1:] = ranked[1:] != ranked[:-1]
    return np.sort(rows[order[first]])


def with_edge(
    board: OddsBoard, rows: IntArray, probability: FloatArray, *, bets: IntArray, min_edge: float, max_edge: float
) -> Opportunities:
    """Return of each bet the best price among some rows, where its edge is from the least to the most.

    Args:
        board: The quotes.
        rows: Where bets may be placed.
        probability: The fair probability of each row of the board, NaN where unknown.
        bets: What each row of the board is a bet on, as `same_bets` numbers it.
        min_edge: The least expected profit per unit.
        max_edge: The most: more is rather an error in the data.
    """
    rows = rows[~np.isnan(probability[rows])]
    best = best_of_each(board, rows, bets[rows])
    edges = probability[best] * board.decimal_odds[best] - 1
    chosen = (edges >= min_edge) & (edges <= max_edge)
    best, edges = best[chosen], edges[chosen]
    rationales = [
        f"{board.decimal_odds[row]:.3f} for a fair {1 / probability[row]:.3f}: an edge of {edge:.1%}"
        for row, edge in zip(best.tolist(), edges.tolist(), strict=True)
    ]
    return Opportunities.of(best, probability[best], rationales)
