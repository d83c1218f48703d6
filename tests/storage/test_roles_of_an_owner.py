"""Managed Postgres makes nobody a superuser: an owner who may make roles, or not even that, migrates as well."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from core.database_url import DatabaseUrl, parse_database_url
from core.errors import StorageError
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.roles import DEFAULTS, ROLES, grant_roles, may_log_in, role_name, set_defaults, set_password

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


OF_AN_ADMINISTRATOR = (
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "CREATE ROLE intruder SUPERUSER",
    "CREATE ROLE intruder CREATEDB",
    "GRANT pg_read_server_files TO CURRENT_USER",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SET log_statement = 'none'",
    "ALTER DATABASE postgres SET log_statement = 'none'",
)


async def run(administrator: Database, statements: Iterable[str]) -> None:
    async with administrator.transaction() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await administrator.close()


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
            StorageError,
            match=r"administrator of the server can, with CREATE ROLE linekeeper_collector LOGIN .*"
            r"ALTER ROLE linekeeper_collector SET statement_timeout = '30s'",
        ):
            await may_log_in(connection, "collector")


@pytest.mark.parametrize("right", ["CREATEROLE", "NOCREATEROLE"])
async def test_a_role_that_an_administrator_made_has_its_defaults_or_it_is_said_what_sets_them(
    owned: Owned, server: EmbeddedPostgres, right: str
) -> None:
    owner = await owned(right)
    administrator = Database(parse_database_url(server.url("postgres")), pooled=False)
    made = f"CREATE ROLE linekeeper_analyst LOGIN; GRANT linekeeper_analyst TO {owner.url.user} WITH ADMIN OPTION"
    await run(administrator, [*made.split(";"), "ALTER ROLE linekeeper_analyst SET lock_timeout = '7s'"])
    refused = ""
    try:
        async with owner.transaction() as connection:
            await set_defaults(connection, "analyst")
    except StorageError as error:
        refused = str(error).partition("an administrator of the server can, with ")[2]
        await run(administrator, refused.split(";"))
    assert bool(refused) == (right == "NOCREATEROLE")
    async with owner.transaction() as connection:
        await set_defaults(connection, "analyst")
        config = text("SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = 'linekeeper_analyst'")
        held = dict(one.split("=") for one in (await connection.execute(config)).scalars())
    assert held == {**DEFAULTS["analyst"], "lock_timeout": "7s"}


async def test_a_role_made_by_the_migration_has_its_defaults(owned: Owned) -> None:
    database = await owned("CREATEROLE")
    await migrations.upgrade(database.engine)
    config = text("SELECT rolname, unnest(rolconfig) FROM pg_roles WHERE rolname LIKE 'linekeeper%'")
    held: dict[str, dict[str, str]] = {role: {} for role in ROLES}
    async with database.transaction() as connection:
        for name, one in await connection.execute(config):
            setting, _, value = one.partition("=")
            held[name.removeprefix("linekeeper_")][setting] = value
    assert held == DEFAULTS


async def test_s3_an_owner_needs_no_right_but_to_make_roles_and_fails_the_forbidden_list_of_the_server(
    owned: Owned,
) -> None:
    other, owner = await owned("CREATEROLE"), await owned("CREATEROLE")
    await migrations.upgrade(owner.engine)
    let = []
    for statement in (*OF_AN_ADMINISTRATOR, f"ALTER ROLE {other.url.user} PASSWORD 'taken-over'"):
        try:
            async with owner.transaction() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute(statement)
            let.append(statement)
        except asyncpg.InsufficientPrivilegeError:
            continue
    assert let == []


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
