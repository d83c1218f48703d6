"""Real seasons in a database: five of the Premier League by import, one of the NFL as it was collected."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from core.clock import VirtualClock
from core.feed.payloads import parse_odds, parse_scores
from core.football_data.reading import read_football_data
from core.scope import Scope
from core.simulation.recorded_feed import read_results
from core.simulation.recording import RecordedAnswer, answers
from core.sports import usual_duration
from handlers.importing import import_football_data
from storage.database import Database
from storage.ingestion import store_odds
from storage.results import store_results
from storage.snapshots import Origin

NFL = "americanfootball_nfl"
SEASONS = ("2021", "2122", "2223", "2324", "2425")
HOUR = timedelta(hours=1)
_US = Scope.of(["h2h", "spreads", "totals"], regions=["us"])
_NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def import_seasons(database: Database, folder: Path) -> None:
    """Import the seasons of the Premier League."""
    for number, season in enumerate(SEASONS):
        path = folder / "results" / f"football-data_E0_{season}.csv"
        file = read_football_data(path.name, path.read_bytes())
        await import_football_data(database, VirtualClock(_NOW + timedelta(minutes=number)), file)


async def collect_nfl(database: Database, folder: Path) -> None:
    """Store of a recorded season what a look an hour before each start and one just before it brought."""
    recorded = answers(folder / "recordings" / "nfl-2025-season.jsonl.xz")
    chosen, last_listings = _last_answers(recorded)
    for answer in chosen:
        async with database.transaction() as connection:
            await store_odds(connection, NFL, parse_odds(answer.body), Origin(answer.fetched_at, _US))
    scores = read_results(folder / "results" / "nfl-2025-scores.json")
    for event_id, listed in last_listings.items():
        over = datetime.fromisoformat(listed["commence_time"]) + usual_duration(NFL)
        row = {
            **listed,
            "completed": True,
            "scores": [
                {"name": listed["home_team"], "score": str(scores[event_id].home_score)},
                {"name": listed["away_team"], "score": str(scores[event_id].away_score)},
            ],
        }
        async with database.transaction() as connection:
            await store_results(connection, NFL, parse_scores(orjson.dumps([row])), over)


def _last_answers(recorded: Any) -> tuple[list[RecordedAnswer], dict[str, dict[str, Any]]]:
    """Return the newest answers an hour and just before each start, in order, and each event as listed last."""
    newest: dict[tuple[str, timedelta], RecordedAnswer] = {}
    listings: dict[str, dict[str, Any]] = {}
    for answer in recorded:
        for event in orjson.loads(answer.body):
            ahead = datetime.fromisoformat(event["commence_time"]) - answer.fetched_at
            for lead in (timedelta(0), HOUR):
                if ahead > lead:
                    newest[event["id"], lead] = answer
            if ahead > timedelta(0):
                listings[event["id"]] = {key: event[key] for key in event if key != "bookmakers"}
    in_order = {answer.fetched_at: answer for answer in newest.values()}
    return [in_order[at] for at in sorted(in_order)], listings
