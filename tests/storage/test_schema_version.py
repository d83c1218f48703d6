"""The schema's version tells whether code and database fit."""

from sqlalchemy import text

from storage import migrations
from storage.database import Database
from storage.schema_version import drop_schemas, read_schema_version


async def test_a_migrated_database_is_current(database: Database) -> None:
    async with database.transaction() as connection:
        version = await read_schema_version(connection)
    assert version.is_current
    assert version.is_known
    assert not version.is_newer


async def test_a_database_without_schema_has_no_version(empty_database: Database) -> None:
    async with empty_database.transaction() as connection:
        version = await read_schema_version(connection)
    assert version.current is None
    assert version.is_known
    assert not version.is_current


async def test_a_version_of_the_future_is_not_known(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE operational.alembic_version SET version_num = '9999'"))
        version = await read_schema_version(connection)
    assert (version.current, version.is_known, version.is_newer) == ("9999", False, True)


async def test_dropped_schemas_can_be_made_anew(database: Database) -> None:
    async with database.transaction() as connection:
        await drop_schemas(connection)
    async with database.transaction() as connection:
        assert (await read_schema_version(connection)).current is None
    await migrations.upgrade(database.engine)
    async with database.transaction() as connection:
        assert (await read_schema_version(connection)).is_current
