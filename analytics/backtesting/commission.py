"""What exchanges keep of winnings, and what a price brings after it.

An exchange takes its commission of what is won on a market after what is lost on it. Here each bet pays of its own
winnings: of one bet on a market that is the same, of several on one it is what they pay at most.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.odds_math import FloatArray, american_to_decimal

USUAL_PERCENT: Mapping[str, float] = {
    "betfair_ex_au": 5.0,
    "betfair_ex_eu": 5.0,
    "betfair_ex_uk": 5.0,
    "matchbook": 4.0,
    "smarkets": 2.0,
}
"""Percent of net winnings that a new customer pays, by bookmaker key; whoever pays less says so in the run.

Betfair: the market base rate of sports before any discount (betfair.com.au, commissions and charges). Smarkets:
its standard rate (help.smarkets.com, how commission is calculated). Matchbook: the higher of its two rates, which
go by where the customer lives (tradematesports.com, Matchbook commissions explained). Others are taken to keep
nothing unless the run names them.
"""
_WHOLE = 100.0


def net_of_commission(board: OddsBoard, percent: Mapping[str, float]) -> OddsBoard:
    """Return the board with decimal odds as they pay: `1 + (d - 1) (1 - c)` for odds d and a share c of winnings.

    Args:
        board: The quotes; prices stay as they were quoted.
        percent: Percent of net winnings by bookmaker key; a bookmaker that is not named keeps nothing.
    """
    kept = np.array([percent.get(key, 0.0) for key in board.bookmaker_keys], dtype=np.float64) / _WHOLE
    if not kept.any():
        return board
    decimal: FloatArray = 1 + (quoted_decimal(board) - 1) * (1 - kept[board.bookmaker])
    decimal.flags.writeable = False
    return replace(board, decimal_odds=decimal)


def quoted_decimal(board: OddsBoard) -> FloatArray:
    """Return the decimal odds of each quote before commission: what tells how likely a bookmaker thinks it."""
    return american_to_decimal(board.price)
