"""Try sets of parameters on all cores: the ground lies in memory that the processes share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.board import LineHistory, OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.shared_arrays import AttachedArrays, SharedArrays, SharedHandle
from analytics.backtesting.trials import Ground, Tried, try_parameters
from analytics.strategies.base import BettingStrategy, Parameters, VectorisedStrategy
from core.errors import ConfigurationError

StrategyLoader = Callable[[], type[BettingStrategy[Any]]]
"""Returns the strategy's class in whatever process it is called: a function of a module, or a partial of one."""

MOST_CELLS = 20_000_000
_AT_ONCE = 20
_HISTORY = "history."


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What every set of parameters brought by day: the arrays of `Tried`, each of shape (sets, days)."""

    bets: NDArray[np.int32]
    staked: NDArray[np.float32]
    profit: NDArray[np.float32]
    known_profit: NDArray[np.float32]
    known_bets: NDArray[np.int32]
    ungraded: NDArray[np.int32]
    untold: NDArray[np.int32]
    unplaced: NDArray[np.int32]
    cut_stakes: NDArray[np.int32]

    @classmethod
    def nothing(cls, sets: int, days: int) -> "Outcomes":
        """Return the outcomes of sets that bet on nothing."""
        return cls(
            bets=np.zeros((sets, days), dtype=np.int32),
            staked=np.zeros((sets, days), dtype=np.float32),
            profit=np.zeros((sets, days), dtype=np.float32),
            known_profit=np.zeros((sets, days), dtype=np.float32),
            known_bets=np.zeros((sets, days), dtype=np.int32),
            ungraded=np.zeros((sets, days), dtype=np.int32),
            untold=np.zeros((sets, days), dtype=np.int32),
            unplaced=np.zeros((sets, days), dtype=np.int32),
            cut_stakes=np.zeros((sets, days), dtype=np.int32),
        )


def try_all(
    load: StrategyLoader,
    parameter_sets: Sequence[Parameters],
    ground: Ground,
    config: BacktestConfig,
    *,
    processes: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcomes:
    """Return what every set of parameters brings on a ground.

    Args:
        load: Returns the strategy's class.
        parameter_sets: What to try.
        ground: What each is tried on.
        config: The run.
        processes: How many sets are tried at a time; 1 for none but this process.
        progress: Is told how many sets have been tried.

    Raises:
        ConfigurationError: The strategy is not vectorised, or there are too many sets for the days to compare,
            or its bets cannot be sized as the run says.
        StrategyError: It answers what no strategy may answer, or it looks ahead.
    """
    if len(parameter_sets) * ground.days > MOST_CELLS:
        most = MOST_CELLS // ground.days
        msg = f"{len(parameter_sets):,} sets over {ground.days:,} days are too many to compare: at most {most:,}"
        raise ConfigurationError(msg)
    vectorised(load)
    found = Outcomes.nothing(len(parameter_sets), ground.days)
    texts = [parameters.model_dump() for parameters in parameter_sets]
    parts = [texts[first : first + _AT_ONCE] for first in range(0, len(texts), _AT_ONCE)]
    done = 0
    for tried in _tried(load, parts, ground, config, processes):
        for field, values in zip(fields(Outcomes), tried, strict=True):
            getattr(found, field.name)[done : done + len(values)] = values
        done += len(tried[0])
        progress(done)
    return found


def vectorised(load: StrategyLoader) -> type[VectorisedStrategy[Any]]:
    """Return a strategy's class; raises ConfigurationError for one that looks at one decision at a time."""
    strategy = load()
    if not issubclass(strategy, VectorisedStrategy):
        msg = f"{strategy.name} cannot be swept: it looks at one decision at a time (evaluate_board is needed)"
        raise ConfigurationError(msg)
    return strategy


def _tried(
    load: StrategyLoader,
    parts: Sequence[Sequence[Mapping[str, Any]]],
    ground: Ground,
    config: BacktestConfig,
    processes: int,
) -> Iterator[Tried]:
    if processes == 1 or len(parts) <= 1:
        strategy = vectorised(load)
        yield from (_try_part(strategy, part, ground, config) for part in parts)
        return
    arrays, rest = _taken_apart(ground)
    with SharedArrays(arrays) as shared:
        given = (load, shared.handle, rest, config)
        with ProcessPoolExecutor(processes, get_context("spawn"), _Worker.start, given) as pool:
            yield from pool.map(_Worker.run, parts)


def _try_part(
    strategy: type[VectorisedStrategy[Any]],
    part: Sequence[Mapping[str, Any]],
    ground: Ground,
    config: BacktestConfig,
) -> Tried:
    """Return the outcomes of some sets, the arrays of shape (sets, days)."""
    tried = [
        try_parameters(strategy(strategy.parameters_model(**each)), ground, config, cut=place)
        for place, each in enumerate(part)
    ]
    return Tried(*(np.stack(column) for column in zip(*tried, strict=True)))


class _Worker:
    """What a process of the pool keeps between its parts."""

    strategy: type[VectorisedStrategy[Any]]
    attached: AttachedArrays
    ground: Ground
    config: BacktestConfig

    @classmethod
    def start(
        cls, load: StrategyLoader, handle: SharedHandle, rest: Mapping[str, Any], config: BacktestConfig
    ) -> None:
        cls.strategy, cls.config = vectorised(load), config
        cls.attached = AttachedArrays(handle)
        cls.ground = _put_together(cls.attached.arrays, rest)

    @classmethod
    def run(cls, part: Sequence[Mapping[str, Any]]) -> Tried:
        return _try_part(cls.strategy, part, cls.ground, cls.config)


def _taken_apart(ground: Ground) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays of a ground, of its board and of the board's history, by name, and what is no array."""
    board, history = ground.board, ground.board.history
    values = {**_values_of(board, OddsBoard), **_values_of(ground, Ground)} | {"board": None, "history": None}
    if history is not None:
        values |= {_HISTORY + name: value for name, value in _values_of(history, LineHistory).items()}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return arrays, {name: value for name, value in values.items() if name not in arrays}


def _values_of(whole: object, kind: type[Any]) -> dict[str, Any]:
    return {field.name: getattr(whole, field.name) for field in fields(kind)}


def _put_together(arrays: Mapping[str, NDArray[Any]], rest: Mapping[str, Any]) -> Ground:
    values = {**arrays, **rest}
    changes = {name: value for name, value in arrays.items() if name.startswith(_HISTORY)}
    if changes:
        values["history"] = LineHistory(*(changes[_HISTORY + field.name] for field in fields(LineHistory)))
    values["board"] = OddsBoard(**{field.name: values[field.name] for field in fields(OddsBoard)})
    return Ground(**{field.name: values[field.name] for field in fields(Ground)})
