"""What a plan reads is found by an index: it costs no more when the ledger is a year long."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from core.triggers.base import BY_HAND
from storage.database import Database
from storage.pending import OVERDUE
from storage.statements import fetch, statement
from tests.storage.plans import read_whole

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
LEDGER = (
    "INSERT INTO operational.job_runs"
    " (job, sport_key, scheduled_at, started_at, outcome, reason, attempt, next_run_at)"
    " SELECT 'fetch-odds', 'basketball_nba', at, at, 'stored', 'far: every 12 h', 1, at + interval '1 hour'"
    " FROM generate_series(timestamptz '2026-01-01', timestamptz '2026-01-04', interval '1 minute') AS at",
    "INSERT INTO operational.fetch_logs (job_run_id, fetched_at, sport_key, source, event_count, in_play_count,"
    " snapshot_count, quotes_seen, quotes_stored, malformed_count, issues_opened, issues_closed)"
    " SELECT id, started_at, sport_key, 'live', 1, 0, 1, 2, 2, 0, 0, 0 FROM operational.job_runs",
    "INSERT INTO raw_data.api_responses (job_run_id, received_at, duration_ms, status, byte_count, endpoint,"
    " parameters, headers, sha256)"
    " SELECT id, started_at, 1, 200, 1, '/v4/sports/basketball_nba/odds', '{}', '{}', ''"
    " FROM operational.job_runs",
    "INSERT INTO operational.credit_ledger (job_run_id, recorded_at, endpoint, expected, charged, remaining, used)"
    " SELECT id, started_at, '/v4/sports/basketball_nba/odds', 1, 1, 100, 400 FROM operational.job_runs",
)


@pytest.fixture
async def ledger(database: Database) -> Database:
    """Return a database in which a job has run, looked and paid thousands of times."""
    async with database.transaction() as connection:
        for insert in LEDGER:
            await connection.execute(text(insert))
        await connection.execute(text("ANALYZE"))
    return database


@pytest.mark.parametrize("sport_key", ["basketball_nba", "icehockey_nhl"], ids=["collected", "never looked at"])
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_sports_state_is_found_without_reading_the_ledger(
    ledger: Database, sport_key: str, mode: str
) -> None:
    parameters = {
        "sport_key": sport_key,
        "scores_endpoint": f"/v4/sports/{sport_key}/scores",
        "by_hand": BY_HAND,
        "jobs": ["fetch-odds", "update-status"],
    }
    async with ledger.transaction() as connection:
        await connection.execute(text(f"SET LOCAL plan_cache_mode = {mode}"))
        sql = f"EXPLAIN (FORMAT JSON) {statement('read_sport_state')}"
        ((plans,),) = await fetch(connection, sql, parameters)
    assert read_whole(plans[0]["Plan"]) <= {"events"}


async def test_an_overdue_run_is_found_without_reading_the_ledger(ledger: Database) -> None:
    async with ledger.transaction() as connection:
        ((plans,),) = await fetch(connection, f"EXPLAIN (FORMAT JSON) {OVERDUE}", {"now": NOW})
    assert read_whole(plans[0]["Plan"]) == set()
