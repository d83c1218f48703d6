from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from analytics.backtesting.brought import Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.grading import PlayerNumber
from analytics.strategies.base import Parameters
from analytics.strategies.flat import FlatParameters, FlatStrategy
from analytics.strategies.registry import strategy_named
from analytics.strategies.steam import SteamParameters, SteamStrategy
from core.errors import ConfigurationError
from handlers.backtesting import run_backtest
from handlers.sweeping import run_sweep, run_walk_forward
from storage.database import Database
from tests.collected import TIP_OFF, Scored, Seen, look, score, season

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


async def test_bets_on_players_are_graded_by_what_the_user_brings(database: Database) -> None:
    over = {"player_points": {"Over": (-110, 25.5, "LeBron James"), "Under": (-110, 25.5, "LeBron James")}}
    async with database.transaction() as connection:
        for event_id in ("told", "silent"):
            await look(connection, TIP_OFF - timedelta(hours=2), Seen(event_id, {"bovada": over}))
            await score(connection, TIP_OFF + timedelta(hours=3), Scored(event_id, 110, 105))
    brought = Brought({"told": {("player_points", "LeBron James"): PlayerNumber(27)}})
    sets = [FlatParameters(market="player_points", pick=pick) for pick in ("over", "under")]
    config = CONFIG.model_copy(update={"max_quote_age_hours": 9})
    alone = await run_backtest(database, strategy_named("flat", sets[0].model_dump()), config, brought=brought)
    assert {bet.event_id: (bet.grade, bet.ungraded_because) for bet in alone.bets} == {
        "told": ("win", None),
        "silent": (None, "the player's number is not known"),
    }
    swept = await run_sweep(database, flat, sets, config, brought=brought)
    rois = {trial.parameters["pick"]: trial.roi for trial in swept.trials}
    assert rois == pytest.approx({"over": 100 / 110, "under": -1})
    assert [(trial.bets, trial.ungraded, trial.untold) for trial in swept.trials] == [(1, 0, 1), (1, 0, 1)]
    assert (swept.quality.events, swept.quality.decided, swept.quality.brought) == (2, 2, 1)


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
