"""A database that a command makes for itself, anew each time; your own data is never touched."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace

from sqlalchemy import URL, text

from core.config import Settings
from core.database_url import DatabaseUrl
from handlers.guard import refuse_in_production
from handlers.one_cpu import sharing_one_cpu
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres

_SETTINGS = ("synchronous_commit = off", "plan_cache_mode = force_generic_plan")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database of a command's own, and the URL by which to look at it; a server of yours keeps its password."""

    database: Database
    url: str


@asynccontextmanager
async def scratch_database(settings: Settings, name: str) -> AsyncIterator[Scratch]:
    """Yield a fresh database of this name with the schema, on your server or else on the embedded one.

    It replaces the one that the last such command left, and is left in its turn, to be looked at. Its commits do
    not wait for the disk: what it holds can be made again. Its statements are planned once, not for each of the
    thousands of times that they are asked. An embedded server started for it shares a CPU with the command.

    Raises:
        ConfigurationError: The server is production's.
    """
    refuse_in_production(settings.database, what=f"the database {name} would be dropped and made anew")
    given = settings.database.parsed_url
    if given is not None:
        await _recreate(given, name)
        of_server = replace(given, database=name)
        async with _opened(of_server, direct=False) as database:
            yield Scratch(database, _without_password(of_server))
        return
    server = EmbeddedPostgres(settings.database.data_dir)
    sharing = nullcontext() if server.running() else sharing_one_cpu()
    with sharing, server.ensure_running():
        await server.recreate_database(name)
        async with _opened(server.address(name), direct=True) as database:
            yield Scratch(database, server.url(name))


def _without_password(url: DatabaseUrl) -> str:
    parts = url.sqlalchemy_url
    socket = {"host": url.host} if url.is_socket else {}
    shown = URL.create("postgresql", parts.username, None, parts.host, parts.port, parts.database, socket)
    return shown.render_as_string(hide_password=False)


async def _recreate(url: DatabaseUrl, name: str) -> None:
    database = Database(url, pooled=False)
    try:
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            await connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    finally:
        await database.close()


@asynccontextmanager
async def _opened(url: DatabaseUrl, *, direct: bool) -> AsyncIterator[Database]:
    first = Database(url, pooled=False)
    try:
        async with first.transaction() as connection:
            for setting in _SETTINGS:
                await connection.execute(text(f'ALTER DATABASE "{url.database}" SET {setting}'))
    finally:
        await first.close()
    database = Database(url, pooled=True, prepared_statements=direct)
    try:
        await migrations.upgrade(database.engine)
        yield database
    finally:
        await database.close()
