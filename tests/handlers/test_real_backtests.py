"""Backtests of real seasons: the close is calibrated, and betting without a reason costs about the vig.

Tolerances are standard errors: chance alone breaks one of three in less than three cases of a thousand.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import pytest_asyncio

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig, FlatStake
from analytics.backtesting.reliability import Reliability, reliability
from analytics.backtesting.result import BacktestResult, Bet
from analytics.backtesting.values import Opportunities
from analytics.strategies.base import Parameters, VectorisedStrategy
from analytics.strategies.registry import strategy_named
from core.database_url import parse_database_url
from handlers.backtesting import run_backtest
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.rebuild_check import rebuild_and_compare, stored_events
from tests.handlers.real_data import collect_nfl, import_seasons

pytestmark = pytest.mark.slow

STANDARD_ERRORS = 3
EPL: dict[str, Any] = {
    "start": "2020-08-01T00:00Z",
    "end": "2025-07-01T00:00Z",
    "sports": ["soccer_epl"],
    "sources": ["import"],
    "max_quote_age_hours": 24 * 5,
}
NFL: dict[str, Any] = {
    "start": "2025-09-01T00:00Z",
    "end": "2026-03-01T00:00Z",
    "sports": ["americanfootball_nfl"],
}
AT_THE_CLOSE = {"decide_at": [0.0]}
RICH = {"bankroll": 1e9, "sizing": FlatStake(amount=100).model_dump()}


class EveryQuote(VectorisedStrategy[Parameters]):
    """Bets on everything that is offered."""

    name: ClassVar = "every_quote"
    sizing: ClassVar = FlatStake()

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return every row."""
        return Opportunities.of(np.arange(len(board)))


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


def calibration(bets: Sequence[Bet], outcome: Callable[[Bet], bool]) -> Reliability:
    """Compare the fair close of some outcomes with how often they won; pushes tell nothing."""
    told = [
        (bet.closing_probability, bet.grade == "win")
        for bet in bets
        if outcome(bet) and bet.closing_probability is not None and bet.grade in {"win", "loss"}
    ]
    return reliability([p for p, _ in told], [won for _, won in told])


def on_the_whole(found: Reliability) -> tuple[float, float]:
    """Return how many more came true than was said, and the standard error of that."""
    off = sum(one.count * (one.realised - one.predicted) for one in found.bins)
    return off, math.sqrt(sum((one.count * one.standard_error) ** 2 for one in found.bins))


def off_the_close(result: BacktestResult) -> tuple[float, float]:
    """Return by how many standard errors the bets' profit differs from what their fair close expects, and this."""
    judged = [bet for bet in result.bets if bet.clv is not None and bet.profit is not None]
    profits = np.array([(bet.profit or 0.0) / bet.stake for bet in judged])
    expected = np.array([bet.clv or 0.0 for bet in judged])
    error = float(np.std(profits, ddof=1)) / np.sqrt(len(judged))
    return float(np.mean(profits - expected) / error), float(np.mean(expected))


OUTCOMES = {
    "home": lambda bet: bet.outcome_name == bet.home_team,
    "draw": lambda bet: bet.outcome_name == "Draw",
    "away": lambda bet: bet.outcome_name == bet.away_team,
    "over": lambda bet: bet.outcome_name == "Over",
}


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
