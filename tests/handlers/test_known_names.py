"""A sport, bookmaker or market that nobody knows is named before anything runs, with those that could be meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from analytics.backtesting.config import BacktestConfig
from analytics.strategies.expected_value import ExpectedValueParameters, ExpectedValueStrategy
from analytics.strategies.flat import FlatParameters, FlatStrategy
from analytics.strategies.registry import strategy_named
from core.errors import ConfigurationError
from handlers.backtesting import run_backtest
from handlers.cli.backtest_plan import plan_of
from handlers.sweeping import run_sweep, run_walk_forward
from storage.database import Database
from tests.collected import NOON, Seen, h2h, look, season

UNKNOWN = "bookmaker pinacle: no odds on h2h are known of the run's games; there are those of draftkings, pinnacle"


def winter(**changes: Any) -> BacktestConfig:
    """Return the run of a time with games."""
    span = {"start": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2026, 3, 1, tzinfo=UTC)}
    return BacktestConfig.model_validate({**span, "resamples": 0, **changes})


@pytest.fixture
async def collected(database: Database) -> Database:
    """Return a database with a few games, all priced by the same two bookmakers."""
    async with database.transaction() as connection:
        await season(connection, days=2)
    return database


async def test_no_run_begins_at_a_bookmaker_without_odds(collected: Database) -> None:
    asked, flat = winter(bookmakers=["pinacle"]), strategy_named("flat")
    with pytest.raises(ConfigurationError, match=f"^{UNKNOWN}$"):
        await run_backtest(collected, flat, asked)
    with pytest.raises(ConfigurationError, match=UNKNOWN):
        await plan_of(collected, flat, asked)
    with pytest.raises(ConfigurationError, match=UNKNOWN):
        await run_sweep(collected, lambda: FlatStrategy, [FlatParameters()], asked)


async def test_no_run_begins_on_a_sport_without_games(collected: Database) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^sport nba: no game is known; there are those of basketball_nba$"
    ):
        await run_backtest(collected, strategy_named("flat"), winter(sports=["nba"]))
    result = await run_backtest(collected, strategy_named("flat"), winter(sports=["nba", "basketball_nba"]))
    assert len(result.bets) == 2


async def test_no_run_begins_on_a_market_without_odds(collected: Database) -> None:
    told = r"^market h22h: the run's games have no such odds; there are those on h2h$"
    flat = strategy_named("flat", {"market": "h22h"})
    with pytest.raises(ConfigurationError, match=told):
        await run_backtest(collected, flat, winter())
    with pytest.raises(ConfigurationError, match=told):
        await plan_of(collected, flat, winter())
    result = await run_backtest(collected, strategy_named("flat", {"market": "totals", "pick": "over"}), winter())
    assert result.bets == (), "a usual market without odds is no slip of the pen"


async def test_a_bookmaker_of_other_markets_alone_is_none_of_this_run(collected: Database) -> None:
    totals = {"totals": {"Over": (-110, 210.5), "Under": (-110, 210.5)}}
    async with collected.transaction() as connection:
        await look(connection, NOON, Seen("event0", {"bovada": totals}))
    with pytest.raises(ConfigurationError, match="bookmaker bovada: no odds on h2h are known"):
        await run_backtest(collected, strategy_named("flat"), winter(bookmakers=["bovada"]))


async def test_one_that_is_known_is_enough_and_the_other_is_logged(collected: Database) -> None:
    asked = winter(bookmakers=["pinacle", "draftkings"])
    with capture_logs() as logs:
        result = await run_backtest(collected, strategy_named("flat"), asked)
    assert {bet.bookmaker_key for bet in result.bets} == {"draftkings"}
    (line,) = (line for line in logs if line["event"] == "backtest.unknown_name")
    assert (line["bookmaker"], line["log_level"]) == (["pinacle"], "warning")
    assert line["reason"].endswith("there are those of draftkings, pinnacle")


async def test_a_bookmaker_that_was_known_once_in_the_run_is_not_refused(database: Database) -> None:
    async with database.transaction() as connection:
        await look(connection, NOON - timedelta(days=30), Seen("early", {"bovada": h2h(-110, -110)}, NOON))
        await season(connection, days=1)
    result = await run_backtest(database, strategy_named("flat"), winter(bookmakers=["bovada"]))
    assert result.bets == ()


async def test_where_the_runs_games_have_no_odds_at_all_no_name_is_wrong(database: Database) -> None:
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("bare", {}))
    result = await run_backtest(database, strategy_named("flat"), winter(bookmakers=["pinacle"]))
    assert (result.quality.decisions, result.quality.without_odds) == (1, 1)


async def test_no_run_begins_whose_strategy_knows_what_is_fair_from_a_bookmaker_without_odds(
    collected: Database,
) -> None:
    told = (
        r"^parameter sharp: bookmaker pinacle: no odds on h2h, spreads, totals are known of the run's games;"
        r" there are those of draftkings, pinnacle$"
    )
    slip = strategy_named("expected_value", {"sharp": ["pinacle"]})
    with pytest.raises(ConfigurationError, match=told):
        await run_backtest(collected, slip, winter())
    with pytest.raises(ConfigurationError, match=told):
        await plan_of(collected, slip, winter())
    sets = [ExpectedValueParameters(sharp=(key,)) for key in ("pinnacle", "pinacle")]
    with pytest.raises(ConfigurationError, match=told):
        await run_sweep(collected, lambda: ExpectedValueStrategy, sets, winter())
    with pytest.raises(ConfigurationError, match=told):
        await run_walk_forward(collected, lambda: ExpectedValueStrategy, sets, winter())


async def test_no_run_is_judged_by_the_close_of_a_bookmaker_without_odds(collected: Database) -> None:
    with pytest.raises(ConfigurationError, match=r"^fair_bookmakers: bookmaker pinacle: no odds on h2h"):
        await run_backtest(collected, strategy_named("flat"), winter(fair_bookmakers=["pinacle"]))
    for fair in ([], ["pinnacle"], ["lowvig", "pinnacle"]):
        result = await run_backtest(collected, strategy_named("flat"), winter(fair_bookmakers=fair))
        assert len(result.bets) == 2


async def test_a_strategy_that_knows_one_of_its_bookmakers_runs_and_the_other_is_logged(
    collected: Database,
) -> None:
    with capture_logs() as logs:
        await run_backtest(
            collected, strategy_named("expected_value", {"sharp": ["lowvig", "pinnacle"]}), winter()
        )
    (line,) = (line for line in logs if line["event"] == "backtest.unknown_name")
    assert line["bookmaker"] == ["lowvig"]
    assert line["reason"].startswith("parameter sharp: no odds on h2h, spreads, totals are known")


@pytest.mark.parametrize(
    ("span", "told"),
    [
        pytest.param({"start": "2030-01-01T00:00Z", "end": "2031-01-01T00:00Z"}, "start 2030-01-01", id="after"),
        pytest.param({"start": "2020-01-01T00:00Z", "end": "2021-01-01T00:00Z"}, "end 2021-01-01", id="before"),
    ],
)
async def test_no_run_begins_outside_of_the_time_of_the_data(
    collected: Database, span: dict[str, str], told: str
) -> None:
    expected = (
        f"^{told} 00:00 UTC: a time within the data is expected: live odds of any sport are from"
        " 2026-01-10 14:00 UTC to 2026-01-11 20:00 UTC$"
    )
    with pytest.raises(ConfigurationError, match=expected):
        await run_backtest(collected, strategy_named("flat"), winter(**span))
    with pytest.raises(ConfigurationError, match=expected):
        await run_sweep(collected, lambda: FlatStrategy, [FlatParameters()], winter(**span))
