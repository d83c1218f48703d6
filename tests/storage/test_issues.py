from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.quality import Issue, IssueType, Severity
from storage.database import Database
from storage.issues import store_issues

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
SPORT = "basketball_nba"
ISSUE = Issue(
    IssueType.MALFORMED,
    Severity.ERROR,
    event_id="e1",
    bookmaker_key="fanduel",
    market_key="player_points",
    outcome_name="Over",
    outcome_description="Anthony Davis",
    description="the price is a text",
    raw_fragment='{"price": "x", "emoji": "😀"}',
    path="$[*].bookmakers[*]",
)
OPEN = "SELECT opened_at, closed_at FROM operational.data_quality_logs ORDER BY id"


async def test_an_issue_is_logged_in_full(database: Database, query: Query) -> None:
    async with database.transaction() as connection:
        await store_issues(connection, sport_key=SPORT, at=NOON, opened=[ISSUE])
    assert await query(
        "SELECT opened_at, closed_at, sport_key, issue_type, severity, event_id, bookmaker_key, market_key,"
        " outcome_name, outcome_description, description, raw_fragment, path FROM operational.data_quality_logs"
    ) == [(NOON, None, SPORT, *ISSUE)]


async def test_an_issue_that_is_gone_is_closed_and_others_stay_open(database: Database, query: Query) -> None:
    other = ISSUE._replace(event_id="e2")
    async with database.transaction() as connection:
        await store_issues(connection, sport_key=SPORT, at=NOON, opened=[ISSUE, other])
    ((number,),) = await query("SELECT id FROM operational.data_quality_logs WHERE event_id = 'e1'")
    async with database.transaction() as connection:
        await store_issues(
            connection, sport_key=SPORT, at=LATER, opened=[], closed=[ISSUE.key], open_issues={ISSUE.key: number}
        )
    assert await query(OPEN) == [(NOON, LATER), (NOON, None)]


async def test_an_issue_of_one_instant_opens_and_closes_in_it(database: Database, query: Query) -> None:
    async with database.transaction() as connection:
        await store_issues(connection, sport_key=SPORT, at=NOON, opened=[ISSUE], at_once=True)
    assert await query(OPEN) == [(NOON, NOON)]


async def test_nothing_to_log_is_nothing_done(database: Database, query: Query) -> None:
    async with database.transaction() as connection:
        await store_issues(connection, sport_key=SPORT, at=NOON, opened=[])
    assert await query(OPEN) == []
