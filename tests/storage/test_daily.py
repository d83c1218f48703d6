"""The rows of a day: what started, what was planned, what is open, who quoted."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.quality import IssueType
from core.triggers.base import Trigger
from storage.daily import BOOKMAKERS, DayRows, read_day
from storage.database import Database
from storage.runs import RunOutcome, begin_run, finish_run
from tests.storage.plans import scans_of

DAY = datetime(2026, 1, 10, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
TIP_OFF = DAY + timedelta(hours=20)
HOUR = timedelta(hours=1)
SPORT = "basketball_nba"
LINES = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 130}}}
Store = Callable[..., Awaitable[Any]]
Game = Callable[..., dict[str, Any]]


async def of_day(database: Database, now: datetime = DAY + 30 * HOUR) -> DayRows:
    async with database.transaction() as connection:
        return await read_day(connection, DAY, DAY + 24 * HOUR, now)


async def test_an_event_counts_on_the_day_of_its_start(database: Database, store: Store, game: Game) -> None:
    await store(DAY - HOUR, game(LINES))
    await store(NOON, game(LINES), game(id="e2", commence_time=DAY + 25 * HOUR))
    await store(TIP_OFF - HOUR, game(LINES))
    (event,) = (await of_day(database)).events
    assert (event.title, event.commence_time) == ("Celtics at Lakers", TIP_OFF)
    assert (event.snapshots, event.closing_snapshots, event.has_scores) == (2, 1, False)
    assert event.expected_end > TIP_OFF + 2 * HOUR


async def test_an_event_that_was_never_seen_before_its_start_had_no_close_to_miss(
    database: Database, store: Store, game: Game
) -> None:
    await store(TIP_OFF + HOUR, game(LINES))
    assert (await of_day(database)).events == ()


@pytest.mark.parametrize(
    ("outcome", "late", "counts"),
    [
        pytest.param(RunOutcome.STORED, 0, True, id="stored"),
        pytest.param(RunOutcome.FAILED, 0, True, id="failed"),
        pytest.param(RunOutcome.SKIPPED, 0, False, id="skipped on time: nothing was due"),
        pytest.param(RunOutcome.SKIPPED, 90, True, id="skipped because it came too late"),
    ],
)
async def test_a_poll_counts_unless_its_job_found_nothing_due(
    database: Database, outcome: RunOutcome, late: int, counts: bool
) -> None:
    async with database.transaction() as connection:
        began = NOON + timedelta(minutes=late)
        number = await begin_run(
            connection, job="fetch-odds", sport_key=SPORT, scheduled_at=NOON, started_at=began, reason="planned"
        )
        assert number is not None
        await finish_run(
            connection,
            number,
            finished_at=began,
            outcome=outcome,
            reason="why",
            next_run=Trigger("fetch-odds", SPORT, NOON + 4 * HOUR, "3 h sampling"),
        )
    polls = (await of_day(database, now=NOON + 2 * HOUR)).polls
    assert [(poll.planned_for, poll.outcome) for poll in polls] == [(NOON, outcome)] * counts
    overdue = (await of_day(database)).polls[-1]
    assert (overdue.planned_for, overdue.outcome, overdue.reason) == (NOON + 4 * HOUR, None, "nothing ran")


async def test_issues_count_that_were_open_at_the_end_of_the_day(
    database: Database, store: Store, game: Game
) -> None:
    unfit = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 20_000}}}
    await store(NOON, game(unfit))
    (issues,) = [each for each in (await of_day(database)).open_issues if each.severity == "error"]
    assert (issues.issue_type, issues.open_count) == (IssueType.PRICE_OUT_OF_RANGE, 1)
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE operational.data_quality_logs SET closed_at = :at"), {"at": NOON})
    assert (await of_day(database)).open_issues == ()


async def test_bookmakers_are_told_with_their_invalid_quotes(database: Database, store: Store, game: Game) -> None:
    await store(
        NOON, game({"fanduel": {"h2h": {"Lakers": -150, "Celtics": 20_000}}, **{"betmgm": LINES["fanduel"]}})
    )
    await store(NOON + HOUR, game({"betmgm": LINES["fanduel"]}))
    rows = (await of_day(database)).bookmakers
    assert {(each.bookmaker_key, each.quotes, each.invalid) for each in rows} == {
        ("fanduel", 2, 1),
        ("betmgm", 2, 0),
    }


SEASON = (
    "INSERT INTO core_betting.bookmakers VALUES ('betmgm', 'BetMGM', '2025-10-01')",
    "INSERT INTO raw_data.request_scopes (markets, bookmakers, regions) VALUES ('{h2h}', '{betmgm}', '{}')",
    "INSERT INTO core_betting.events (id, sport_key, sport_title, commence_time, commence_time_seen_at,"
    " first_commence_time, scheduled_commence_time, status, status_reason, status_changed_at, first_seen_at,"
    " last_listed_at, absent_looks)"
    " SELECT 'e' || day, 'basketball_nba', 'NBA', at, at, at, at, 'final', '', at, at, at, 0"
    " FROM (SELECT day, timestamptz '2025-10-01' + day * interval '1 day' AS at"
    "  FROM generate_series(1, 200) AS day) AS days",
    "INSERT INTO raw_data.odds_snapshots (snapshot_time, commence_time, hours_until_commence, scope_id,"
    " bookmaker_count, event_id, source, fetch_tier, validation, listing_digest, raw_data)"
    " SELECT commence_time - interval '1 hour', commence_time, 1, scopes.id, 1, events.id, 'live', 'closing',"
    " 'mark', '', '{}' FROM core_betting.events CROSS JOIN raw_data.request_scopes AS scopes",
    "INSERT INTO core_betting.selections (event_id, source, bookmaker_key, market_key, outcome_name)"
    " SELECT id, 'live', 'betmgm', 'h2h', 'Team ' || number"
    " FROM core_betting.events CROSS JOIN generate_series(1, 50) AS number",
    "INSERT INTO core_betting.quotes (snapshot_id, odds_timestamp, selection_id, price)"
    " SELECT snapshots.id, snapshots.snapshot_time, selections.id, 100"
    " FROM core_betting.selections JOIN raw_data.odds_snapshots AS snapshots USING (event_id)",
)


async def test_the_quotes_of_a_day_are_found_without_reading_those_of_a_season(database: Database) -> None:
    async with database.transaction() as connection:
        for insert in SEASON:
            await connection.execute(text(insert))
        await connection.execute(text("ANALYZE"))
        day = {"start": DAY, "end": DAY + 24 * HOUR}
        assert [tuple(row) for row in await connection.execute(BOOKMAKERS, day)] == [("betmgm", 50, 0)]
        ((plans,),) = await connection.execute(text(f"EXPLAIN (FORMAT JSON) {BOOKMAKERS.text}"), day)
    (scan,) = scans_of(plans[0]["Plan"], "quotes")
    assert "selection_id = " in scan["Index Cond"]
