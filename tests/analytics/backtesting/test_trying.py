from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.board import LineHistory, OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.trials import try_parameters
from analytics.backtesting.trying import MOST_CELLS, Outcomes, try_all
from analytics.backtesting.values import BacktestEvent, BetOpportunity, Opportunities
from analytics.strategies.base import BettingStrategy, Parameters
from core.errors import ConfigurationError, StrategyError
from tests.analytics.backtesting.laboratory import ThresholdStrategy, ground, threshold, thresholds
from tests.analytics.boards import season

GROUND = ground(40)
SETS = thresholds(*np.linspace(1.4, 3.4, 50).tolist())


class OneByOne(BettingStrategy[Parameters]):
    """A strategy that looks at one decision at a time."""

    name = "one_by_one"

    async def evaluate_opportunity(self, event: BacktestEvent, odds: Any, config: Any) -> list[BetOpportunity]:
        """Return nothing."""
        return []


def one_by_one() -> type[BettingStrategy[Parameters]]:
    return OneByOne


def same(one: Outcomes, other: Outcomes) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(one))


def test_every_set_is_tried_and_stands_in_its_place() -> None:
    outcomes = try_all(threshold, SETS, GROUND, season())
    for place in (0, 17, 49):
        alone = try_parameters(ThresholdStrategy(SETS[place]), GROUND, season())
        np.testing.assert_allclose(outcomes.profit[place], alone.profit, rtol=1e-6)
        assert outcomes.bets[place].tolist() == alone.bets.tolist()


@pytest.mark.slow
def test_many_processes_find_what_one_finds() -> None:
    done: list[int] = []
    together = try_all(threshold, SETS, GROUND, season(), processes=2, progress=done.append)
    assert same(together, try_all(threshold, SETS, GROUND, season()))
    assert done == [20, 40, 50]


class Restless(ThresholdStrategy):
    """A strategy that bets on quotes that changed before the decision."""

    name = "restless"
    history_hours = 3.0

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the quotes with a change in their history."""
        assert board.history is not None
        return Opportunities.of(np.unique(board.history.quote))


def restless() -> type[Restless]:
    return Restless


@pytest.mark.slow
def test_many_processes_see_the_history_that_one_sees() -> None:
    rows = np.arange(0, len(GROUND.board), 4)
    history = LineHistory(
        rows, GROUND.board.odds_timestamp[rows], GROUND.board.price[rows], GROUND.board.point[rows]
    )
    told = replace(GROUND, board=replace(GROUND.board, history=history))
    alone = try_all(restless, SETS[:21], told, season())
    assert alone.bets.sum() > 0
    assert same(try_all(restless, SETS[:21], told, season(), processes=2), alone)


def test_nothing_to_try_brings_nothing() -> None:
    assert try_all(threshold, [], GROUND, season()).profit.shape == (0, GROUND.days)


def test_more_than_can_be_compared_is_refused_with_what_could_be() -> None:
    most = MOST_CELLS // GROUND.days
    with pytest.raises(ConfigurationError, match=f"at most {most:,}"):
        try_all(threshold, SETS[:1] * (most + 1), GROUND, season())


def test_a_strategy_that_is_not_vectorised_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="one_by_one cannot be swept"):
        try_all(one_by_one, [Parameters()], GROUND, season())


class LastOfAll(ThresholdStrategy):
    """Bets on the last quote of a run: nobody knows that none will follow."""

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the last quote."""
        return Opportunities.of(np.arange(len(board))[-1:])


def test_sets_of_a_strategy_that_looks_ahead_are_not_compared() -> None:
    with pytest.raises(StrategyError, match="threshold looks ahead"):
        try_all(lambda: LastOfAll, SETS, GROUND, season())
