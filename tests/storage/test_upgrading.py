"""A schema is brought up to date, or it is said why not."""

import pytest
from sqlalchemy import text

from core.errors import SchemaLockedError, StorageError
from storage.database import Database
from storage.migrations import LOCK_TIMEOUT_SECONDS
from storage.schema_version import read_schema_version
from storage.upgrading import bring_up_to_date, known_version


async def head(database: Database) -> str:
    async with database.transaction() as connection:
        return (await read_schema_version(connection)).head


async def set_revision(database: Database, revision: str) -> None:
    async with database.transaction() as connection:
        statement = text("UPDATE operational.alembic_version SET version_num = :revision")
        await connection.execute(statement, {"revision": revision})


async def test_a_database_without_schema_is_brought_to_the_newest_one(empty_database: Database) -> None:
    newest = await head(empty_database)
    assert await bring_up_to_date(empty_database) == (None, newest, newest)
    assert await bring_up_to_date(empty_database) == (newest, newest, newest)


async def test_a_schema_newer_than_the_code_is_left_alone_and_worked_with(database: Database) -> None:
    known = await head(database)
    await set_revision(database, "9999")
    upgrade = await bring_up_to_date(database)
    assert upgrade.is_newer
    assert upgrade == ("9999", "9999", known)
    assert (await known_version(database)).is_newer


@pytest.mark.parametrize("revision", ["0000", "ae1027a6"])
async def test_a_schema_at_no_revision_of_ours_is_refused(database: Database, revision: str) -> None:
    await set_revision(database, revision)
    with pytest.raises(StorageError, match=rf"is at '{revision}', no revision of linekeeper \(this one: 0"):
        await bring_up_to_date(database)


async def test_a_migration_beside_another_one_is_refused_and_changes_nothing(empty_database: Database) -> None:
    turn = text("SELECT pg_advisory_xact_lock(hashtextextended('linekeeper migration', 0))")
    async with empty_database.transaction() as other:
        await other.execute(turn)
        with pytest.raises(SchemaLockedError, match=rf"another migration .* more than {LOCK_TIMEOUT_SECONDS} s"):
            await bring_up_to_date(empty_database)
    assert (await bring_up_to_date(empty_database)).before is None
