"""Managed Postgres makes nobody a superuser: an owner who may make roles, or not even that, migrates as well."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database_url import DatabaseUrl, parse_database_url
from core.errors import StorageError
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.roles import ROLES, grant_roles, may_log_in, role_name, set_password

PASSWORD = "owners-password"
Owned = Callable[[str], Awaitable[Database]]


@pytest.fixture
def server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    """Yield a server of the test's own, where no role of ours is yet."""
    server = EmbeddedPostgres(open_folder, durable=False)
    with server.ensure_running():
        yield server


@pytest.fixture
async def owned(server: EmbeddedPostgres) -> AsyncIterator[Owned]:
    """Return what makes a database with an owner who has one right besides, and connects as the owner."""
    opened: list[Database] = []

    async def make(right: str) -> Database:
        administrator = Database(parse_database_url(server.url("postgres")), pooled=False)
        opened.append(administrator)
        name = f"owner_{len(opened)}"
        engine = administrator.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE ROLE {name} LOGIN NOSUPERUSER {right} PASSWORD '{PASSWORD}'"))
            await connection.execute(text(f"CREATE DATABASE {name} OWNER {name}"))
        database = Database(of_owner(server, name), pooled=False)
        opened.append(database)
        return database

    yield make
    for one in opened:
        await one.close()


def of_owner(server: EmbeddedPostgres, name: str) -> DatabaseUrl:
    return dataclasses.replace(parse_database_url(server.url(name)), user=name, password=PASSWORD)


async def login(database: Database, role: str) -> str:
    """Let a role in, connect as it, and return whom the server sees."""
    async with database.transaction() as connection:
        await set_password(connection, role, "of-the-role")
    url = dataclasses.replace(database.url, user=role_name(role), password="of-the-role")
    as_role = Database(url, pooled=False)
    async with as_role.transaction() as connection:
        await connection.execute(text("SELECT count(*) FROM core_betting.events"))
        return str((await connection.execute(text("SELECT current_user"))).scalar_one())


async def test_an_owner_who_may_make_roles_makes_them_and_lets_them_in(owned: Owned) -> None:
    database = await owned("CREATEROLE")
    await migrations.upgrade(database.engine)
    for role in ROLES:
        async with database.transaction() as connection:
            assert not await may_log_in(connection, role)
        assert await login(database, role) == role_name(role)
    await migrations.downgrade(database.engine, "base")


async def test_an_owner_who_may_make_no_roles_has_the_schema_and_is_told_what_lets_roles_in(owned: Owned) -> None:
    database = await owned("NOCREATEROLE")
    await migrations.upgrade(database.engine)
    async with database.transaction() as connection:
        await grant_roles(connection)
        with pytest.raises(
            StorageError, match="administrator of the server can, with CREATE ROLE linekeeper_collector"
        ):
            await may_log_in(connection, "collector")


async def test_roles_that_another_owner_has_made_get_their_rights_here_and_no_new_password(owned: Owned) -> None:
    first, second = await owned("CREATEROLE"), await owned("CREATEROLE")
    await migrations.upgrade(first.engine)
    await migrations.upgrade(second.engine)
    assert await login(first, "collector") == "linekeeper_collector"
    async with second.transaction() as connection:
        granted = text("SELECT has_table_privilege('linekeeper_collector', 'core_betting.quotes', 'INSERT')")
        assert (await connection.execute(granted)).scalar_one()
    with pytest.raises(StorageError, match="ADMIN OPTION on a role that somebody else has made"):
        async with second.transaction() as connection:
            await set_password(connection, "collector", "taken-over")
    assert await login(first, "collector") == "linekeeper_collector"


async def test_a_downgrade_takes_every_right_away_and_leaves_the_roles(owned: Owned) -> None:
    database = await owned("CREATEROLE")
    await migrations.upgrade(database.engine)
    await migrations.downgrade(database.engine, "0003")
    ours = "|".join(map(role_name, ROLES))
    rights = text(
        "SELECT count(*) FROM pg_class WHERE relacl::text ~ :ours"
        " UNION ALL SELECT count(*) FROM pg_namespace WHERE nspacl::text ~ :ours"
        " UNION ALL SELECT count(*) FROM pg_attribute WHERE attacl::text ~ :ours"
        " UNION ALL SELECT count(*) FROM pg_roles WHERE rolname ~ :ours"
    )
    async with database.transaction() as connection:
        assert (await connection.execute(rights, {"ours": ours})).scalars().all() == [0, 0, 0, len(ROLES)]


async def test_databases_of_one_server_that_grant_at_once_share_the_roles(server: EmbeddedPostgres) -> None:
    names = [f"at_once_{number}" for number in range(4)]
    databases = [Database(parse_database_url(server.url(name)), pooled=False) for name in names]

    async def grant(database: Database) -> None:
        async with database.transaction() as connection:
            await grant_roles(connection)

    try:
        for name, database in zip(names, databases, strict=True):
            await server.create_database(name)
            await migrations.upgrade(database.engine, "0003")
        await asyncio.gather(*map(grant, databases))
        for database in databases:
            async with database.transaction() as connection:
                assert not await may_log_in(connection, "monitor")
                granted = text("SELECT has_table_privilege('linekeeper_monitor', 'core_betting.events', 'SELECT')")
                assert (await connection.execute(granted)).scalar_one()
    finally:
        for database in databases:
            await database.close()
