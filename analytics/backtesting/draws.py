"""Which markets have a draw to bet on: it is what a bet on a team is settled by."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.grading import draw_is_priced
from analytics.backtesting.numbering import numbered
from analytics.backtesting.settlement_rules import rules_of
from analytics.backtesting.values import Side

if TYPE_CHECKING:
    from analytics.backtesting.board import OddsBoard

BoolArray = NDArray[np.bool_]


def lists_draw(board: "OddsBoard") -> BoolArray:
    """Tell of each quote whether its bookmaker has a draw among the outcomes of the market."""

    def make() -> BoolArray:
        market = numbered(board.event, board.bookmaker, board.market)
        drawn = np.zeros(len(board), dtype=np.bool_)
        drawn[market[board.side == Side.DRAW]] = True
        return np.asarray(drawn[market])

    return board.derived("lists_draw", make)


def has_draw_by_the_rules(board: "OddsBoard") -> BoolArray:
    """Tell of each quote whether the sport's rules have a draw to bet on in its market, whoever lists it."""

    def make() -> BoolArray:
        sports = {event.sport_key: None for event in board.events}
        places = {sport_key: place for place, sport_key in enumerate(sports)}
        sport = np.array([places[event.sport_key] for event in board.events], dtype=np.int64)
        priced = [
            [draw_is_priced(key, rules_of(sport_key), lists_draw=False) for key in board.market_keys]
            for sport_key in sports
        ]
        table = np.array(priced, dtype=np.bool_).reshape(len(sports), len(board.market_keys))
        return np.asarray(table[sport[board.event], board.market])

    return board.derived("has_draw_by_the_rules", make)


def stands_apart(board: "OddsBoard") -> BoolArray:
    """Tell of each quote whether it is of a market with a draw that the rules have not: its bookmaker lists one.

    Bets on its teams end with regulation time and lose by a draw; at the others they do not.
    """
    return lists_draw(board) & ~has_draw_by_the_rules(board)
