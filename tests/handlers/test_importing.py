"""An import is what was known at its time, apart from what was collected, and the same whenever it is repeated."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import VirtualClock
from core.football_data.reading import read_football_data
from core.football_data.values import FootballDataError
from handlers.importing import ImportReport, import_football_data
from storage.closing import read_closes
from storage.daily import read_day
from storage.database import Database
from storage.readers import OddsReader
from storage.rebuild_check import rebuild_and_compare, stored_events
from storage.schedule import read_sport_state
from storage.summary import read_totals

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
START = datetime(2024, 8, 17, 11, 30, tzinfo=UTC)
EVENT = "football-data-E0-2024-08-17-Ipswich-v-Liverpool"
HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,PSH,PSD,PSA,PSCH,PSCD,PSCA,AHh,PAHH,PAHA,AHCh,PCAHH,PCAHA"
ROW = "E0,17/08/2024,12:30,Ipswich,Liverpool,0,2,8.18,5.84,1.34,8.14,6.09,1.34,1.5,1.99,1.92,1.25,2.04,1.9"
LATER = "E0,24/08/2024,15:00,Fulham,Leicester,2,1,1.68,4.0,5.3,1.7,3.9,5.1,,,,-0.75,1.9,2.0"

TABLES = (
    "raw_data.odds_snapshots",
    "core_betting.events",
    "core_betting.quotes",
    "core_betting.event_status_changes",
    "core_betting.commence_time_changes",
    "operational.fetch_logs",
)


@pytest.fixture
def bring(database: Database) -> Callable[..., Any]:
    async def imported(*rows: str, minutes: int = 0) -> ImportReport:
        file = read_football_data("E0.csv", "\n".join([HEADER, *rows]).encode())
        return await import_football_data(database, VirtualClock(NOW + timedelta(minutes=minutes)), file)

    return imported


@pytest.fixture
def query(database: Database) -> Callable[..., Any]:
    async def run(sql: str) -> list[tuple[Any, ...]]:
        async with database.transaction() as connection:
            return [tuple(row) for row in await connection.execute(text(sql))]

    return run


async def prices(database: Database, at: datetime, *sources: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    async with database.transaction() as connection:
        rows = await OddsReader(connection).get_odds_at_time(EVENT, at, sources=sources)
    return {(row.market_key, row.outcome_name): (row.price, row.point) for row in rows}


async def test_what_is_imported_is_known_from_its_instant_on_and_no_sooner(
    database: Database, bring: Callable[..., Any]
) -> None:
    await bring(ROW)
    friday = datetime(2024, 8, 16, 16, tzinfo=UTC)
    assert await prices(database, friday - timedelta(seconds=1), "import") == {}
    before = await prices(database, START - timedelta(hours=1), "import")
    assert before["h2h", "Draw"] == (484, None)
    assert before["spreads", "Liverpool"] == (-109, -1.5)
    close = await prices(database, START, "import")
    assert close["h2h", "Draw"] == (509, None)
    assert close["spreads", "Ipswich"] == (104, 1.25)


async def test_nobody_who_does_not_ask_for_imports_sees_them(
    database: Database, bring: Callable[..., Any], query: Callable[..., Any]
) -> None:
    await bring(ROW)
    assert await prices(database, NOW, "live", "historical") == {}
    assert await query("SELECT count(*) FROM analytics.closing_lines") == [(0,)]
    async with database.transaction() as connection:
        assert await read_closes(connection, START - timedelta(days=1)) == []
        day = await read_day(connection, START.replace(hour=0), START.replace(hour=23), NOW)
        assert day.events == ()
        assert (await read_sport_state(connection, "soccer_epl")).open_events == ()
        assert (await read_totals(connection)).looks == 0


async def test_matches_are_final_with_their_result(bring: Callable[..., Any], query: Callable[..., Any]) -> None:
    made = await bring(ROW, LATER)
    assert (made.matches, made.snapshots, made.results, made.assumed_starts) == (2, 4, 2, 0)
    assert await query(
        "SELECT home_team, home_score, away_score, status, completed_at - commence_time"
        " FROM core_betting.events ORDER BY commence_time"
    ) == [("Ipswich", 0, 2, "final", timedelta(hours=2)), ("Fulham", 2, 1, "final", timedelta(hours=2))]


async def test_every_row_has_its_snapshot_and_its_run_and_no_issue_is_opened(
    bring: Callable[..., Any], query: Callable[..., Any]
) -> None:
    await bring(ROW)
    assert await query(
        "SELECT job, sport_key, outcome, reason, report ->> 'matches' FROM operational.job_runs"
    ) == [("import", "soccer_epl", "stored", "asked for by the user: E0.csv", "1")]
    assert await query(
        "SELECT source, fetch_tier, raw_data -> 'imported_from' ->> 'line', job_run_id IS NOT NULL"
        " FROM raw_data.odds_snapshots ORDER BY snapshot_time"
    ) == [("import", "sharp", "2", True), ("import", "closing", "2", True)]
    assert await query("SELECT count(*) FROM operational.data_quality_logs") == [(0,)]


async def test_the_same_file_again_changes_nothing_but_the_ledger(
    bring: Callable[..., Any], query: Callable[..., Any]
) -> None:
    await bring(ROW)
    stored = [await query(f"SELECT CAST(r AS text) FROM {table} AS r ORDER BY 1") for table in TABLES]
    again = await bring(ROW, minutes=1)
    assert (again.snapshots, again.quotes, again.results) == (0, 0, 0)
    assert [await query(f"SELECT CAST(r AS text) FROM {table} AS r ORDER BY 1") for table in TABLES] == stored


async def test_a_longer_file_of_the_same_season_adds_its_new_matches(bring: Callable[..., Any]) -> None:
    await bring(ROW)
    longer = await bring(ROW, LATER, minutes=1)
    assert (longer.snapshots, longer.results) == (2, 1)


async def test_other_prices_for_what_was_imported_are_refused_whole(
    bring: Callable[..., Any], query: Callable[..., Any]
) -> None:
    await bring(ROW)
    with pytest.raises(FootballDataError, match=r"E0\.csv, line 3: other prices than those imported before"):
        await bring(LATER, ROW.replace("6.09", "6.1"), minutes=1)
    assert await query("SELECT count(*) FROM core_betting.events") == [(1,)]
    assert await query("SELECT count(*) FROM operational.job_runs") == [(1,)]


async def test_a_result_that_was_put_right_is_a_correction(
    bring: Callable[..., Any], query: Callable[..., Any]
) -> None:
    await bring(ROW)
    assert (await bring(ROW.replace(",0,2,", ",0,3,"), minutes=1)).results == 1
    assert await query("SELECT home_score, away_score FROM core_betting.events") == [(0, 3)]
    assert "corrected from 0-2 to 0-3" in (await query("SELECT status_reason FROM core_betting.events"))[0][0]


async def test_a_rebuild_gives_the_same_rows(database: Database, bring: Callable[..., Any]) -> None:
    await bring(ROW, LATER)
    async with database.transaction() as connection:
        rebuilt = [await rebuild_and_compare(connection, one) for one in await stored_events(connection, None)]
    assert [(one.source, one.differing) for one in rebuilt] == [("import", 0), ("import", 0)]
    assert all(one.quotes for one in rebuilt)
