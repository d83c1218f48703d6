"""A notebook's frames hold what the readers say, of the database that the settings name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from analytics.frames import bets_frame
from analytics.strategies.registry import strategy_named
from core.feed.payloads import parse_odds
from core.scope import Scope
from handlers.notebook import open_notebook
from storage.database import Database
from storage.ingestion import store_odds
from storage.snapshots import Origin

pytest.importorskip("pyarrow", reason="frames need the extra research")

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
START = NOON + timedelta(hours=8)
DAY = NOON, NOON + timedelta(days=1)


@pytest.fixture
async def collected(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store one game with one price, twice, in the database that DATABASE_URL names."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    for at, price in ((NOON, -150), (NOON + timedelta(hours=1), -140)):
        outcomes = [{"name": "Lakers", "price": price}, {"name": "Celtics", "price": 120}]
        game = {
            "id": "e1",
            "sport_key": "basketball_nba",
            "commence_time": START,
            "home_team": "Lakers",
            "away_team": "Celtics",
            "bookmakers": [
                {"key": "fanduel", "last_update": at, "markets": [{"key": "h2h", "outcomes": outcomes}]}
            ],
        }
        async with database.transaction() as connection:
            answer = parse_odds(orjson.dumps([game]))
            await store_odds(connection, "basketball_nba", answer, Origin(at, Scope.of(["h2h"], regions=["us"])))


@pytest.mark.usefixtures("collected")
async def test_events_and_odds_are_frames() -> None:
    async with open_notebook() as notebook:
        events = await notebook.events(*DAY, sport_key="basketball_nba")
        odds = await notebook.odds_at(["e1"], NOON + timedelta(minutes=30))
        later = await notebook.odds_at(events["id"].tolist(), NOON + timedelta(hours=2))
    assert events[["id", "home_team"]].values.tolist() == [["e1", "Lakers"]]
    assert dict(zip(odds["outcome_name"], odds["price"], strict=True)) == {"Celtics": 120, "Lakers": -150}
    assert later["price"].tolist() == [120, -140]


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize("read", [lambda n: n.closing_lines(*DAY), lambda n: n.odds_at(["nothing"], NOON)])
async def test_what_is_not_there_is_a_frame_without_rows(read: Callable[..., Any]) -> None:
    async with open_notebook("polars") as notebook:
        frame = await read(notebook)
    assert (frame.height, "price" in frame.columns) == (0, True)


@pytest.mark.usefixtures("collected")
async def test_a_backtest_is_run_by_name_or_by_a_strategy() -> None:
    run: dict[str, Any] = {
        "start": NOON,
        "end": START,
        "decide_at": [6.5],
        "max_quote_age_hours": 9,
        "resamples": 0,
    }
    async with open_notebook() as notebook:
        by_name = await notebook.backtest("flat", **run)
        given = await notebook.backtest(strategy_named("flat", {"pick": "underdog"}), **run)
    assert bets_frame(by_name)["price"].tolist() == [-140]
    assert bets_frame(given)["outcome_name"].tolist() == ["Celtics"]
