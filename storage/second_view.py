"""A second connection that sees the database as a first one does: what both read at once, two cores work out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database, driver_of
from storage.statements import fetch

_AS_AT_THE_FIRST_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class SecondView:
    """A connection that may be open by now, and may never be: whoever reads waits for none."""

    def __init__(self) -> None:
        """Begin without one."""
        self._connection: AsyncConnection | None = None
        self._is_over = asyncio.Event()

    def at_hand(self) -> AsyncConnection | None:
        """Return the connection, None where it is not open yet, could not be opened, or is lost."""
        connection = self._connection
        return None if connection is None or driver_of(connection).is_closed() else connection

    async def open(self, database: Database, snapshot: str) -> None:
        """Hold a connection that sees a snapshot until told to close it."""
        async with database.transaction() as connection:
            driver = driver_of(connection)
            await driver.execute(f"{_AS_AT_THE_FIRST_READ}; SET TRANSACTION SNAPSHOT '{snapshot}'")
            self._connection = connection
            try:
                await self._is_over.wait()
            finally:
                self._connection = None

    def close(self) -> None:
        """Let the connection go."""
        self._is_over.set()


async def see_as_it_is_now(connection: AsyncConnection) -> None:
    """Have an open transaction, before its first read, see the database as it is at that, and not write."""
    await driver_of(connection).execute(_AS_AT_THE_FIRST_READ)


@asynccontextmanager
async def second_view(database: Database, connection: AsyncConnection) -> AsyncIterator[SecondView]:
    """Yield a second connection to what a first one sees, which is opened while the first is worked with.

    It spares time, and is no condition: with a pool of one, or where the server takes no more connections, there
    is none. At the end it is closed, or the attempt to open it given up.

    Args:
        database: The database.
        connection: The first one, in a transaction that sees one snapshot and reads only.
    """
    ((snapshot,),) = await fetch(connection, "SELECT pg_export_snapshot()", {})
    second = SecondView()
    opening = asyncio.ensure_future(second.open(database, snapshot))
    try:
        yield second
    finally:
        if second.at_hand() is None:
            opening.cancel()
        second.close()
        await asyncio.gather(opening, return_exceptions=True)
