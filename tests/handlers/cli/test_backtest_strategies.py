"""Every strategy is listed, and every parameter of each can be given."""

from collections.abc import Callable
from typing import Any

import pytest

from analytics.strategies.registry import STRATEGIES
from core.errors import ConfigurationError
from handlers.cli.assignments import assignable
from handlers.cli.backtest_strategies import chosen_strategy, strategy_class

Odds = Callable[..., Any]


def test_every_strategy_is_listed_with_every_parameter(odds: Odds) -> None:
    listed = {one["name"]: one for one in odds("backtest", "list-strategies", "--json").json}
    assert listed.keys() == STRATEGIES.keys()
    for name, strategy in STRATEGIES.items():
        fields = {field["name"] for field in listed[name]["parameters"]}
        assert {field.split(".")[0] for field in fields} == strategy.parameters_model.model_fields.keys()
        assert listed[name]["summary"]


def test_the_list_is_readable(odds: Odds) -> None:
    out = odds("backtest", "list-strategies").out
    assert "decides 1 h before the start" in out
    assert all(name in out for name in STRATEGIES)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_parameter_can_be_given_and_is_explained(name: str) -> None:
    """Given its default as the list shows it, a strategy is the one without any parameter given."""
    fields = assignable(STRATEGIES[name].parameters_model)
    assert all(field.description for field in fields)
    given = chosen_strategy(name, [f"{field.name}={field.default}" for field in fields])
    assert given.parameters == STRATEGIES[name]().parameters


def test_a_name_that_is_none_tells_which_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"--strategy luck: the strategies are flat, .* path\.py:Class"):
        strategy_class("luck")
