"""Bet one side of every event, whatever its price: what costs the vig, and nothing else."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig, FlatStake, Sizing
from analytics.backtesting.draws import lists_draw
from analytics.backtesting.values import IntArray, Opportunities, Side
from analytics.odds_math import FloatArray
from analytics.strategies.base import Parameters, VectorisedStrategy
from analytics.strategies.choosing import best_of_each, on_the_main_line

Pick = Literal["favourite", "underdog", "home", "away", "draw", "over", "under"]
_SIDES = {"home": Side.HOME, "away": Side.AWAY, "draw": Side.DRAW, "over": Side.OVER, "under": Side.UNDER}
_TEAMS = (Side.HOME, Side.AWAY)


class FlatParameters(Parameters):
    """What to bet on."""

    market: str = Field(default="h2h", description="the market")
    pick: Pick = Field(
        default="favourite",
        description="favourite (of spreads: who gives points), underdog, home, away, draw, over or under",
    )


class FlatStrategy(VectorisedStrategy[FlatParameters]):
    """One bet an event on the same pick, at the best price on the line that most bookmakers quote: a yardstick."""

    name: ClassVar = "flat"
    parameters_model: ClassVar[type[Parameters]] = FlatParameters
    sizing: ClassVar[Sizing] = FlatStake()

    def markets(self) -> tuple[str, ...]:
        """Return the one market that it bets on."""
        return (self.parameters.market,)

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the pick of each decision, at the bookmaker that pays most for it."""
        rows = board.rows_of(self.parameters.market, config.bookmakers)
        if self.parameters.pick == "draw":
            rows = rows[lists_draw(board)[rows]]
        rows = on_the_main_line(board, rows)
        rows = rows[board.side[rows] == self._sides(board, rows)[board.event[rows]]]
        return Opportunities.of(
            best_of_each(board, rows, board.event[rows]), rationales=f"the {self.parameters.pick}"
        )

    def _sides(self, board: OddsBoard, rows: IntArray) -> IntArray:
        """Return the side to bet on at each decision.

        The favourite gives points; where none does, it has the lower mean of decimal odds.
        """
        count = len(board.events)
        if self.parameters.pick in _SIDES:
            return np.full(count, int(_SIDES[self.parameters.pick]))
        by_team = [rows[board.side[rows] == side] for side in _TEAMS]
        home, away = (_means(board, board.decimal_odds, team, count) for team in by_team)
        home_point, away_point = (_means(board, np.nan_to_num(board.point), team, count) for team in by_team)
        is_favourite = np.where(home_point == away_point, home <= away, home_point < away_point)
        is_home = is_favourite == (self.parameters.pick == "favourite")
        known = ~np.isnan(home) & ~np.isnan(away)
        return np.where(known, np.where(is_home, int(Side.HOME), int(Side.AWAY)), -1)


def _means(board: OddsBoard, column: FloatArray, rows: IntArray, count: int) -> FloatArray:
    """Return the mean of a column of some quotes at each decision, NaN where there are none."""
    quotes = np.bincount(board.event[rows], minlength=count)
    total = np.bincount(board.event[rows], weights=column[rows], minlength=count)
    return np.asarray(np.divide(total, quotes, out=np.full(count, np.nan), where=quotes > 0))
