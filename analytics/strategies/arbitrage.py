"""Bet on every outcome of a market where the best prices of all bookmakers together have no vig."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import take
from analytics.backtesting.config import BacktestConfig, PercentageStake, Sizing
from analytics.backtesting.draws import lists_draw
from analytics.backtesting.fair import complete_markets, same_bets
from analytics.backtesting.numbering import numbered
from analytics.backtesting.values import IntArray, Opportunities
from analytics.odds_math import FloatArray
from analytics.staking import arbitrage_profit, arbitrage_shares
from analytics.strategies.base import Parameters, VectorisedStrategy
from analytics.strategies.choosing import best_of_each


class ArbitrageParameters(Parameters):
    """Where to look, and how much it must bring."""

    market_keys: tuple[str, ...] = Field(default=("h2h", "spreads", "totals"), description="the markets")
    min_profit: float = Field(default=0.005, gt=0, description="least profit per unit, whichever outcome wins")
    max_profit: float = Field(default=0.1, gt=0, description="most: a larger one is rather an error in the data")


class ArbitrageStrategy(VectorisedStrategy[ArbitrageParameters]):
    """Takes the best price of each outcome on one line, each with its share, where any winner brings a profit.

    A result that meets the line exactly gives the stakes back, and brings nothing. Spreads are paired on one line:
    home +x with away -x. Bookmakers that list a draw are not combined with those that list none: they settle a tie
    otherwise.
    """

    name: ClassVar = "arbitrage"
    parameters_model: ClassVar[type[Parameters]] = ArbitrageParameters
    sizing: ClassVar[Sizing] = PercentageStake(percent=5)

    def markets(self) -> tuple[str, ...]:
        """Return its markets."""
        return self.parameters.market_keys

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the combinations that bring enough, the bets of each one after the other."""
        chosen = self.parameters
        keys = [place for place, key in enumerate(board.market_keys) if key in chosen.market_keys]
        rows = np.flatnonzero(board.at_bookmakers(config.bookmakers) & np.isin(board.market, keys))
        drawn = lists_draw(board).astype(np.int64)
        best = best_of_each(board, rows, numbered(same_bets(board), drawn)[rows])
        alike = replace(take(board, best), bookmaker=drawn[best])
        found = [self._worthwhile(board, best[markets]) for markets in complete_markets(alike) if len(markets)]
        return _joined(board, [part for part in found if len(part[0])])

    def _worthwhile(self, board: OddsBoard, markets: IntArray) -> tuple[IntArray, FloatArray]:
        """Return the rows of the markets that bring enough, shape (markets, outcomes), and what they bring."""
        profit = arbitrage_profit(board.decimal_odds[markets])
        enough = (profit >= self.parameters.min_profit) & (profit <= self.parameters.max_profit)
        return markets[enough], profit[enough]


def _joined(board: OddsBoard, found: list[tuple[IntArray, FloatArray]]) -> Opportunities:
    """Return combinations of two and of three bets as one, in order of their decisions."""
    if not found:
        return Opportunities.of(np.empty(0, dtype=np.int64))
    rows = np.concatenate([markets.ravel() for markets, _ in found])
    shares = np.concatenate([arbitrage_shares(board.decimal_odds[markets]).ravel() for markets, _ in found])
    profits = np.concatenate([np.repeat(profit, markets.shape[1]) for markets, profit in found])
    first = np.concatenate([markets.min(axis=1).repeat(markets.shape[1]) for markets, _ in found])
    combination = first - board.bounds[board.event[rows]]
    order = np.lexsort((rows, combination, board.event[rows]))
    return Opportunities(
        quotes=rows[order],
        probability=np.full(len(rows), np.nan),
        combination=combination[order],
        share=shares[order],
        rationales=[f"an arbitrage of {profit:.2%}" for profit in profits[order].tolist()],
    )
