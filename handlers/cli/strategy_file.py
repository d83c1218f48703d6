"""A strategy of the user's own, by `path.py:Class`. It runs as the user, so only a command line may name one."""

import importlib.util
import inspect
import sys
import traceback
from pathlib import Path
from types import ModuleType

from analytics.strategies.base import BettingStrategy
from core.errors import ConfigurationError

_MODULE = "strategy_of_the_user"


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
        return next(iter(strategies.values()))
    if class_name not in strategies:
        offered = f"its strategies are {', '.join(strategies)}" if strategies else "it has no strategy"
        wanted = f"no strategy {class_name} in {file}" if class_name else f"{file} has several strategies"
        raise ConfigurationError(
            f"--strategy {named}: {wanted}; {offered}, a subclass of BettingStrategy that implements its methods"
        )
    return strategies[class_name]


def _run(path: Path, named: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(_MODULE, path)
    if specification is None or specification.loader is None:
        raise ConfigurationError(f"--strategy {named}: {path} cannot be read as Python")
    module = importlib.util.module_from_spec(specification)
    sys.modules[_MODULE] = module
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(f"--strategy {named}: {_fault(error, path)}") from error
    return module


def _fault(error: Exception, path: Path) -> str:
    """Return what is wrong with a file, with the line of it that is to blame."""
    if isinstance(error, SyntaxError):
        return f"{path}, line {error.lineno}: {error.msg}"
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = f", line {own[-1].lineno}" if own else ""
    return f"{path}{line}: {type(error).__name__}: {error}"


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
