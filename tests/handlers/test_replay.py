"""Recordings through the collector: a hand-made game, and a real week."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from core.simulation.known_events import FinalScore
from core.simulation.recorded_feed import read_results
from core.simulation.recording import RecordingError, answers
from core.simulation.recording_writer import RecordingWriter
from handlers.replay import open_recording, replay
from handlers.replay_report import ReplayReport
from handlers.replay_request import ReplayRequest
from handlers.scratch import Scratch
from storage.database import Database

START = datetime(2025, 9, 14, 17, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
RESULT = FinalScore(24, 20)
IN_PLAY_PRICE = -9000


def listed(price: int, commence_time: datetime = START) -> list[dict[str, Any]]:
    stamp = "2025-09-14T10:00:00Z"
    outcomes = [{"name": "Bills", "price": price}, {"name": "Jets", "price": 100 - price}]
    market = {"key": "h2h", "last_update": stamp, "outcomes": outcomes}
    return [
        {
            "id": "game",
            "sport_key": "americanfootball_nfl",
            "sport_title": "NFL",
            "commence_time": commence_time.isoformat(),
            "home_team": "Bills",
            "away_team": "Jets",
            "bookmakers": [{"key": "fanduel", "title": "FanDuel", "last_update": stamp, "markets": [market]}],
        }
    ]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return a recording of one game: half-hourly answers for six hours, the last 20 minutes after the start."""
    path = tmp_path / "game.jsonl"
    with RecordingWriter(path) as writer:
        for step in range(12):
            writer.write(START - 6 * timedelta(hours=1) + step * HALF_HOUR, orjson.dumps(listed(-110 - step)))
        writer.write(START + timedelta(minutes=20), orjson.dumps(listed(IN_PLAY_PRICE)))
    return path


@pytest.fixture
def scratch(database: Database, database_url: str) -> Scratch:
    return Scratch(database, database_url)


def nothing(_at: datetime) -> None:
    """Show no progress."""


async def stored_prices(database: Database) -> list[int]:
    async with database.transaction() as connection:
        rows = await connection.execute(
            text("SELECT price FROM core_betting.odds WHERE outcome_name = 'Bills' ORDER BY odds_timestamp")
        )
        return [row[0] for row in rows]


async def test_by_its_own_schedule_the_collector_is_there_at_the_close(recording: Path, scratch: Scratch) -> None:
    made = await replay(ReplayRequest(recording, {"game": RESULT}), scratch, nothing)
    assert (made.closing.events, made.closing.missed) == (1, 0)
    assert made.closing.worst_minutes == pytest.approx(5)
    assert made.totals.looks < 12
    assert (await stored_prices(scratch.database))[-1] == -121


async def test_with_every_snapshot_each_answer_is_stored_at_its_own_fetch_time(
    recording: Path, scratch: Scratch
) -> None:
    made = await replay(ReplayRequest(recording, {"game": RESULT}, every_snapshot=True), scratch, nothing)
    assert (made.totals.looks, made.totals.snapshots) == (13, 13)
    assert await stored_prices(scratch.database) == [-110 - step for step in range(12)]
    assert made.closing.worst_minutes == pytest.approx(30)
    assert (made.first_at, made.totals.credits_spent) == (START - timedelta(hours=6), 0)


@pytest.mark.parametrize("every_snapshot", [False, True], ids=["own schedule", "every snapshot"])
async def test_a_game_is_final_with_its_result_though_the_recording_ended_before(
    recording: Path, scratch: Scratch, *, every_snapshot: bool
) -> None:
    request = ReplayRequest(recording, {"game": RESULT}, every_snapshot=every_snapshot)
    made = await replay(request, scratch, nothing)
    assert made.statuses == {"final": 1}
    assert made.last_at >= START + timedelta(hours=3)
    assert IN_PLAY_PRICE not in await stored_prices(scratch.database)
    async with scratch.database.transaction() as connection:
        row = (await connection.execute(text("SELECT home_score, away_score FROM core_betting.events"))).one()
    assert tuple(row) == RESULT


async def test_only_the_part_asked_for_is_replayed(recording: Path, scratch: Scratch) -> None:
    request = ReplayRequest(
        recording,
        {},
        start=START - timedelta(hours=2),
        end=START - timedelta(hours=1),
        every_snapshot=True,
    )
    made = await replay(request, scratch, nothing)
    assert made.totals.looks == 3
    assert made.first_at == START - timedelta(hours=2)
    assert made.statuses == {"scheduled": 1}


async def test_progress_tells_virtual_instants_and_bytes_that_never_go_back(
    recording: Path, scratch: Scratch
) -> None:
    instants: list[datetime] = []
    read: list[int] = []
    await replay(ReplayRequest(recording, {}, on_read=read.append), scratch, instants.append)
    assert instants == sorted(instants)
    assert read == sorted(read)
    assert read[-1] == _size(recording)


def test_a_part_without_any_answer_is_refused_and_says_where_the_recording_begins(recording: Path) -> None:
    with pytest.raises(RecordingError, match=r"no answer was fetched from 2025-10-01.*the first is of 2025-09-14"):
        open_recording(ReplayRequest(recording, {}, start=datetime(2025, 10, 1, tzinfo=UTC)))


async def test_a_line_that_is_no_answer_ends_the_replay_with_its_number(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "damaged.jsonl"
    with RecordingWriter(path) as writer:
        for step in range(30):
            writer.write(START - timedelta(hours=24) + step * HALF_HOUR, orjson.dumps(listed(-110)))
    with path.open("a") as file:
        file.write("this is no answer\n")
    with pytest.raises(RecordingError, match="line 31"):
        await replay(ReplayRequest(path, {}), scratch, nothing)


@pytest.mark.slow
@pytest.mark.parametrize("every_snapshot", [False, True], ids=["own schedule", "every snapshot"])
async def test_a_real_week_ends_final_with_its_results_and_fresh_closes(
    shared_data: Path, scratch: Scratch, *, every_snapshot: bool
) -> None:
    path = shared_data / "recordings" / "nfl-2025-week12.jsonl.xz"
    results = read_results(shared_data / "results" / "nfl-2025-scores.json")
    made = await replay(ReplayRequest(path, results, every_snapshot=every_snapshot), scratch, nothing)
    async with scratch.database.transaction() as connection:
        rows = await connection.execute(
            text("SELECT id, status, home_score, away_score FROM core_betting.events WHERE commence_time < :end"),
            {"end": made.last_at},
        )
        started = [tuple(row) for row in rows]
    assert len(started) == made.closing.events == 14
    assert all(row == (row[0], "final", *results[row[0]]) for row in started)
    assert await _in_play_prices(scratch.database) == 0
    _check_closes(made, path, every_snapshot=every_snapshot)


def _size(path: Path) -> int:
    return path.stat().st_size


def _check_closes(made: ReplayReport, path: Path, *, every_snapshot: bool) -> None:
    closing = made.closing
    assert closing.median_minutes is not None
    if every_snapshot:
        assert closing.missed == _not_listed_within_the_hour(path)
        assert made.totals.looks == sum(1 for _ in answers(path))
        return
    assert closing.missed == 0
    assert closing.median_minutes <= 6
    assert made.share_of_fixed_sampling is not None
    assert made.share_of_fixed_sampling < 0.25


def _not_listed_within_the_hour(path: Path) -> int:
    """Return how many of the games that start during a recording it does not list within their last hour."""
    nearest: dict[str, tuple[datetime, datetime]] = {}
    for answer in answers(path):
        for event in orjson.loads(answer.body):
            commence_time = datetime.fromisoformat(event["commence_time"])
            if commence_time > answer.fetched_at:
                nearest[event["id"]] = commence_time, answer.fetched_at
    ended = answer.fetched_at
    return sum(
        commence_time - seen_at > timedelta(hours=1)
        for commence_time, seen_at in nearest.values()
        if commence_time <= ended
    )


async def _in_play_prices(database: Database) -> int:
    async with database.transaction() as connection:
        found: int = (
            await connection.execute(
                text(
                    "SELECT count(*) FROM core_betting.quotes"
                    " JOIN raw_data.odds_snapshots AS snapshots ON snapshots.id = quotes.snapshot_id"
                    " WHERE snapshots.commence_time <= snapshots.snapshot_time AND price IS NOT NULL"
                )
            )
        ).scalar_one()
    return found
