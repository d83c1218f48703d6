"""Bet where a price pays more than the fair probability of a sharp bookmaker deserves."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.fair import same_bets, sharp_probabilities
from analytics.backtesting.values import Opportunities
from analytics.devig import DevigMethod
from analytics.strategies.base import Parameters, VectorisedStrategy
from analytics.strategies.choosing import with_edge


class ExpectedValueParameters(Parameters):
    """Whose prices are fair, and how much better a price must be."""

    market_keys: tuple[str, ...] = Field(default=("h2h", "spreads", "totals"), description="the markets")
    sharp: tuple[str, ...] = Field(
        default=("pinnacle",), min_length=1, description="sharp bookmakers: the first that quotes the line counts"
    )
    devig_method: DevigMethod = Field(default=DevigMethod.POWER, description="how its vig is taken out")
    min_edge: float = Field(default=0.02, ge=0, description="least expected profit per unit")
    max_edge: float = Field(default=0.2, gt=0, description="most: a larger one is rather an error in the data")


class ExpectedValueStrategy(VectorisedStrategy[ExpectedValueParameters]):
    """Takes the best price on a line that a sharp bookmaker quotes too, if the sharp one says it pays too much."""

    name: ClassVar = "expected_value"
    parameters_model: ClassVar[type[Parameters]] = ExpectedValueParameters

    def markets(self) -> tuple[str, ...]:
        """Return its markets."""
        return self.parameters.market_keys

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the best price of each line and side elsewhere, where it has an edge."""
        chosen = self.parameters
        elsewhere = board.at_bookmakers(config.bookmakers) & ~board.at_bookmakers(chosen.sharp)
        return with_edge(
            board,
            np.flatnonzero(elsewhere),
            sharp_probabilities(board, chosen.sharp, chosen.devig_method),
            bets=same_bets(board),
            min_edge=chosen.min_edge,
            max_edge=chosen.max_edge,
        )
