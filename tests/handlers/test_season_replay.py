"""A whole season by its own schedule: few looks, fresh closes, every game final, glitch and gap survived."""

import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from sqlalchemy import TextClause, text

from core.simulation.known_events import FinalScore
from core.simulation.recorded_feed import read_results
from core.simulation.recording import answers
from handlers.replay import replay
from handlers.replay_report import ReplayReport
from handlers.replay_request import ReplayRequest
from handlers.scratch import Scratch
from storage.database import Database

HOUR = timedelta(hours=1)
GLITCH_BEGINS, GLITCH_ENDS = datetime(2025, 9, 11, 8, tzinfo=UTC), datetime(2025, 9, 11, 17, tzinfo=UTC)
GAP_BEGINS, GAP_ENDS = datetime(2025, 9, 20, 8, 10, 56, tzinfo=UTC), datetime(2025, 9, 26, 8, 0, 41, tzinfo=UTC)
OUTAGE_AFTER = timedelta(hours=3)
GAMES = 269


class Listing(NamedTuple):
    """The last time that a recording lists an event before its start, and the start as given then."""

    commence_time: datetime
    fetched_at: datetime


class Recorded(NamedTuple):
    """What the file itself says, read without the collector."""

    first_at: datetime
    last_at: datetime
    last_listings: dict[str, Listing]

    @property
    def listed_near_start(self) -> dict[str, Listing]:
        """The last listings of the events that are listed within an hour of their start."""
        return {key: one for key, one in self.last_listings.items() if one.commence_time - one.fetched_at <= HOUR}


def read_recorded(path: Path) -> Recorded:
    listings: dict[str, Listing] = {}
    instants = []
    for answer in answers(path):
        instants.append(answer.fetched_at)
        for event in orjson.loads(answer.body):
            commence_time = datetime.fromisoformat(event["commence_time"])
            if commence_time > answer.fetched_at:
                listings[event["id"]] = Listing(commence_time, answer.fetched_at)
    return Recorded(instants[0], instants[-1], listings)


@pytest.mark.slow
async def test_a_season_is_collected_by_its_own_schedule(
    shared_data: Path, database: Database, database_url: str
) -> None:
    path = shared_data / "recordings" / "nfl-2025-season.jsonl.xz"
    results = read_results(shared_data / "results" / "nfl-2025-scores.json")
    made = await replay(ReplayRequest(path, results), Scratch(database, database_url), lambda _at: None)
    recorded = read_recorded(path)
    check_looks(made, recorded)
    await check_results(database, results)
    await check_closes(database, recorded)
    await check_no_price_from_in_play(database)
    await check_glitch(database)
    await check_gap(database)


def check_looks(made: ReplayReport, recorded: Recorded) -> None:
    fixed = (recorded.last_at - recorded.first_at) / timedelta(minutes=30)
    assert made.totals.looks <= 0.2 * fixed
    assert len(recorded.last_listings) == made.totals.events == GAMES


async def check_results(database: Database, results: dict[str, FinalScore]) -> None:
    found = await rows(database, text("SELECT id, status, home_score, away_score FROM core_betting.events"))
    assert {key: (status, home, away) for key, status, home, away in found} == {
        key: ("final", *score) for key, score in results.items()
    }


async def check_closes(database: Database, recorded: Recorded) -> None:
    """Judge each close by the start as the recording last gave it before the start."""
    near = recorded.listed_near_start
    query = text(
        "SELECT event_id, snapshot_time FROM raw_data.odds_snapshots WHERE commence_time > snapshot_time"
        " ORDER BY snapshot_time"
    )
    last_look = {
        key: at for key, at in await rows(database, query) if key in near and at < near[key].commence_time
    }
    minutes = sorted((near[key].commence_time - last_look[key]) / timedelta(minutes=1) for key in near)
    assert len(minutes) == 200
    assert statistics.median(minutes) <= 6
    assert minutes[-(-95 * len(minutes) // 100) - 1] <= 10
    assert minutes[-1] <= 60


async def check_no_price_from_in_play(database: Database) -> None:
    query = text(
        "SELECT count(*) FROM core_betting.quotes"
        " JOIN raw_data.odds_snapshots AS snapshots ON snapshots.id = quotes.snapshot_id"
        " WHERE snapshots.commence_time <= snapshots.snapshot_time AND price IS NOT NULL"
    )
    assert await rows(database, query) == [(0,)]


async def check_glitch(database: Database) -> None:
    """One morning 23 starts came an hour early, some for days: all were put right, and no game closed by it."""
    changes = await rows(
        database,
        text(
            "SELECT event_id, seen_at,"
            " commence_time - lag(commence_time) OVER (PARTITION BY event_id ORDER BY seen_at)"
            " FROM core_betting.commence_time_changes"
        ),
    )
    on_the_day = [(key, moved) for key, at, moved in changes if GLITCH_BEGINS <= at <= GLITCH_ENDS]
    too_early = [key for key, moved in on_the_day if moved == -HOUR]
    assert (len(too_early), sum(moved == HOUR for _, moved in on_the_day)) == (23, 8)
    query = text("SELECT id, scheduled_commence_time - first_commence_time FROM core_betting.events")
    off = {key: abs(moved) for key, moved in await rows(database, query)}
    assert max(off[key] for key in too_early) <= timedelta(minutes=5)
    query = text("SELECT changed_at FROM core_betting.event_status_changes WHERE status <> 'scheduled'")
    assert not [at for (at,) in await rows(database, query) if GLITCH_BEGINS <= at <= GLITCH_ENDS]


async def check_gap(database: Database) -> None:
    """For six days the feed was down: the ledger says so, results go on, and the first look after it is prompt.

    Runs are told by their end: one that begins in the last seconds of the gap may try until the feed is back.
    """
    runs = await rows(
        database,
        text(
            "SELECT finished_at, outcome, reason FROM operational.job_runs"
            " WHERE job = 'fetch-odds' ORDER BY finished_at"
        ),
    )
    down = Counter(outcome for at, outcome, _ in runs if GAP_BEGINS + OUTAGE_AFTER < at < GAP_ENDS)
    assert down["failed"] > 100
    assert down["stored"] == 0
    assert all("503" in reason for at, outcome, reason in runs if outcome == "failed")
    assert min(at for at, outcome, _ in runs if at > GAP_ENDS and outcome == "stored") <= GAP_ENDS + HOUR / 2
    completed = await rows(database, text("SELECT completed_at FROM core_betting.events"))
    assert sum(GAP_BEGINS < at < GAP_ENDS for (at,) in completed) > 10


async def rows(database: Database, query: TextClause) -> list[tuple[Any, ...]]:
    async with database.transaction() as connection:
        return [tuple(row) for row in await connection.execute(query)]
