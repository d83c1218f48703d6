"""Bet where a price pays more than what the other bookmakers together think is fair."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.fair import own_probabilities, same_bets
from analytics.backtesting.values import Opportunities
from analytics.devig import DevigMethod
from analytics.odds_math import FloatArray
from analytics.strategies.base import Parameters, VectorisedStrategy
from analytics.strategies.choosing import best_of_bets, with_edge


class ConsensusParameters(Parameters):
    """How many bookmakers make a consensus, and how much better a price must be."""

    market_keys: tuple[str, ...] = Field(default=("h2h", "spreads", "totals"), description="the markets")
    min_bookmakers: int = Field(default=4, ge=2, description="least number of other bookmakers on the line")
    devig_method: DevigMethod = Field(default=DevigMethod.POWER, description="how their vig is taken out")
    min_edge: float = Field(default=0.03, ge=0, description="least expected profit per unit")
    max_edge: float = Field(default=0.2, gt=0, description="most: a larger one is rather an error in the data")


class ConsensusStrategy(VectorisedStrategy[ConsensusParameters]):
    """Takes the best price on a line if the mean of the others' fair probabilities says it pays too much."""

    name: ClassVar = "consensus"
    parameters_model: ClassVar[type[Parameters]] = ConsensusParameters

    def markets(self) -> tuple[str, ...]:
        """Return its markets."""
        return self.parameters.market_keys

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the best price of each line and side, where it has an edge by all the others."""
        chosen = self.parameters
        of_others = ("consensus", chosen.min_bookmakers, chosen.devig_method)
        others = board.derived(of_others, lambda: self._others(board))
        allowed = board.at_bookmakers(config.bookmakers) & board.on_markets(chosen.market_keys)
        asked = (*of_others, chosen.market_keys, config.bookmakers)
        best = board.derived(asked, lambda: best_of_bets(board, np.flatnonzero(allowed), others))
        return with_edge(board, best, others, min_edge=chosen.min_edge, max_edge=chosen.max_edge)

    def _others(self, board: OddsBoard) -> FloatArray:
        """Return for each quote the mean fair probability by all other bookmakers, NaN where they are too few."""
        own, bets = own_probabilities(board, self.parameters.devig_method), same_bets(board)
        known = ~np.isnan(own)
        count = np.bincount(bets[known], minlength=len(board))[bets] - known
        total = np.bincount(bets[known], weights=own[known], minlength=len(board))[bets] - np.nan_to_num(own)
        enough = count >= self.parameters.min_bookmakers
        return np.asarray(np.divide(total, count, out=np.full(len(board), np.nan), where=enough))
