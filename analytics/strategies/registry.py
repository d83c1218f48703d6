"""The strategies that there are, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from analytics.strategies.arbitrage import ArbitrageStrategy
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.consensus import ConsensusStrategy
from analytics.strategies.elo import EloStrategy
from analytics.strategies.expected_value import ExpectedValueStrategy
from analytics.strategies.flat import FlatStrategy
from analytics.strategies.learned import LearnedStrategy
from analytics.strategies.steam import SteamStrategy
from core.errors import ConfigurationError
from core.model_faults import faults_of

STRATEGIES: Mapping[str, type[BettingStrategy[Any]]] = MappingProxyType(
    {
        strategy.name: strategy
        for strategy in (
            FlatStrategy,
            ExpectedValueStrategy,
            ConsensusStrategy,
            ArbitrageStrategy,
            SteamStrategy,
            EloStrategy,
            LearnedStrategy,
        )
    }
)


def strategy_named(name: str, parameters: Mapping[str, Any] | None = None) -> BettingStrategy[Parameters]:
    """Return a strategy with its parameters, those not given being its own.

    Raises:
        ConfigurationError: There is no such strategy, or a parameter is not what it can be.
    """
    try:
        strategy = STRATEGIES[name]
    except KeyError:
        msg = f"there is no strategy {name!r}; the strategies are {', '.join(STRATEGIES)}"
        raise ConfigurationError(msg) from None
    return with_parameters(strategy, parameters or {})


def with_parameters(
    strategy: type[BettingStrategy[Any]], parameters: Mapping[str, Any]
) -> BettingStrategy[Parameters]:
    """Return a strategy of a class with its parameters; raises ConfigurationError for what they cannot be."""
    try:
        return strategy(strategy.parameters_model.model_validate(parameters))
    except ValidationError as error:
        accepted = ", ".join(strategy.parameters_model.model_fields)
        msg = f"parameters of {strategy.name}: {faults_of(error)} (it takes {accepted})"
        raise ConfigurationError(msg) from None
