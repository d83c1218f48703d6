"""Every strategy is listed, and every parameter of each can be given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analytics.strategies.registry import STRATEGIES
from core.errors import ConfigurationError
from handlers.cli.assignments import assignable
from handlers.cli.backtest_strategies import chosen_strategy, strategy_class

Odds = Callable[..., Any]
MINE = """
from threading import Lock
from analytics.strategies.base import BettingStrategy, Parameters

class Edge(Parameters):
    edge: float = 0.1

class Mine(BettingStrategy[Edge]):
    name = "mine"
    parameters_model = Edge
    async def evaluate_opportunity(self, event, odds, config):
        return []
"""


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


@pytest.mark.parametrize(
    ("method", "told"),
    [
        pytest.param(
            "def __init__(self): pass",
            "mine failed as it was made: {file}: TypeError: Mine.__init__() takes 1 positional argument",
            id="it takes no parameters",
        ),
        pytest.param(
            "def __init__(self, given): self.lock = Lock()",
            "mine failed as its attributes were copied: {file}: TypeError: cannot pickle",
            id="an attribute that cannot be copied",
        ),
        pytest.param(
            "def markets(self): return 1 / 0",
            "mine failed as it was made: {file}, line 13: ZeroDivisionError",
            id="its markets fail",
        ),
        pytest.param(
            "def markets(self): return 'h2h'",
            "mine looks at the markets 'h2h': a tuple of their keys is expected, () for all",
            id="a market that is no tuple",
        ),
    ],
)
@pytest.mark.parametrize(
    "command", [pytest.param(("run",), id="run"), pytest.param(("sweep", "--grid", "edge=1"), id="sweep")]
)
def test_a_strategy_that_cannot_be_made_is_one_line(
    odds: Odds, tmp_path: Path, command: tuple[str, ...], method: str, told: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"{MINE}    {method}\n")
    ran = odds("backtest", *command, "--strategy", f"{file}")
    assert (ran.exit_code, ran.out) == (1, "")
    assert told.format(file=file) in " ".join(ran.err.split())
