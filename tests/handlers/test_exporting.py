"""What was collected leaves as a recording, complete or not at all, and comes back the same."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from core.config import load_settings
from core.errors import ConfigurationError
from core.simulation.recording import RecordingError, answers
from core.triggers.base import Trigger
from handlers.exporting import export_recording
from handlers.fetch_odds import look
from handlers.jobs import JobRun
from handlers.replay import replay
from handlers.replay_request import ReplayRequest
from handlers.scratch import Scratch
from storage import migrations
from storage.database import Database

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)
QUOTES = (
    "SELECT event_id, bookmaker_key, market_key, outcome_name, odds_timestamp, price, point, last_update"
    " FROM core_betting.odds ORDER BY 1, 2, 3, 4, 5"
)


@pytest.fixture
async def world(collect: Collect, feed: Any, noon: Any) -> Any:
    """Return a collector that has looked three times at a game, its price moving."""
    game = feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    for price in (-160, -170):
        game.prices = (price, 140)
        await world.fire_after(3 * HOUR)
    return world


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.xz"])
async def test_every_answer_is_a_line(world: Any, noon: Any, tmp_path: Path, suffix: str) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / f"nba{suffix}"
    report = await export_recording(world.app.database, path, progress=lambda done, of: told.append((done, of)))
    assert (report.answers, report.snapshots) == (3, 3)
    assert (report.first_at, report.last_at) == (noon, noon + 6 * HOUR)
    assert report.file_bytes == path.stat().st_size
    assert told == [(1, 3), (2, 3), (3, 3)]
    lines = list(answers(path))
    assert [line.fetched_at for line in lines] == [noon, noon + 3 * HOUR, noon + 6 * HOUR]
    prices = [orjson.loads(line.body)[0]["bookmakers"][0]["markets"][0]["outcomes"][0]["price"] for line in lines]
    assert prices == [-150, -160, -170]


async def test_the_same_quotes_are_collected_from_the_recording(
    world: Any, tmp_path: Path, empty_database: Database
) -> None:
    path = tmp_path / "nba.jsonl"
    await export_recording(world.app.database, path)
    await migrations.upgrade(empty_database.engine)
    request = ReplayRequest(path, {}, every_snapshot=True)
    await replay(request, Scratch(empty_database, "the second database"), lambda _: None)
    assert await quotes_of(empty_database) == await quotes_of(world.app.database)
    await export_recording(empty_database, tmp_path / "again.jsonl")
    assert list(answers(tmp_path / "again.jsonl")) == list(answers(path))


async def test_a_narrower_look_comes_back_as_no_withdrawal(
    world: Any, tmp_path: Path, empty_database: Database
) -> None:
    narrow = load_settings(ODDS_API_KEY="local", SPORTS=world.feed.sport_key, MARKETS="h2h", BOOKMAKERS="fanduel")
    run = JobRun(Trigger("fetch-odds", world.feed.sport_key, world.clock.now(), "by hand"), 1)
    world.clock.advance(HOUR)
    await look(replace(world.app, settings=replace(world.app.settings, collection=narrow.collection)), run)
    path = tmp_path / "nba.jsonl"
    await export_recording(world.app.database, path)
    await migrations.upgrade(empty_database.engine)
    request = ReplayRequest(path, {}, every_snapshot=True)
    made = await replay(request, Scratch(empty_database, "the second database"), lambda _: None)
    assert made.totals.withdrawals == 0
    assert await quotes_of(empty_database) == await quotes_of(world.app.database)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def quotes_of(database: Database) -> list[tuple[Any, ...]]:
    async with database.transaction() as connection:
        rows = await connection.execute(text(QUOTES))
        return [tuple(row) for row in rows]


async def test_a_part_can_be_exported(world: Any, noon: Any, tmp_path: Path) -> None:
    report = await export_recording(
        world.app.database, tmp_path / "part.jsonl", start=noon + HOUR, end=noon + 3 * HOUR
    )
    assert (report.answers, report.first_at) == (1, noon + 3 * HOUR)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(
            {"sport_key": "icehockey_nhl"}, "--sport is one of basketball_nba", id="a sport never collected"
        ),
        pytest.param({"start": "later"}, "no odds of basketball_nba were collected", id="a time without answers"),
    ],
)
async def test_where_there_is_nothing_no_file_is_made(
    world: Any, noon: Any, tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    given = {"start": noon + 99 * HOUR} if "start" in options else options
    with pytest.raises(ConfigurationError, match=told):
        await export_recording(world.app.database, tmp_path / "x.jsonl", **given)
    assert files(tmp_path) == []


async def test_before_anything_was_collected_the_next_step_is_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="odds fetch current"):
        await export_recording(database, tmp_path / "x.jsonl")


async def test_a_file_of_another_kind_is_refused(world: Any, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="jsonl"):
        await export_recording(world.app.database, tmp_path / "x.csv")
