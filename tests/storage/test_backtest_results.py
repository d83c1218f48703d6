"""Backtests that are kept are listed, newest first, and go as a whole."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.models.analytics import BacktestRun
from storage.backtest_results import list_runs, read_bets, read_run, store_run
from storage.database import Database

AT = datetime(2026, 4, 20, 9, tzinfo=UTC)
RUN: dict[str, Any] = {
    "created_at": AT,
    "strategy": "flat",
    "parameters": {"pick": "favourite"},
    "config": {},
    "first_instant": AT,
    "end_instant": AT,
    "bets": 1,
    "staked": 100.0,
    "profit": 90.91,
    "roi": 0.9091,
    "roi_low": None,
    "roi_high": None,
    "mean_clv": -0.01,
    "max_drawdown": 0.0,
    "quality": {},
    "metrics": {},
    "breakdowns": {},
    "equity": [],
}
BET: dict[str, Any] = {
    "number": 0,
    "event_id": "e1",
    "sport_key": "basketball_nba",
    "home_team": "Lakers",
    "away_team": "Celtics",
    "commence_time": AT,
    "decided_at": AT,
    "tier": "closing",
    "bookmaker_key": "draftkings",
    "market_key": "h2h",
    "outcome_name": "Lakers",
    "description": None,
    "point": None,
    "price": -110,
    "decimal_odds": 1.909,
    "odds_timestamp": AT,
    "seen_at": AT,
    "source": "live",
    "rationale": "the favourite",
    "combination": None,
    "probability": None,
    "fair_probability": 0.5,
    "edge": None,
    "stake": 100.0,
    "bankroll": 10_000.0,
    "grade": "win",
    "settled_at": AT,
    "profit": 90.91,
    "closing_price": -120,
    "closing_point": None,
    "closing_probability": 0.52,
    "clv": -0.01,
}


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Yield a transaction."""
    async with database.transaction() as connection:
        yield connection


async def test_a_run_and_its_bets_read_back_as_they_were_stored(connection: AsyncConnection) -> None:
    number = await store_run(connection, RUN, [BET, {**BET, "number": 1, "outcome_name": "Celtics"}])
    run = await read_run(connection, number)
    assert run is not None
    assert {name: run[name] for name in RUN} == RUN
    first, second = await read_bets(connection, number)
    assert {name: first[name] for name in BET} == BET
    assert (second["number"], second["outcome_name"]) == (1, "Celtics")


async def test_runs_are_listed_newest_first(connection: AsyncConnection) -> None:
    first = await store_run(connection, RUN, [])
    second = await store_run(connection, {**RUN, "strategy": "consensus"}, [])
    assert [run.id for run in await list_runs(connection)] == [second, first]
    assert [run.id for run in await list_runs(connection, limit=1)] == [second]


async def test_a_run_goes_with_its_bets(connection: AsyncConnection) -> None:
    number = await store_run(connection, RUN, [BET])
    await connection.execute(delete(BacktestRun).where(col(BacktestRun.id) == number))
    assert await read_bets(connection, number) == []
    assert await read_run(connection, number) is None


async def test_there_is_no_run_of_a_number_that_none_can_have(connection: AsyncConnection) -> None:
    assert await read_run(connection, 10**20) is None
