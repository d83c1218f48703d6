"""A strategy of the user's own, by `path.py:Class`. It runs as the user, so only a command line may name one."""

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated

from pydantic import BaseModel, Field

from analytics.backtesting.config import MOST_DECISIONS_AN_EVENT, DecisionPoint, Sizing
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.faults import fault_in
from core.errors import ConfigurationError
from core.model_faults import validated

_MODULE = "strategy_of_the_user"


class _Declared(BaseModel):
    """What a strategy's class says of itself beside its methods."""

    parameters_model: type[Parameters]
    decides_at: Annotated[tuple[DecisionPoint, ...], Field(min_length=1, max_length=MOST_DECISIONS_AN_EVENT)]
    history_hours: Annotated[float, Field(gt=0)] | None
    sizing: Sizing


def load_strategy(named: str) -> type[BettingStrategy]:  # type: ignore[type-arg]
    """Return the class that `path.py:Class` names; the class may be left out where the file has one strategy.

    Raises:
        ConfigurationError: The file cannot be read or run, or has no such strategy.
    """
    file, _, class_name = named.rpartition(":") if ":" in named else (named, "", "")
    path = Path(file)
    if path.suffix != ".py" or not path.is_file():
        raise ConfigurationError(f"--strategy {named}: {file} is no Python file; path.py:Class is expected")
    strategies = _strategies(_run(path, named))
    if not class_name and len(strategies) == 1:
        return _checked(next(iter(strategies.values())), named)
    if not strategies:
        a_strategy = "a subclass of BettingStrategy that implements its methods"
        raise ConfigurationError(f"--strategy {named}: {file} has no strategy, {a_strategy}")
    if class_name not in strategies:
        wanted = f"no strategy {class_name} in {file}" if class_name else f"{file} has several"
        raise ConfigurationError(f"--strategy {named}: {wanted}; its strategies are {', '.join(strategies)}")
    return _checked(strategies[class_name], named)


def _checked(strategy: type[BettingStrategy], named: str) -> type[BettingStrategy]:  # type: ignore[type-arg]
    """Return a strategy; raises ConfigurationError for one that lacks what its methods alone do not show."""
    if not isinstance(getattr(strategy, "name", None), str):
        msg = f'--strategy {named}: {strategy.__name__} has no name: name = "…" is expected in it'
        raise ConfigurationError(msg)
    if not inspect.iscoroutinefunction(strategy.evaluate_opportunity):
        raise ConfigurationError(
            f"--strategy {named}: evaluate_opportunity of {strategy.__name__} is no async def"
        )
    said = {name: getattr(strategy, name) for name in _Declared.model_fields}
    validated(_Declared, said, f"--strategy {named}")
    return strategy


def _run(path: Path, named: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(_MODULE, path)
    if specification is None or specification.loader is None:
        raise ConfigurationError(f"--strategy {named}: {path} cannot be read as Python")
    module = importlib.util.module_from_spec(specification)
    sys.modules[_MODULE] = module
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(f"--strategy {named}: {fault_in(error, str(path))}") from error
    return module


def _strategies(module: ModuleType) -> dict[str, type[BettingStrategy]]:  # type: ignore[type-arg]
    """Return the strategies that a file defines itself, by their class's name."""
    return {
        name: found
        for name, found in vars(module).items()
        if inspect.isclass(found)
        and issubclass(found, BettingStrategy)
        and not inspect.isabstract(found)
        and found.__module__ == _MODULE
    }
