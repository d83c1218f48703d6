"""A notebook's frames hold what the readers say, of the database that the settings name."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from analytics.frames import Library
from analytics.strategies.flat import FlatStrategy
from analytics.strategies.registry import strategy_named
from core.clock import VirtualClock
from core.errors import ConfigurationError
from core.feed.payloads import parse_odds
from core.football_data.reading import read_football_data
from core.scope import Scope
from handlers.importing import import_football_data
from handlers.notebook import open_notebook
from storage.database import Database
from storage.ingestion import store_odds
from storage.snapshots import Origin

pytest.importorskip("pyarrow", reason="frames need the extra research")

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
START = NOON + timedelta(hours=8)
DAY = NOON, NOON + timedelta(days=1)
SEASON = """Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,PSH,PSD,PSA,PSCH,PSCD,PSCA
E0,17/08/2024,15:00,Man United,Fulham,1,0,1.6,4.0,6.0,1.667,3.9,6.0
"""
IMPORTED: dict[str, Any] = {"sports": ["soccer_epl"], "sources": ["import"], "max_quote_age_hours": 120}


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


@pytest.mark.parametrize("library", ["pandas", "polars"])
async def test_what_was_imported_is_read_where_it_is_asked_for(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    matches = read_football_data("E0.csv", SEASON.encode())
    await import_football_data(database, VirtualClock(datetime(2026, 1, 1, tzinfo=UTC)), matches)
    span = "2024-08-01T00:00Z", "2025-07-01T00:00Z"
    async with open_notebook(library) as notebook:
        [event_id] = list((await notebook.events(*span))["id"])
        collected = await notebook.closing_lines(*span)
        closes = await notebook.closing_lines(*span, sources=["import"], market_key="h2h")
        before = await notebook.odds_at(event_id, "2024-08-17T10:00Z", sources=["import"])
        result = await notebook.backtest("flat", start=span[0], end=span[1], **IMPORTED)
        bets, equity = notebook.bets(result), notebook.equity(result)
    assert type(bets).__module__.split(".")[0] == library
    assert len(collected) == 0
    assert sorted(closes["price"]) == [-150, 290, 500]
    assert set(closes["source"]) == {"import"}
    assert sorted(before["price"]) == [-167, 300, 500]
    assert list(bets["outcome_name"]) == ["Man United"]
    assert [type(frame) for frame in (bets, equity)] == [type(closes)] * 2
    assert list(equity["bankroll"])[-1] == result.metrics.final_bankroll


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize(
    ("read", "said"),
    [
        pytest.param(
            lambda n: n.events(datetime(2026, 1, 1), NOON),  # noqa: DTZ001
            "events: start: an instant with its offset is expected",
            id="an instant without an offset",
        ),
        pytest.param(
            lambda n: n.closing_lines(START, NOON), "end must be after start", id="a span that ends first"
        ),
        pytest.param(
            lambda n: n.odds_at("e1", "noon"), "odds_at: at: input should be a valid datetime", id="a word"
        ),
        pytest.param(
            lambda n: n.odds_at("e1", NOON, sources=["lve"]),
            "sources.0: input should be 'live', 'historical' or 'import', not 'lve'",
            id="a source that is none",
        ),
        pytest.param(
            lambda n: n.backtest("flat", start=NOON, end=START, stake=9),
            "backtest: stake: there is no such field",
            id="a field of no run",
        ),
        pytest.param(
            lambda n: n.backtest(FlatStrategy, start=START, end=NOON),
            "a strategy or the name of one is expected, not the class FlatStrategy",
            id="a class of strategies",
        ),
        pytest.param(lambda n: n.kept(9), "there is no backtest 9", id="a backtest that was not kept"),
    ],
)
async def test_what_cannot_be_read_is_told(read: Callable[..., Any], said: str) -> None:
    async with open_notebook() as notebook:
        with pytest.raises(ConfigurationError, match=re.escape(said)):
            await read(notebook)


@pytest.mark.usefixtures("collected")
async def test_a_library_that_is_none_is_told() -> None:
    with pytest.raises(ConfigurationError, match="library: input should be 'pandas' or 'polars', not 'numpy'"):
        async with open_notebook("numpy"):  # type: ignore[arg-type]
            pass


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
        assert notebook.bets(by_name)["price"].tolist() == [-140]
        assert notebook.bets(given)["outcome_name"].tolist() == ["Celtics"]
