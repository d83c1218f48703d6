"""What is wrong with a strategy's own code, told with the line that is to blame."""

import inspect
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from analytics.backtesting.config import BacktestConfig
from core.errors import LinekeeperError, StrategyError


def fault_in(error: Exception, file: str) -> str:
    """Return what failed in a file, with the line of it that was reached last."""
    if isinstance(error, SyntaxError):
        return f"{file}, line {error.lineno}: {error.msg}"
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = f", line {own[-1].lineno}" if own else ""
    return f"{file}{line}: {type(error).__name__}: {error}"


@contextmanager
def failing_as(strategy: object, name: str, where: str) -> Iterator[None]:
    """Turn what a strategy's code raises into a StrategyError that names it, its file and line, and where.

    Args:
        strategy: The strategy, or its class before it is made.
        name: What reports call it.
        where: What it was asked for.
    """
    try:
        yield
    except LinekeeperError:
        raise
    except Exception as error:
        msg = f"{name} failed {where}: {fault_in(error, _file_of(strategy))}"
        raise StrategyError(msg) from error


@contextmanager
def lent(config: BacktestConfig, name: str) -> Iterator[BacktestConfig]:
    """Yield a run's config for a strategy to read; the run goes by its own, whatever becomes of this one.

    Raises:
        StrategyError: The strategy of that name changed what it was given.
    """
    copy = config.model_copy(deep=True)
    yield copy
    if copy != config:
        raise StrategyError(f"{name} changed the config that it was given: it is to be read alone")


def _file_of(strategy: object) -> str:
    """Return the file of a strategy's class, or the name of the class where it was typed in."""
    kind = strategy if isinstance(strategy, type) else type(strategy)
    try:
        return inspect.getfile(kind)
    except (OSError, TypeError):
        return kind.__qualname__
