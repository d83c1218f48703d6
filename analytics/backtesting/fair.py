"""Fair probabilities of the quotes on a board: a bookmaker's complete markets without their vig."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import take
from analytics.backtesting.commission import quoted_decimal
from analytics.backtesting.draws import has_draw_by_the_rules, stands_apart
from analytics.backtesting.numbering import line_numbers, numbered
from analytics.backtesting.values import IntArray, Side
from analytics.devig import DevigMethod, no_vig
from analytics.odds_math import FloatArray

_TWO_WAY = ((Side.HOME, Side.AWAY), (Side.OVER, Side.UNDER), (Side.YES, Side.NO))
_THREE_WAY = ((Side.HOME, Side.AWAY, Side.DRAW),)


def complete_markets(board: OddsBoard) -> tuple[IntArray, IntArray]:
    """Return the rows of every complete market: shape (markets, 2) and shape (markets, 3).

    A market is what one bookmaker quotes at one decision on one line: home and away, over and under, yes and no,
    or home, away and draw, in this order. Home and away alone are incomplete where the sport's rules have a draw
    to bet on.
    """
    market = numbered(board.event, board.bookmaker, board.market, board.description, line_numbers(board.line))
    order = np.lexsort((board.side, market))
    sizes = np.bincount(market)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    pairs = _rows(board, order, first[sizes == len(_TWO_WAY[0])], _TWO_WAY)
    triples = _rows(board, order, first[sizes == len(_THREE_WAY[0])], _THREE_WAY)
    misses_the_draw = has_draw_by_the_rules(board)[pairs[:, 0]] & (board.side[pairs[:, 0]] == Side.HOME)
    return pairs[~misses_the_draw], triples


def own_probabilities(board: OddsBoard, method: DevigMethod, bookmaker_keys: Sequence[str] = ()) -> FloatArray:
    """Return the fair probability of each quote by its own bookmaker's market; NaN where that is incomplete.

    NaN too at others than some bookmakers, where these are named.
    """

    def make() -> FloatArray:
        fair, wanted = np.full(len(board), np.nan), np.flatnonzero(board.at_bookmakers(bookmaker_keys))
        part = take(board, wanted) if bookmaker_keys else board
        quoted = quoted_decimal(part)
        for rows in complete_markets(part):
            fair[wanted[rows]] = no_vig(quoted[rows], method) if len(rows) else 0.0
        return fair

    return board.derived(("own_probabilities", method, *bookmaker_keys), make)


def fair_probabilities(board: OddsBoard, bookmaker_keys: Sequence[str], method: DevigMethod) -> FloatArray:
    """Return the fair probability of each quote by the first of some bookmakers that quotes the same line.

    Where none of them does, it is the mean over all bookmakers that quote the line; NaN where nobody's market on
    the line is complete, and where one of the first quotes the market on another line: what others still ask for a
    number that it has left is no fair price.
    """
    said = sharp_probabilities(board, bookmaker_keys, method)
    silent = np.isnan(said)
    if silent.any():
        own = own_probabilities(board, method)
        by_all = np.where(_left(board, bookmaker_keys, own), np.nan, consensus(own, same_bets(board)))
        said[silent] = by_all[silent]
    return said


def sharp_probabilities(board: OddsBoard, bookmaker_keys: Sequence[str], method: DevigMethod) -> FloatArray:
    """Return the fair probability of each quote by the first of some bookmakers that quotes the same line.

    NaN where none of them does.
    """
    said = np.full(len(board), np.nan)
    if not bookmaker_keys:
        return said
    own, bet = own_probabilities(board, method, bookmaker_keys), same_bets(board)
    for key in reversed(bookmaker_keys):
        known = np.flatnonzero(board.at_bookmakers([key]) & ~np.isnan(own))
        by_bet = np.full(len(board), np.nan)
        by_bet[bet[known]] = own[known]
        said = np.where(np.isnan(by_bet[bet]), said, by_bet[bet])
    return said


def same_bets(board: OddsBoard) -> IntArray:
    """Return a number for each quote: equal for the same outcome on the same line at the same decision.

    A team where only some bookmakers list a draw is two bets, for those lose by it.
    """
    columns = (board.event, board.market, board.outcome, board.description, stands_apart(board).astype(np.int64))
    return board.derived("same_bets", lambda: numbered(*columns, line_numbers(board.line)))


def consensus(values: FloatArray, group: IntArray) -> FloatArray:
    """Return for each value the mean of its group's values, those that are NaN left out."""
    known = ~np.isnan(values)
    count = np.bincount(group[known], minlength=len(values))
    total = np.bincount(group[known], weights=values[known], minlength=len(values))
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return np.asarray(mean[group])


def _left(board: OddsBoard, bookmaker_keys: Sequence[str], own: FloatArray) -> NDArray[np.bool_]:
    """Tell of each quote whether one of some bookmakers quotes its market, and on one line alone.

    One that lists several, as alternate lines are, has left none of those between them.
    """
    left = np.zeros(len(board), dtype=np.bool_)
    known = np.flatnonzero(board.at_bookmakers(bookmaker_keys) & ~np.isnan(own))
    if not bookmaker_keys or not len(known):
        return left
    market = numbered(board.event, board.market, board.description, stands_apart(board).astype(np.int64))
    quoted = numbered(market[known], board.bookmaker[known])
    _, first = np.unique(numbered(quoted, line_numbers(board.line[known])), return_index=True)
    left[market[known[(np.bincount(quoted[first]) == 1)[quoted]]]] = True
    return left[market]


def _rows(board: OddsBoard, order: IntArray, first: IntArray, complete: tuple[tuple[Side, ...], ...]) -> IntArray:
    """Return the rows of the groups that begin at these places of the order and have the sides of a market."""
    rows = order[first[:, np.newaxis] + np.arange(len(complete[0]))]
    sides = board.side[rows]
    accepted: NDArray[np.bool_] = np.zeros(len(rows), dtype=np.bool_)
    for one in complete:
        accepted |= (sides == np.array(one)).all(axis=1)
    return np.asarray(rows[accepted])
