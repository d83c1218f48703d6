from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from analytics.backtesting.config import BacktestConfig
from analytics.strategies.base import Parameters
from analytics.strategies.flat import FlatParameters, FlatStrategy
from analytics.strategies.registry import strategy_named
from analytics.strategies.steam import SteamParameters, SteamStrategy
from core.errors import ConfigurationError
from handlers.backtesting import run_backtest
from handlers.sweeping import run_sweep, run_walk_forward
from storage.database import Database
from tests.collected import season

PICKS = [FlatParameters(market=market, pick=pick) for market in ("h2h", "spreads") for pick in ("home", "away")]
CONFIG = BacktestConfig(
    start=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2026, 3, 1, tzinfo=UTC), resamples=100, bankroll=1e6
)


def flat() -> type[FlatStrategy]:
    """Return the strategy's class, in any process."""
    return FlatStrategy


@pytest.fixture
async def collected(database: Database) -> Database:
    """Return a database with a few games, their odds and results."""
    async with database.transaction() as connection:
        await season(connection, days=8)
    return database


async def test_a_sweep_finds_for_every_set_what_a_backtest_of_it_finds(collected: Database) -> None:
    result = await run_sweep(collected, flat, PICKS, CONFIG)
    assert result.tried == 4
    for trial in result.trials:
        alone = await run_backtest(collected, strategy_named("flat", trial.parameters), CONFIG)
        assert trial.bets == alone.metrics.bets
        assert trial.profit == pytest.approx(alone.metrics.profit, rel=1e-5)


async def test_a_walk_forward_bets_only_after_it_has_chosen(collected: Database) -> None:
    result = await run_walk_forward(collected, flat, PICKS, CONFIG, folds=2, min_bets=1)
    assert len(result.folds) == 2
    assert 0 < result.bets < 8
    assert all(fold.past_bets for fold in result.folds)


@pytest.mark.parametrize(
    ("load", "sets", "message"),
    [
        pytest.param(flat, [], "no set of parameters to try", id="nothing to try"),
        pytest.param(
            partial(lambda: SteamStrategy),
            [SteamParameters()],
            "steam cannot be swept",
            id="one decision at a time",
        ),
    ],
)
async def test_what_cannot_be_swept_is_refused(
    collected: Database, load: Any, sets: list[Parameters], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        await run_sweep(collected, load, sets, CONFIG)
