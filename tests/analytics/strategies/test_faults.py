"""What a strategy's code does wrong is told, and the run goes by its own config."""

import numpy as np
import pytest

from analytics.backtesting.board import KnownOdds, OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.values import BacktestEvent, BetOpportunity, Opportunities
from analytics.strategies.base import BettingStrategy, Parameters, VectorisedStrategy
from analytics.strategies.faults import failing_as, fault_in
from core.errors import ConfigurationError, StrategyError
from tests.analytics.boards import board_of, h2h, season


class Careless:
    """A strategy whose code fails."""

    def decide(self) -> float:
        """Divide by nothing."""
        return self._share(0)

    def _share(self, of: int) -> float:
        return 1 / of


def test_what_fails_is_told_with_the_strategy_the_place_and_the_line_reached_last() -> None:
    strategy = Careless()
    line = Careless._share.__code__.co_firstlineno + 1
    with pytest.raises(StrategyError) as raised, failing_as(strategy, "careless", "at a game"):
        strategy.decide()
    assert (
        str(raised.value)
        == f"careless failed at a game: {__file__}, line {line}: ZeroDivisionError: division by zero"
    )
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_an_error_that_says_what_is_wrong_stays_as_it_is() -> None:
    with pytest.raises(ConfigurationError) as raised, failing_as(Careless(), "careless", "at a game"):
        raise ConfigurationError("no such market")
    assert str(raised.value) == "no such market"


def test_a_class_that_was_typed_in_has_no_file() -> None:
    typed_in = type("Typed", (), {"__module__": "nowhere"})
    with pytest.raises(StrategyError) as raised, failing_as(typed_in(), "typed", "at a game"):
        raise ValueError("odd")
    assert str(raised.value) == "typed failed at a game: Typed: ValueError: odd"


def test_a_file_that_is_no_python_is_told_with_its_line() -> None:
    with pytest.raises(SyntaxError) as raised:
        compile("a = 1\nb = = 2\n", "mine.py", "exec")
    assert fault_in(raised.value, "mine.py").startswith("mine.py, line 2: ")


class Generous(VectorisedStrategy[Parameters]):
    """Lets every exchange go without commission."""

    name = "generous"

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return nothing."""
        config.commission.clear()
        return Opportunities.of(np.array([], dtype=np.int64))


class GenerousOneByOne(BettingStrategy[Parameters]):
    """Lets any stake be placed."""

    name = "generous"

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return nothing."""
        object.__setattr__(config.limits, "max_stake_percent", 100.0)
        return []


@pytest.mark.parametrize("strategy", [Generous(), GenerousOneByOne()], ids=["all at once", "one by one"])
async def test_a_strategy_that_changes_the_config_is_refused_and_the_run_keeps_its_own(
    strategy: BettingStrategy[Parameters],
) -> None:
    config = season()
    with pytest.raises(StrategyError, match="generous changed the config that it was given: it is to be read"):
        await evaluate(strategy, board_of(h2h("bovada", 120, -140)), config)
    assert config == season()
