"""Every answer of a recording, at its own fetch time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from core.simulation.known_events import FinalScore
from core.simulation.recorded_feed import RecordedFeed
from core.simulation.recording import RecordingError
from core.simulation.recording_facts import sample
from core.simulation.recording_writer import RecordingWriter
from handlers.ingest_recording import ingest_recording
from handlers.replay_request import ReplayRequest
from handlers.virtual import virtual_collector
from storage.database import Database

START = datetime(2025, 9, 14, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


def game(prices: tuple[float, float], *, commence_time: datetime = START) -> dict[str, Any]:
    outcomes = [{"name": team, "price": price} for team, price in zip(("Bills", "Jets"), prices, strict=True)]
    market = {"key": "h2h", "last_update": "2025-09-14T10:00:00Z", "outcomes": outcomes}
    return {
        "id": "game",
        "sport_key": "americanfootball_nfl",
        "sport_title": "NFL",
        "commence_time": commence_time.isoformat(),
        "home_team": "Bills",
        "away_team": "Jets",
        "bookmakers": [{"key": "fanduel", "title": "FanDuel", "markets": [market]}],
    }


async def ingest(path: Path, database: Database, **changes: Any) -> list[datetime]:
    """Store a recording; return the instants of its progress."""
    facts, request = (
        sample(path),
        ReplayRequest(path, {"game": FinalScore(24, 20)}, every_snapshot=True, **changes),
    )
    reached: list[datetime] = []
    async with virtual_collector(
        RecordedFeed(path),
        database,
        sport_key=facts.sport_key,
        scope=facts.scope,
        start=facts.first_at,
        plan_credits=500,
    ) as collector:
        await ingest_recording(request, facts, collector, reached.append)
        assert collector.server.calls == []
    return reached


async def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    async with database.transaction() as connection:
        return [tuple(row) for row in await connection.execute(text(sql))]


def write(path: Path, *answers: tuple[datetime, list[dict[str, Any]]]) -> Path:
    with RecordingWriter(path) as writer:
        for fetched_at, events in answers:
            writer.write(fetched_at, orjson.dumps(events))
    return path


async def test_each_answer_is_a_snapshot_at_its_own_fetch_time(tmp_path: Path, database: Database) -> None:
    instants = [START - 3 * HOUR, START - 2 * HOUR, START - 1 * HOUR]
    path = write(tmp_path / "a.jsonl", *((at, [game((-110, -110))]) for at in instants))
    assert await ingest(path, database) == instants
    found = await rows(database, "SELECT snapshot_time FROM raw_data.odds_snapshots ORDER BY snapshot_time")
    assert [at for (at,) in found] == instants
    assert len(await rows(database, "SELECT 1 FROM core_betting.quotes")) == 2


async def test_prices_recorded_as_decimals_are_stored_as_american(tmp_path: Path, database: Database) -> None:
    path = write(tmp_path / "a.jsonl", (START - HOUR, [game((1.5, 2.7))]))
    await ingest(path, database)
    found = await rows(database, "SELECT outcome_name, price FROM core_betting.odds ORDER BY outcome_name")
    assert found == [("Bills", -200), ("Jets", 170)]


async def test_a_game_that_vanished_during_play_is_final_at_the_end(tmp_path: Path, database: Database) -> None:
    path = write(
        tmp_path / "a.jsonl",
        (START - HOUR, [game((-110, -110))]),
        (START + HOUR, [game((-900, 600))]),
        (START + 2 * HOUR, []),
    )
    await ingest(path, database)
    found = await rows(database, "SELECT status, home_score, away_score FROM core_betting.events")
    assert found == [("final", 24, 20)]
    assert ("final",) not in await rows(
        database, "SELECT DISTINCT price FROM core_betting.quotes WHERE price = -900"
    )


async def test_a_moved_start_is_followed(tmp_path: Path, database: Database) -> None:
    later = START + 25 * timedelta(minutes=1)
    path = write(
        tmp_path / "a.jsonl",
        (START - HOUR, [game((-110, -110))]),
        (START - HOUR / 2, [game((-115, -105), commence_time=later)]),
    )
    await ingest(path, database)
    found = await rows(database, "SELECT first_commence_time, scheduled_commence_time FROM core_betting.events")
    assert found == [(START, later)]


async def test_a_line_that_is_no_answer_ends_it_with_its_number(tmp_path: Path, database: Database) -> None:
    path = write(
        tmp_path / "a.jsonl",
        *((START - 24 * HOUR + step * HOUR / 2, [game((-110, -110))]) for step in range(25)),
    )
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(RecordingError, match="line 26"):
        await ingest(path, database)
