"""`odds backtest list-strategies`, and how a strategy is named on the command line."""

from collections.abc import Sequence
from inspect import getdoc
from typing import Any

from rich.text import Text

from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.faults import failing_as
from analytics.strategies.registry import STRATEGIES
from core.errors import ConfigurationError, StrategyError
from core.model_faults import validated
from handlers.cli.assignments import assignable, read_assignments
from handlers.cli.options import AsJson
from handlers.cli.output import print_json, print_line, report, row, show, table
from handlers.cli.strategy_file import load_strategy


def strategy_class(named: str) -> type[BettingStrategy[Any]]:
    """Return the strategy of a name, or the one that `path.py:Class` names.

    Raises:
        ConfigurationError: There is none.
    """
    if named in STRATEGIES:
        return STRATEGIES[named]
    if ".py" in named:
        return load_strategy(named)
    msg = f"--strategy {named}: the strategies are {', '.join(STRATEGIES)}; one of your own is path.py:Class"
    raise ConfigurationError(msg)


def chosen_strategy(named: str, parameters: Sequence[str]) -> BettingStrategy[Parameters]:
    """Return a strategy with the parameters given as `name=value`.

    Raises:
        ConfigurationError: There is no such strategy, or a parameter is not accepted.
        StrategyError: It cannot be made.
    """
    strategy = strategy_class(named)
    model = strategy.parameters_model
    return made_of(strategy, validated(model, read_assignments(parameters, model, "--param"), "--param"))


def made_of(strategy: type[BettingStrategy[Any]], parameters: Parameters) -> BettingStrategy[Parameters]:
    """Return a strategy of a class with its parameters, which has begun and told its markets.

    So what its own code does wrong is told before a database is opened.

    Raises:
        StrategyError: It cannot be made or copied, or its markets are no tuple of keys.
    """
    with failing_as(strategy, strategy.name, "as it was made"):
        made = strategy(parameters)
        made.begin()
        markets: object = made.markets()
    if not isinstance(markets, tuple) or not all(isinstance(key, str) for key in markets):
        msg = f"{strategy.name} looks at the markets {markets!r}: a tuple of their keys is expected, () for all"
        raise StrategyError(msg)
    return made


def list_strategies(as_json: AsJson = False) -> None:
    """List the strategies with their parameters, each with its default.

    One of your own is a Python file with a subclass of BettingStrategy: --strategy path.py:Class.
    """
    if as_json:
        print_json([_facts(strategy) for strategy in STRATEGIES.values()])
        return
    for strategy in STRATEGIES.values():
        print_line(Text.assemble((strategy.name, "bold"), f": {_summary(strategy)}"))
        report().print(Text(f"decides {_decides_at(strategy)}; stakes by {strategy.sizing.kind}"), style="dim")
        made = table("parameter", "default", "what")
        for field in assignable(strategy.parameters_model):
            row(made, field.name, field.default or "(none)", field.description)
        show(made)


def _facts(strategy: type[BettingStrategy[Any]]) -> dict[str, Any]:
    return {
        "name": strategy.name,
        "summary": _summary(strategy),
        "decides_at": [str(point) for point in strategy.decides_at],
        "sizing": strategy.sizing.model_dump(mode="json"),
        "parameters": [
            {"name": field.name, "default": field.default, "description": field.description}
            for field in assignable(strategy.parameters_model)
        ],
    }


def _summary(strategy: type[BettingStrategy[Any]]) -> str:
    return (getdoc(strategy) or "").split("\n", maxsplit=1)[0]


def _decides_at(strategy: type[BettingStrategy[Any]]) -> str:
    points = (f"{point:g} h" if isinstance(point, float | int) else str(point) for point in strategy.decides_at)
    return f"{' and '.join(points)} before the start"
