"""Migrations add, so that code can be rolled back: the next schema gives no less, and demands no more."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations as revisions
from storage import migrations
from storage.database import Database

RELATIONS = """
    SELECT relation.oid, relation.oid::regclass::text AS name, relation.relacl FROM pg_class AS relation
    JOIN pg_namespace AS schema ON schema.oid = relnamespace
    WHERE nspname IN ('raw_data', 'core_betting', 'analytics', 'operational') AND relkind IN ('r', 'v', 'm')
"""
GIVEN = f"""
    WITH relation AS ({RELATIONS})
    SELECT name || '.' || attname || ' ' || format_type(atttypid, atttypmod) FROM relation
    JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
    UNION SELECT f.oid::regprocedure::text || ' ' || pg_get_function_result(f.oid) FROM pg_proc AS f
    JOIN pg_namespace AS s ON s.oid = pronamespace
    WHERE nspname IN ('raw_data', 'core_betting', 'analytics', 'operational')
    UNION SELECT grantee::regrole::text || ': ' || privilege_type || ' ' || name
    FROM relation, aclexplode(relacl)
    UNION SELECT grantee::regrole::text || ': ' || privilege_type || ' ' || name || '.' || attname
    FROM relation JOIN pg_attribute ON attrelid = relation.oid, aclexplode(attacl)
"""
DEMANDED = f"""
    WITH relation AS ({RELATIONS})
    SELECT name, attname || ' has a value' FROM relation JOIN pg_attribute ON attrelid = relation.oid
    WHERE attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attidentity = ''
    UNION SELECT name, pg_get_constraintdef(demand.oid) FROM relation
    JOIN pg_constraint AS demand ON conrelid = relation.oid AND contype <> 'n'
    UNION SELECT name, pg_get_indexdef(indexrelid) FROM relation JOIN pg_index ON indrelid = relation.oid
    WHERE indisunique
    UNION SELECT name, pg_get_triggerdef(demand.oid) FROM relation
    JOIN pg_trigger AS demand ON tgrelid = relation.oid AND NOT tgisinternal
"""


class Surface(NamedTuple):
    """What a schema gives to code, and what it demands of the rows that code writes, by table."""

    given: set[str]
    demanded: set[tuple[str, str]]

    def broken_by(self, later: "Surface") -> list[str]:
        """Tell what code that was written for this schema misses in a later one, or is refused by it."""
        tables = {table for table, _ in self.demanded}
        demands = (f"{table}: {what}" for table, what in later.demanded - self.demanded if table in tables)
        return sorted([*(self.given - later.given), *demands])


async def surface(connection: AsyncConnection) -> Surface:
    given = await connection.execute(text(GIVEN))
    demanded = await connection.execute(text(DEMANDED))
    return Surface(set(given.scalars()), {(table, what) for table, what in demanded})


async def test_code_of_a_revision_finds_all_that_it_needs_in_every_later_one(empty_database: Database) -> None:
    scripts = ScriptDirectory(str(Path(revisions.__file__).parent))
    surfaces: list[Surface] = []
    for revision in sorted(script.revision for script in scripts.walk_revisions()):
        await migrations.upgrade(empty_database.engine, revision)
        async with empty_database.transaction() as connection:
            surfaces.append(await surface(connection))
    assert len(surfaces[0].given) > 100
    assert [broken for before, after in pairwise(surfaces) for broken in before.broken_by(after)] == []


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        pytest.param("DROP VIEW analytics.best_odds", "analytics.best_odds.price integer", id="a view that goes"),
        pytest.param(
            "ALTER TABLE core_betting.events RENAME home_score TO score",
            "core_betting.events.home_score integer",
            id="a column that is renamed",
        ),
        pytest.param(
            "ALTER TABLE core_betting.events ALTER home_score TYPE bigint",
            "core_betting.events.home_score integer",
            id="a column of another type",
        ),
        pytest.param(
            "ALTER TABLE core_betting.events ADD venue text NOT NULL",
            "core_betting.events: venue has a value",
            id="a column that must have a value",
        ),
        pytest.param(
            "ALTER TABLE core_betting.events ADD CHECK (home_score < 200)",
            "core_betting.events: CHECK ((home_score < 200))",
            id="a stricter rule",
        ),
        pytest.param(
            "REVOKE INSERT ON core_betting.events FROM linekeeper_scores",
            "linekeeper_scores: INSERT core_betting.events",
            id="a right that is taken away",
        ),
    ],
)
async def test_a_change_that_breaks_older_code_is_seen(database: Database, change: str, broken: str) -> None:
    async with database.transaction() as connection:
        before = await surface(connection)
        await connection.execute(text(change))
        assert broken in before.broken_by(await surface(connection))


async def test_what_is_only_added_breaks_no_older_code(database: Database) -> None:
    async with database.transaction() as connection:
        before = await surface(connection)
        await connection.execute(text("ALTER TABLE core_betting.events ADD venue text"))
        await connection.execute(
            text("CREATE TABLE analytics.added (id int PRIMARY KEY, name text NOT NULL UNIQUE)")
        )
        assert before.broken_by(await surface(connection)) == []
