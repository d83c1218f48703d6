"""A season whose true chances are known, and a strategy with one parameter, for tests of sweeps."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import screen
from analytics.backtesting.config import BacktestConfig, FlatStake, Sizing
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.trials import Ground, bets_of, ground_of
from analytics.backtesting.values import Opportunities
from analytics.odds_math import decimal_to_american
from analytics.strategies.base import BettingStrategy, Parameters, VectorisedStrategy
from tests.analytics.boards import HOUR, TIP_OFF, all_made, board_of, decision, h2h, history_of, season


class ThresholdParameters(Parameters):
    """What a price must be at least."""

    least: float = Field(default=1.0, description="decimal odds")


class ThresholdStrategy(VectorisedStrategy[ThresholdParameters]):
    """Bets on every price from some odds on."""

    name: ClassVar = "threshold"
    parameters_model: ClassVar[type[Parameters]] = ThresholdParameters
    sizing: ClassVar[Sizing] = FlatStake(amount=100)

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the quotes that pay enough."""
        return Opportunities.of(np.flatnonzero(board.decimal_odds >= self.parameters.least))


def threshold() -> type[BettingStrategy[ThresholdParameters]]:
    """Return the strategy's class, in any process."""
    return ThresholdStrategy


def thresholds(*least: float) -> list[ThresholdParameters]:
    """Return sets of parameters."""
    return [ThresholdParameters(least=one) for one in least]


def bets_at(
    sets: Sequence[ThresholdParameters], tried_on: Ground, config: BacktestConfig
) -> Callable[[int], BetArrays]:
    """Return what tells the bets of the set at a place."""
    return lambda place: bets_of(ThresholdStrategy(sets[place]), tried_on, config)


def known_season(
    games: int,
    *,
    seed: int = 1,
    long_shots_pay: float = 1.0,
    hours_apart: float = 12,
    tied: bool = False,
    **changes: object,
) -> Known:
    """Return a season of fair prices; the underdogs' are better than fair by a factor where asked.

    Where all games end tied, every bet is pushed.
    """
    rng = np.random.default_rng(seed)
    chances = rng.uniform(0.3, 0.7, games)
    decimals = np.stack([1 / chances, 1 / (1 - chances)], axis=1)
    decimals = np.where(decimals >= 2, 1 + (decimals - 1) * long_shots_pay, decimals)
    prices = decimal_to_american(decimals).astype(int).tolist()
    starts = [TIP_OFF + hours_apart * HOUR * number for number in range(games)]
    made = tuple(decision(number, start, event_id=f"event{number}") for number, start in enumerate(starts))
    board = board_of(*(h2h("bovada", *each) for each in prices), decisions=made)
    home_wins = rng.random(games) < chances
    scores = [(95, 95) if tied else (100, 90) if won else (90, 100) for won in home_wins]
    histories = {one.event_id: history_of(one, score) for one, score in zip(made, scores, strict=True)}
    config = season(end="2029-01-01T00:00Z", **changes)
    screened = screen(board, np.ones(len(board), dtype=np.bool_), config)
    return known_of(all_made(made), histories, board, screened)


def ground(games: int, **changes: object) -> Ground:
    """Return the ground of such a season."""
    return ground_of(known_season(games, **changes))  # type: ignore[arg-type]
