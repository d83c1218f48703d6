"""The database describes itself, every table and column with its meaning."""

from core.models import METADATA, SCHEMAS
from storage.catalogue import read_catalogue, read_database_names
from storage.database import Database


async def test_every_relation_and_column_and_function_says_what_it_means(database: Database) -> None:
    async with database.transaction() as connection:
        schemas = await read_catalogue(connection)
    assert [schema.name for schema in schemas] == list(SCHEMAS)
    silent = [
        f"{schema.name}.{relation.name}.{column.name}"
        for schema in schemas
        for relation in schema.relations
        for column in relation.columns
        if not (column.comment and relation.comment and schema.comment)
    ]
    silent += [f"{schema.name}.{each.name}" for schema in schemas for each in schema.functions if not each.comment]
    assert silent == []


async def test_every_table_and_view_is_listed(database: Database) -> None:
    async with database.transaction() as connection:
        schemas = await read_catalogue(connection)
    listed = {(f"{schema.name}.{each.name}", each.kind) for schema in schemas for each in schema.relations}
    assert {(table.fullname, "table") for table in METADATA.sorted_tables} <= listed
    assert ("analytics.closing_lines", "view") in listed
    assert "odds_at" in {each.name for schema in schemas for each in schema.functions}


async def test_a_database_without_our_schema_has_nothing_to_tell(empty_database: Database) -> None:
    async with empty_database.transaction() as connection:
        assert await read_catalogue(connection) == []


async def test_the_databases_of_a_server_are_named(database: Database) -> None:
    async with database.transaction() as connection:
        names = await read_database_names(connection)
    assert database.url.database in names
    assert not {"postgres", "template0", "template1"} & set(names)
