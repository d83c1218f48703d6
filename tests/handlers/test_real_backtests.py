"""Backtests of real seasons: the close is calibrated, and betting without a reason costs about the vig.

Tolerances are standard errors: chance alone breaks one of three in less than three cases of a thousand.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.result import BacktestResult
from analytics.strategies.registry import strategy_named
from core.database_url import parse_database_url
from handlers.backtesting import run_backtest
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.rebuild_check import rebuild_and_compare, stored_events
from tests.handlers.real_backtests import (
    AT_THE_CLOSE,
    EPL,
    NFL,
    OUTCOMES,
    RICH,
    EveryQuote,
    calibration,
    off_the_close,
    on_the_whole,
)
from tests.handlers.real_data import collect_nfl, import_seasons

pytestmark = pytest.mark.slow

STANDARD_ERRORS = 3

Run = Callable[..., Awaitable[BacktestResult]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def real_database_url(
    postgres_server: EmbeddedPostgres, migrated_template: str, shared_data: Path
) -> AsyncIterator[str]:
    """Yield the URL of a database with five seasons of the Premier League and one of the NFL."""
    await postgres_server.create_database("real_seasons", template=migrated_template)
    url = postgres_server.url("real_seasons")
    database = Database(parse_database_url(url), pooled=True)
    await import_seasons(database, shared_data)
    await collect_nfl(database, shared_data)
    await database.close()
    yield url
    await postgres_server.drop_database("real_seasons")


@pytest.fixture
async def real(real_database_url: str) -> AsyncIterator[Database]:
    """Yield the database of real seasons."""
    database = Database(parse_database_url(real_database_url), pooled=True)
    yield database
    await database.close()


@pytest.fixture
def run(real: Database) -> Run:
    """Return what runs a strategy on a real season, without resampling unless asked to."""

    async def backtest(strategy: Any, season: dict[str, Any], **config: Any) -> BacktestResult:
        return await run_backtest(
            real, strategy, BacktestConfig.model_validate({**RICH, "resamples": 0, **season, **config})
        )

    return backtest


@pytest.mark.parametrize(
    ("season", "bookmaker", "market", "outcomes"),
    [
        pytest.param(EPL, "pinnacle", "h2h", ("home", "draw", "away"), id="three ways, Premier League"),
        pytest.param(EPL, "pinnacle", "totals", ("over",), id="2.5 goals, Premier League"),
        pytest.param(NFL, "draftkings", "h2h", ("home",), id="two ways, NFL"),
        pytest.param(NFL, "draftkings", "spreads", ("home",), id="spreads, NFL"),
        pytest.param(NFL, "draftkings", "totals", ("over",), id="totals, NFL"),
    ],
)
async def test_the_close_without_its_vig_is_calibrated(
    run: Run, season: dict[str, Any], bookmaker: str, market: str, outcomes: Sequence[str]
) -> None:
    result = await run(EveryQuote(), season, **AT_THE_CLOSE, bookmakers=[bookmaker], fair_bookmakers=[bookmaker])
    bets = [bet for bet in result.bets if bet.market_key == market]
    for outcome in outcomes:
        found = calibration(bets, OUTCOMES[outcome])
        assert found.count >= (1880 if season is EPL else 180)
        assert found.z is None or abs(found.z) <= STANDARD_ERRORS
        off, error = on_the_whole(found)
        assert abs(off) <= STANDARD_ERRORS * error
        assert all(abs(one.realised - one.predicted) <= 4 * one.standard_error for one in found.bins)


@pytest.mark.parametrize(
    ("season", "bookmaker"), [(EPL, "bet365"), (EPL, "pinnacle"), (NFL, "draftkings"), (NFL, "betmgm")]
)
@pytest.mark.parametrize("pick", ["favourite", "home"])
async def test_betting_one_side_of_every_game_at_the_close_costs_about_the_vig(
    run: Run, season: dict[str, Any], bookmaker: str, pick: str
) -> None:
    flat = strategy_named("flat", {"pick": pick})
    result = await run(flat, season, **AT_THE_CLOSE, bookmakers=[bookmaker], fair_bookmakers=[bookmaker])
    deviation, expected = off_the_close(result)
    assert abs(deviation) <= STANDARD_ERRORS
    assert -0.07 < expected < 0


@pytest.mark.parametrize("pick", ["favourite", "home"])
async def test_betting_one_side_of_every_game_an_hour_before_the_start_costs_about_the_vig(
    run: Run, pick: str
) -> None:
    flat = strategy_named("flat", {"pick": pick})
    result = await run(flat, NFL, bookmakers=["draftkings"], fair_bookmakers=["draftkings"])
    assert result.config.decide_at == (1.0,)
    assert result.metrics.bets > 180
    deviation, expected = off_the_close(result)
    assert abs(deviation) <= STANDARD_ERRORS
    assert -0.07 < expected < 0


async def test_asian_handicaps_on_quarter_lines_are_graded_by_halves(run: Run) -> None:
    flat = strategy_named("flat", {"market": "spreads", "pick": "home"})
    result = await run(flat, EPL, **AT_THE_CLOSE, bookmakers=["pinnacle"], fair_bookmakers=["pinnacle"])
    halves = [bet for bet in result.bets if bet.grade in {"half_win", "half_loss"}]
    assert len(result.bets) > 1880
    assert len(halves) > 200
    assert all(bet.point is not None and bet.point * 2 % 1 for bet in halves)
    deviation, expected = off_the_close(result)
    assert abs(deviation) <= STANDARD_ERRORS
    assert -0.04 < expected < 0


async def test_an_edge_by_the_sharp_bookmaker_an_hour_before_is_reported_with_its_doubt(run: Run) -> None:
    strategy = strategy_named("expected_value", {"sharp": ["lowvig", "betonlineag"], "min_edge": 0.01})
    result = await run(strategy, NFL, resamples=10_000, fair_bookmakers=["lowvig", "betonlineag"])
    assert result.metrics.bets > 20
    assert all(bet.seen_at <= bet.decided_at < bet.commence_time for bet in result.bets)
    assert all(bet.edge is not None and bet.edge >= 0.01 for bet in result.bets)
    roi = result.metrics.roi
    assert roi.low is not None
    assert roi.high is not None
    assert roi.low < (roi.value or 0) < roi.high
    deviation, _ = off_the_close(result)
    assert abs(deviation) <= STANDARD_ERRORS
    assert BacktestResult.model_validate_json(result.model_dump_json()) == result


async def test_no_bet_on_a_real_season_saw_a_later_price(run: Run) -> None:
    for season in (EPL, NFL):
        result = await run(strategy_named("flat"), season)
        assert result.metrics.bets > 180
        assert all(bet.odds_timestamp <= bet.seen_at <= bet.decided_at for bet in result.bets)
        assert all(bet.settled_at is None or bet.settled_at > bet.commence_time for bet in result.bets)


async def test_imported_seasons_rebuild_to_the_same_rows(real: Database) -> None:
    async with real.transaction() as connection:
        imported = [one for one in await stored_events(connection, None) if one.source == "import"]
        assert len(imported) == 1900
        rebuilt = [await rebuild_and_compare(connection, one) for one in imported[::38]]
    assert sum(one.quotes for one in rebuilt) > 1000
    assert [one for one in rebuilt if one.differing] == []
