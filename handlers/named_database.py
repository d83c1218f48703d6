"""The database that the settings name: that of DATABASE_URL, or else the one of the embedded server."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog

from core.config import Settings
from core.database_url import DatabaseUrl
from core.errors import StorageError
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.upgrading import bring_up_to_date, known_version

DATABASE_NAME = "linekeeper"

_log = structlog.get_logger(__name__)


def embedded(settings: Settings) -> EmbeddedPostgres:
    """Return the embedded server of the settings' data folder."""
    return EmbeddedPostgres(settings.database.data_dir)


@contextmanager
def located(settings: Settings) -> Iterator[DatabaseUrl]:
    """Yield where the database is; an embedded server that does not run is started for the block."""
    url = settings.database.parsed_url
    if url is not None:
        yield url
        return
    server = embedded(settings)
    with server.ensure_running():
        yield server.address(DATABASE_NAME)


async def make_embedded(settings: Settings) -> None:
    """Make the database of collecting on the running embedded server, and its schema, where they are not there."""
    server = embedded(settings)
    await server.create_database(DATABASE_NAME)
    database = Database(server.address(DATABASE_NAME), pooled=False)
    try:
        await _prepare(database, migrate=True)
    finally:
        await database.close()


@asynccontextmanager
async def unprepared_database(settings: Settings, url: DatabaseUrl) -> AsyncIterator[Database]:
    """Yield the database whatever schema it has; the embedded one is made where it is not there."""
    if settings.database.url is None:
        await embedded(settings).create_database(DATABASE_NAME)
    database = Database(url, pooled=True, pool_size=settings.database.pool_size)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def opened_database(settings: Settings, url: DatabaseUrl) -> AsyncIterator[Database]:
    """Yield the database with a schema that this code works with; the embedded one is made and migrated.

    Raises:
        StorageError: The database of DATABASE_URL has no schema, or an older one.
    """
    async with unprepared_database(settings, url) as database:
        await _prepare(database, migrate=settings.database.url is None)
        yield database


async def _prepare(database: Database, *, migrate: bool) -> None:
    if migrate:
        await bring_up_to_date(database)
    version = await known_version(database)
    if version.is_newer:
        _log.warning("schema.newer", schema=version.current, known=version.head)
    if version.is_current or version.is_newer:
        return
    where = f"database {database.url.database} at {database.url.address}"
    state = f"is at {version.current}, behind {version.head}" if version.current else "is missing"
    msg = f"the schema of {where} {state}: run `odds db migrate`"
    raise StorageError(msg)
