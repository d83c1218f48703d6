"""Choose rows of a board: the best price of each bet, and of those what has an edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.draws import stands_apart
from analytics.backtesting.fair import same_bets
from analytics.backtesting.numbering import line_numbers, numbered
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


def on_the_main_line(board: OddsBoard, rows: IntArray) -> IntArray:
    """Return those of some rows of a market that are on its main line: prices of different points do not compare.

    It is the line with most quotes at the decision, the lowest of equals. Where quotes have no point, it is all;
    those of bookmakers that list a draw where the rules have none are a line of their own, the last of equals.
    """
    drawn = stands_apart(board)[rows].astype(np.int64)
    line = numbered(board.event[rows], drawn, line_numbers(board.line[rows]))
    quotes = np.bincount(line)[line] if len(rows) else line
    order = np.lexsort((line, -quotes, board.event[rows]))
    decided, first = np.unique(board.event[rows][order], return_index=True)
    main = np.full(len(board.events), -1)
    main[decided] = line[order[first]]
    return np.asarray(rows[line == main[board.event[rows]]])


def best_of_bets(board: OddsBoard, rows: IntArray, probability: FloatArray) -> IntArray:
    """Return of each bet the row that pays most, among those with a probability.

    Args:
        board: The quotes.
        rows: Where bets may be placed.
        probability: The fair probability of each row of the board, NaN where unknown.
    """
    rows = rows[~np.isnan(probability[rows])]
    return best_of_each(board, rows, same_bets(board)[rows])


def with_edge(
    board: OddsBoard, best: IntArray, probability: FloatArray, *, min_edge: float, max_edge: float
) -> Opportunities:
    """Return those of some rows whose edge is from the least to the most.

    Args:
        board: The quotes.
        best: The best price of each bet.
        probability: The fair probability of each row of the board.
        min_edge: The least expected profit per unit.
        max_edge: The most: more is rather an error in the data.
    """
    edges = probability[best] * board.decimal_odds[best] - 1
    chosen = (edges >= min_edge) & (edges <= max_edge)
    best, edges = best[chosen], edges[chosen]
    return Opportunities.of(best, probability[best], _Reasons(board.decimal_odds[best], probability[best], edges))


@dataclass(frozen=True, eq=False)
class _Reasons(Sequence[str]):
    """Why each bet is taken, worded only when somebody reads it."""

    decimal: FloatArray
    probability: FloatArray
    edge: FloatArray

    def __len__(self) -> int:
        return len(self.edge)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        price, fair = self.decimal[place], 1 / self.probability[place]
        return f"{price:.3f} for a fair {fair:.3f}: an edge of {self.edge[place]:.1%}"
