"""S3: each role fails its forbidden list, which is what an intruder with its password would try.

What a role must be able to do, its function does as that role: see the tests of handlers/functions.py.
"""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from core.database_url import parse_database_url
from core.errors import StorageError
from storage.database import Database
from storage.migrations import SQL_FOLDER
from storage.roles import ROLES, grant_roles, may_log_in, role_name, set_password
from storage.schedule import read_balance, read_sport_state
from tests.storage.conftest import NOON

PASSWORD = "only-of-this-test_0123456789"
APPEND_ONLY = (
    "raw_data.odds_snapshots",
    "raw_data.api_responses",
    "raw_data.request_scopes",
    "core_betting.commence_time_changes",
    "core_betting.event_status_changes",
    "operational.credit_ledger",
    "operational.fetch_logs",
    "analytics.backtest_runs",
    "analytics.backtest_bets",
)
OF_AN_OWNER = (
    "DROP TABLE core_betting.quotes",
    "ALTER TABLE core_betting.quotes ADD COLUMN x int",
    "CREATE TABLE core_betting.mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE OR REPLACE VIEW core_betting.odds AS SELECT 1",
    "GRANT linekeeper_collector TO linekeeper_analyst",
    "CREATE ROLE linekeeper_intruder",
    "ALTER ROLE linekeeper_analyst SUPERUSER",
    "SET ROLE linekeeper_collector; SET ROLE linekeeper_scores; SET ROLE linekeeper_monitor",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "UPDATE operational.alembic_version SET version_num = '0001'",
)
OF_OTHERS = {
    "collector": (
        "INSERT INTO analytics.backtest_bets (run_id) VALUES (1)",
        "SELECT * FROM analytics.backtest_runs",
        "UPDATE core_betting.quotes SET price = 100",
        "UPDATE core_betting.selections SET outcome_name = 'x'",
        "DELETE FROM core_betting.events",
        "DELETE FROM operational.job_runs",
    ),
    "scores": (
        "INSERT INTO raw_data.odds_snapshots DEFAULT VALUES",
        "INSERT INTO core_betting.quotes DEFAULT VALUES",
        "SELECT * FROM core_betting.quotes",
        "DELETE FROM core_betting.events",
    ),
    "status": (
        "INSERT INTO core_betting.quotes DEFAULT VALUES",
        "SELECT * FROM core_betting.quotes",
        "DELETE FROM core_betting.events",
    ),
    "monitor": (
        "INSERT INTO operational.job_runs DEFAULT VALUES",
        "UPDATE operational.job_runs SET report = NULL",
        "UPDATE operational.job_leases SET generation = 0",
        "SELECT * FROM core_betting.quotes",
        "SELECT * FROM raw_data.odds_snapshots",
    ),
    "backtest": (
        "INSERT INTO core_betting.quotes DEFAULT VALUES",
        "INSERT INTO operational.job_runs DEFAULT VALUES",
        "UPDATE core_betting.events SET home_score = 1",
    ),
    "analyst": (
        "INSERT INTO analytics.backtest_runs DEFAULT VALUES",
        "UPDATE core_betting.events SET home_score = 1",
    ),
}
CHANGED = {
    "raw_data.odds_snapshots": "raw_data",
    "raw_data.api_responses": "status",
    "raw_data.request_scopes": "markets",
    "core_betting.event_status_changes": "home_score",
    "operational.credit_ledger": "remaining",
    "analytics.backtest_runs": "profit",
    "analytics.backtest_bets": "profit",
}
OF_EVERY_ROLE = (
    *OF_AN_OWNER,
    *(f"UPDATE {table} SET {column} = {column}" for table, column in CHANGED.items()),
    *(f"{verb} {table}" for table in APPEND_ONLY for verb in ("DELETE FROM", "TRUNCATE")),
)

Connect = Callable[[str], Awaitable[Database]]


@pytest.fixture
async def connect(database: Database, database_url: str) -> AsyncIterator[Connect]:
    """Return what connects to the fresh database as a role."""
    opened: dict[str, Database] = {}

    async def open_as(role: str) -> Database:
        if role not in opened:
            async with database.transaction() as connection:
                await set_password(connection, role, PASSWORD)
            url = dataclasses.replace(parse_database_url(database_url), user=role_name(role), password=PASSWORD)
            opened[role] = Database(url, pooled=True)
        return opened[role]

    yield open_as
    for one in opened.values():
        await one.close()


async def let(database: Database, statements: Iterable[str]) -> list[str]:
    """Return those of some statements that a login may run, in a transaction that it asked to be a writing one."""
    found = []
    for statement in statements:
        try:
            async with database.transaction() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute("SET TRANSACTION READ WRITE")
                await driver.execute(statement)
            found.append(statement)
        except asyncpg.InsufficientPrivilegeError:
            continue
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_d6_s3_a_role_fails_its_whole_forbidden_list_though_it_may_ask_for_a_writing_transaction(
    connect: Connect, role: str
) -> None:
    assert await let(await connect(role), (*OF_EVERY_ROLE, *OF_OTHERS[role])) == []


@pytest.mark.parametrize("table", ["raw_data.odds_snapshots", "raw_data.api_responses"])
async def test_d6_is_seen_to_break_where_raw_data_may_be_changed(
    connect: Connect, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, table: str
) -> None:
    script = (SQL_FOLDER / "roles_v1.sql").read_text()
    appended, changed = f"'SELECT, INSERT', '{table}'", f"'SELECT, INSERT, UPDATE, DELETE', '{table}'"
    assert appended in script
    (tmp_path / "roles_v1.sql").write_text(script.replace(appended, changed))
    monkeypatch.setattr("storage.roles.SQL_FOLDER", tmp_path)
    async with database.transaction() as connection:
        await grant_roles(connection)
    column = CHANGED[table]
    assert await let(await connect("collector"), OF_EVERY_ROLE) == [
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
    ]


async def test_an_analyst_reads_unless_told_otherwise(connect: Connect) -> None:
    database = await connect("analyst")
    async with database.transaction() as connection:
        assert (await connection.execute(text("SHOW transaction_read_only"))).scalar_one() == "on"


@pytest.mark.parametrize("role", ["backtest", "analyst"])
async def test_who_reads_can_read_all_that_was_collected(connect: Connect, role: str) -> None:
    database = await connect(role)
    async with database.transaction() as connection:
        for relation in (
            "core_betting.odds",
            "analytics.closing_lines",
            "analytics.best_odds",
            "operational.job_runs",
        ):
            await connection.execute(text(f"SELECT * FROM {relation} LIMIT 1"))
        await connection.execute(text("SELECT * FROM core_betting.odds_at('e1', now())"))


@pytest.mark.parametrize("role", ["collector", "scores", "status", "monitor"])
async def test_whoever_arms_schedules_may_read_all_that_a_plan_is_made_of(connect: Connect, role: str) -> None:
    database = await connect(role)
    async with database.transaction() as connection:
        assert (await read_sport_state(connection, "basketball_nba")).open_events == ()
        assert await read_balance(connection) is None


async def test_a_snapshot_that_comes_late_is_stored_by_the_collector(
    connect: Connect, database: Database, game: Any, store_in: Any
) -> None:
    collector = await connect("collector")
    for at, price in ((NOON, -110), (NOON - timedelta(hours=1), -120), (NOON - timedelta(hours=2), -120)):
        listed = game({"fanduel": {"h2h": {"Lakers": price, "Celtics": 100}}}, last_update=at)
        async with collector.transaction() as connection:
            await store_in(connection, at, listed)
    async with database.transaction() as connection:
        prices = await connection.execute(
            text("SELECT price FROM core_betting.odds WHERE outcome_name = 'Lakers' ORDER BY odds_timestamp")
        )
    assert prices.scalars().all() == [-120, -110]


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_waits_only_so_long_for_anything(connect: Connect, role: str) -> None:
    database = await connect(role)
    async with database.transaction() as connection:
        for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert (await connection.execute(text(f"SHOW {setting}"))).scalar_one() != "0"


async def test_granting_again_changes_nothing(database: Database) -> None:
    read = text("SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY oid")
    async with database.transaction() as connection:
        before = [tuple(row) for row in await connection.execute(read)]
        await grant_roles(connection)
        assert [tuple(row) for row in await connection.execute(read)] == before


@pytest.mark.parametrize("password", ["", "it's", "semi;colon", "back\\slash", "ünïcode"])
async def test_a_password_that_would_need_quoting_is_none(database: Database, password: str) -> None:
    async with database.transaction() as connection:
        with pytest.raises(ValueError, match="letters, digits"):
            await set_password(connection, "analyst", password)


async def test_a_role_that_is_not_there_is_named_with_what_makes_it(database: Database) -> None:
    async with database.transaction() as connection:
        with pytest.raises(StorageError, match=r"no role linekeeper_stranger.*CREATE ROLE linekeeper_stranger"):
            await may_log_in(connection, "stranger")
