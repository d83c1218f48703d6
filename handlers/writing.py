"""Transactions of a run: nothing is written once its turn is over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.app import App
from handlers.jobs import JobRun
from storage.leases import hold_lease
from storage.locks import take_lock


@asynccontextmanager
async def writing(app: App, run: JobRun, *, lock: int | None = None) -> AsyncIterator[AsyncConnection]:
    """Yield a connection in a transaction that holds the run's lease, where it has one, and a lock that is named.

    Raises:
        LeaseLostError: Another run has taken the turn; nothing is written.
    """
    async with app.database.transaction() as connection:
        if run.lease is not None:
            await hold_lease(connection, run.lease, lock=lock)
        elif lock is not None:
            await take_lock(connection, lock)
        yield connection
