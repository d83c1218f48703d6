"""Bet where a price pays more than what the other bookmakers together think is fair."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.fair import own_probabilities, same_bets
from analytics.backtesting.values import Opportunities
from analytics.devig import DevigMethod
from analytics.strategies.base import Parameters, VectorisedStrategy
from analytics.strategies.choosing import with_edge


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
        own, bets = own_probabilities(board, chosen.devig_method), same_bets(board)
        known = ~np.isnan(own)
        count = np.bincount(bets[known], minlength=len(board))[bets] - known
        total = np.bincount(bets[known], weights=own[known], minlength=len(board))[bets] - np.nan_to_num(own)
        others = np.divide(total, count, out=np.full(len(board), np.nan), where=count >= chosen.min_bookmakers)
        return with_edge(
            board,
            np.flatnonzero(board.at_bookmakers(config.bookmakers)),
            others,
            bets=bets,
            min_edge=chosen.min_edge,
            max_edge=chosen.max_edge,
        )
