"""One connection for transactions that come one after another: to connect costs more than most of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

IDLE_SECONDS = 60
"""How long a connection may have been idle and is trusted: a server that went to sleep has dropped what it had."""

_ANSWER_SECONDS = 10

Begin = Callable[[AsyncConnection], Awaitable[None]]


class KeptConnection:
    """A connection that is made when first needed, and made anew where it was lost while nothing was asked."""

    def __init__(self, engine: AsyncEngine, *, is_loss: Callable[[Exception], bool]) -> None:
        """Keep a connection of an engine; `is_loss` tells what a lost one fails with."""
        self._engine = engine
        self._is_loss = is_loss
        self._connection: AsyncConnection | None = None
        self._idle_since = 0.0
        self.is_in_use = False

    @asynccontextmanager
    async def lent(self, begin: Begin) -> AsyncIterator[AsyncConnection]:
        """Yield the connection begun on; whoever uses it ends what was begun, and it is in use until then.

        `begin` sends BEGIN, or nothing; where that fails, it drops the connection.
        """
        self.is_in_use = True
        try:
            yield await self._again(begin) or await self._newly(begin)
        finally:
            self.is_in_use = False
            self._idle_since = time.monotonic()

    async def close(self) -> None:
        """Close the connection, where there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _again(self, begin: Begin) -> AsyncConnection | None:
        """Begin on the connection that there is; None where it is gone: BEGIN finds that out, and does no harm.

        Where nothing is sent to begin with, the first statement finds it out, and fails.
        """
        connection = self._connection
        if connection is None or connection.invalidated or time.monotonic() - self._idle_since > IDLE_SECONDS:
            return None
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await begin(connection)
        except Exception as error:
            if not self._is_loss(error):
                raise
            return None
        return connection

    async def _newly(self, begin: Begin) -> AsyncConnection:
        await self.close()
        self._connection = await self._engine.connect()
        await begin(self._connection)
        return self._connection
