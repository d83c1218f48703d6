import asyncio
from time import monotonic

import pytest
from sqlalchemy import text

from core.errors import SchemaLockedError
from core.models import METADATA, SCHEMAS
from storage import migrations
from storage.catalogue import read_catalogue
from storage.database import Database
from storage.migrations import SQL_FOLDER

VIEWS = {
    "core_betting.odds",
    "analytics.opening_lines",
    "analytics.closing_lines",
    "analytics.line_movement",
    "analytics.best_odds",
}
FUNCTIONS = {"core_betting.odds_at", "core_betting.asked_market"}


async def relations(database: Database, kind: str) -> set[str]:
    async with database.transaction() as connection:
        return {
            f"{schema.name}.{relation.name}"
            for schema in await read_catalogue(connection)
            for relation in schema.relations
            if relation.kind == kind
        }


async def functions(database: Database) -> set[str]:
    async with database.transaction() as connection:
        return {
            f"{schema.name}.{one.name}" for schema in await read_catalogue(connection) for one in schema.functions
        }


VERSIONS = "operational.alembic_version"


async def test_up_down_and_up_again(empty_database: Database) -> None:
    tables = {VERSIONS, *(table.fullname for table in METADATA.sorted_tables)}
    await migrations.upgrade(empty_database.engine)
    assert await relations(empty_database, "table") == tables
    assert await relations(empty_database, "view") == VIEWS
    assert await functions(empty_database) == FUNCTIONS

    await migrations.downgrade(empty_database.engine, "base")
    assert await relations(empty_database, "table") == {VERSIONS}
    assert await relations(empty_database, "view") == set()
    assert await functions(empty_database) == set()

    await migrations.upgrade(empty_database.engine)
    assert await relations(empty_database, "table") == tables


async def test_tables_and_models_agree(database: Database) -> None:
    await migrations.check(database.engine)


async def test_upgrading_again_changes_nothing(database: Database) -> None:
    async with database.transaction() as connection:
        before = await read_catalogue(connection)
    await migrations.upgrade(database.engine)
    async with database.transaction() as connection:
        assert await read_catalogue(connection) == before


async def test_everything_has_a_comment(database: Database) -> None:
    async with database.transaction() as connection:
        schemas = await read_catalogue(connection)
    assert [schema.name for schema in schemas] == list(SCHEMAS)
    silent = [schema.name for schema in schemas if not schema.comment]
    for schema in schemas:
        silent += [f"{schema.name}.{function.name}()" for function in schema.functions if not function.comment]
        for relation in schema.relations:
            name = f"{schema.name}.{relation.name}"
            silent += [name] * (not relation.comment)
            silent += [f"{name}.{column.name}" for column in relation.columns if not column.comment]
    assert silent == []


async def test_every_versioned_file_is_part_of_the_schema(database: Database) -> None:
    made = {name.split(".")[1] for name in VIEWS | FUNCTIONS}
    assert {file.stem.rpartition("_v")[0] for file in SQL_FOLDER.glob("*.sql")} == made | {"roles"}


async def test_a_migration_that_cannot_get_its_locks_gives_up_within_seconds_and_changes_nothing(
    database: Database,
) -> None:
    async with database.transaction() as reader:
        await reader.execute(text("SELECT count(*) FROM core_betting.quotes"))
        begun = monotonic()
        with pytest.raises(SchemaLockedError, match=r"another session .* nothing was changed"):
            await migrations.downgrade(database.engine, "base")
        assert monotonic() - begun < 10
    assert await relations(database, "view") == VIEWS


async def test_the_server_gives_a_migration_up_whose_client_is_gone(empty_database: Database) -> None:
    settings = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    values = ", ".join(f"current_setting('{name}')" for name in settings)
    async with empty_database.transaction() as connection:
        for statement in (
            "CREATE TABLE seen (lock_timeout text, statement_timeout text, idle_timeout text)",
            "CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN INSERT INTO public.seen VALUES ({values}); END $$",
            "CREATE EVENT TRIGGER looking ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION look()",
        ):
            await connection.execute(text(statement))
    await migrations.upgrade(empty_database.engine)
    async with empty_database.transaction() as connection:
        seen = await connection.execute(text("SELECT DISTINCT * FROM seen"))
        assert [tuple(row) for row in seen] == [("5s", "15min", "1min")]


async def test_migrating_from_several_processes_at_once_migrates_once(empty_database: Database) -> None:
    await asyncio.gather(*(migrations.upgrade(empty_database.engine) for _ in range(4)))
    assert await relations(empty_database, "view") == VIEWS


async def test_issues_that_were_left_open_end_with_their_events(empty_database: Database) -> None:
    await migrations.upgrade(empty_database.engine, "0007")
    async with empty_database.transaction() as connection:
        for status in ("final", "cancelled", "live"):
            await connection.execute(
                text(
                    "INSERT INTO core_betting.events SELECT (json_populate_record(NULL::core_betting.events,"
                    " json_build_object('id', CAST(:status AS text), 'sport_key', 'nba', 'sport_title', 'NBA',"
                    " 'status', CAST(:status AS text), 'status_reason', 'so it is', 'absent_looks', 0,"
                    " 'commence_time', day, 'commence_time_seen_at', day, 'first_commence_time', day,"
                    " 'scheduled_commence_time', day, 'status_changed_at', day, 'first_seen_at', day,"
                    " 'last_listed_at', day))).* FROM (SELECT timestamptz '2026-01-10Z' AS day) AS days"
                ),
                {"status": status},
            )
            await connection.execute(
                text(
                    "INSERT INTO operational.data_quality_logs"
                    " (opened_at, severity, issue_type, sport_key, event_id, description)"
                    " VALUES ('2026-01-09Z', 'error', 'price_out_of_range', 'nba', :status, 'a price of 7')"
                ),
                {"status": status},
            )
    await migrations.upgrade(empty_database.engine)
    async with empty_database.transaction() as connection:
        closed = await connection.execute(
            text("SELECT event_id FROM operational.data_quality_logs WHERE closed_at = '2026-01-10Z' ORDER BY 1")
        )
        assert list(closed.scalars()) == ["cancelled", "final"]
