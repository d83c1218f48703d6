"""Databases for many worlds: each has the schema, is empty of rows, and is gone afterwards."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from core.database_url import parse_database_url
from storage.database import Database
from storage.embedded import EmbeddedPostgres

Fresh = Callable[[], AbstractAsyncContextManager[Database]]


def copies_of(template: str, server: EmbeddedPostgres) -> Fresh:
    """Return what opens a copy of a database as often as it is called."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Database]:
        name = f"world_{uuid.uuid4().hex}"
        await server.create_database(name, template=template)
        database = Database(parse_database_url(server.url(name)), pooled=True)
        try:
            yield database
        finally:
            await database.close()
            await server.drop_database(name)

    return opened
