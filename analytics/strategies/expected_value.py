"""Bet where a price pays more than the fair probability of a sharp bookmaker deserves."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.fair import sharp_probabilities
from analytics.backtesting.values import IntArray, Opportunities
from analytics.devig import DevigMethod
from analytics.odds_math import FloatArray
from analytics.strategies.base import BookmakerKeys, Parameters, VectorisedStrategy
from analytics.strategies.choosing import best_of_bets, with_edge


class ExpectedValueParameters(Parameters):
    """Whose prices are fair, and how much better a price must be."""

    market_keys: tuple[str, ...] = Field(default=("h2h", "spreads", "totals"), description="the markets")
    sharp: BookmakerKeys = Field(
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
        fair = self._fair(board)
        asked = ("expected_value", chosen.market_keys, chosen.sharp, chosen.devig_method, config.bookmakers)
        best = board.derived(asked, lambda: best_of_bets(board, self._elsewhere(board, config), fair))
        return with_edge(board, best, fair, min_edge=chosen.min_edge, max_edge=chosen.max_edge)

    def _fair(self, board: OddsBoard) -> FloatArray:
        sharp, method = self.parameters.sharp, self.parameters.devig_method
        return board.derived(
            ("sharp_probabilities", sharp, method), lambda: sharp_probabilities(board, sharp, method)
        )

    def _elsewhere(self, board: OddsBoard, config: BacktestConfig) -> IntArray:
        """Return the rows where bets may be placed: not at the sharp bookmakers themselves."""
        elsewhere = board.at_bookmakers(config.bookmakers) & ~board.at_bookmakers(self.parameters.sharp)
        return np.flatnonzero(elsewhere & board.on_markets(self.parameters.market_keys))
