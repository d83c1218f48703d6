"""Try many sets of a strategy's parameters on what storage knows: compared all at once, or chosen by the past."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import FEWEST_BETS
from analytics.backtesting.result import DataQuality
from analytics.backtesting.sweep import SweepResult, compare
from analytics.backtesting.trials import Ground, bets_of, ground_of
from analytics.backtesting.trying import Outcomes, StrategyLoader, try_all, vectorised
from analytics.backtesting.walk_forward import WalkForwardResult, walk_forward
from analytics.strategies.base import Parameters
from core.errors import ConfigurationError
from handlers.backtesting import Strategy, as_it_is_now, read_known, resolved
from handlers.known_names import check_asked
from storage.database import Database

Progress = Callable[[int], None]
"""Is told how many sets have been tried."""


class _Tried(NamedTuple):
    strategy: str
    config: BacktestConfig
    quality: DataQuality
    ground: Ground
    outcomes: Outcomes
    bets_of: Callable[[int], BetArrays]


async def run_sweep(
    database: Database,
    load: StrategyLoader,
    parameter_sets: Sequence[Parameters],
    config: BacktestConfig,
    *,
    min_bets: int = FEWEST_BETS,
    brought: Brought = NOTHING_BROUGHT,
    processes: int = 1,
    progress: Progress = lambda done: None,
) -> SweepResult:
    """Return how the sets compare, the best first, and how far the best is luck.

    Args:
        database: Where the odds are.
        load: Returns the strategy's class in any process.
        parameter_sets: What to try.
        config: The run; what it leaves open is the strategy's own.
        min_bets: How many bets a set must have to be the best.
        brought: What the feed does not tell of the games, for the bets that rest on it.
        processes: How many sets are tried at a time.
        progress: Is told how far the sweep is.

    Raises:
        ConfigurationError: There is nothing to try or too much to compare, the strategy is not vectorised, or what
            is brought does not fit the games, or there are no odds of what is asked for.
        StrategyError: The strategy answered what no strategy may answer, or it looks ahead.
    """
    tried = await _try(
        database, load, parameter_sets, config, brought=brought, processes=processes, progress=progress
    )
    return await asyncio.to_thread(
        compare,
        tried.strategy,
        parameter_sets,
        tried.outcomes,
        tried.config,
        quality=tried.quality,
        bets_of=tried.bets_of,
        min_bets=min_bets,
    )


async def run_walk_forward(
    database: Database,
    load: StrategyLoader,
    parameter_sets: Sequence[Parameters],
    config: BacktestConfig,
    *,
    folds: int = 5,
    min_bets: int = FEWEST_BETS,
    brought: Brought = NOTHING_BROUGHT,
    processes: int = 1,
    progress: Progress = lambda done: None,
) -> WalkForwardResult:
    """Return what the best set of each past brought in the time that followed it.

    Args:
        database: Where the odds are.
        load: Returns the strategy's class in any process.
        parameter_sets: What to choose from.
        config: The run; what it leaves open is the strategy's own.
        folds: How often to choose.
        min_bets: How many results a set must have to be chosen.
        brought: What the feed does not tell of the games, for the bets that rest on it.
        processes: How many sets are tried at a time.
        progress: Is told how many sets have been tried.

    Raises:
        ConfigurationError: As `run_sweep`, or the days do not make as many folds.
        StrategyError: As `run_sweep`.
    """
    tried = await _try(
        database, load, parameter_sets, config, brought=brought, processes=processes, progress=progress
    )
    return await asyncio.to_thread(
        walk_forward,
        tried.strategy,
        parameter_sets,
        tried.outcomes,
        tried.ground.first_day,
        tried.config,
        quality=tried.quality,
        bets_of=tried.bets_of,
        folds=folds,
        min_bets=min_bets,
    )


async def _try(
    database: Database,
    load: StrategyLoader,
    parameter_sets: Sequence[Parameters],
    config: BacktestConfig,
    *,
    brought: Brought,
    processes: int,
    progress: Progress,
) -> _Tried:
    if not parameter_sets:
        raise ConfigurationError("there is no set of parameters to try")
    strategy = vectorised(load)
    first = strategy(parameter_sets[0])
    asked = resolved(config, first)
    markets = _markets(strategy(one) for one in parameter_sets)
    async with as_it_is_now(database) as connection:
        await check_asked(connection, asked, markets, parameter_sets)
        known = await read_known(connection, first, asked, markets=markets, brought=brought)
    ground = ground_of(known)
    outcomes = await asyncio.to_thread(
        try_all, load, parameter_sets, ground, asked, processes=processes, progress=progress
    )
    return _Tried(
        strategy.name,
        asked,
        known.quality,
        ground,
        outcomes,
        lambda place: bets_of(strategy(parameter_sets[place]), ground, asked),
    )


def _markets(strategies: Iterable[Strategy]) -> tuple[str, ...]:
    """Return every market that one of them looks at; none means all."""
    looked_at = [strategy.markets() for strategy in strategies]
    return tuple(sorted({key for keys in looked_at for key in keys})) if all(looked_at) else ()
