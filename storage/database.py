"""Connections to Postgres: one engine per process, safe behind a transaction pooler, every wait bounded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, Connection, NullPool
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from core.database_url import DatabaseUrl
from core.errors import LinekeeperError
from storage.connection_errors import (
    CONNECT_FAILURES,
    connection_failed,
    connection_lost,
    is_standby,
    may_pass,
    transaction_refused,
)
from storage.kept_connection import IDLE_SECONDS, Begin, KeptConnection
from storage.tls import tls_context

_SHORTEST_CONNECT_SECONDS = 10
_CONNECT_ATTEMPTS = 5
_CLOSE_SECONDS = 1.0
_DISPOSE_SECONDS = 5.0
_POOL_WAIT_SECONDS = 30
# Asking an older connection whether it is still there would cost each transaction more round trips than a new one
# costs once a minute.
_POOL_RECYCLE_SECONDS = IDLE_SECONDS


class _BoundedConnection(asyncpg.Connection):  # type: ignore[misc]
    """asyncpg's connection, which by itself waits without end for the server to agree to a close."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Close the connection, and drop it where the server does not answer in time.

        One that is given up in the middle of a transaction is dropped at once: the server rolls back, and whoever
        gives it up has waited for it long enough.
        """
        if not self.is_closed() and self.is_in_transaction():
            self.terminate()
            return
        await super().close(timeout=min(timeout or _CLOSE_SECONDS, _CLOSE_SECONDS))


class Database:
    """A Postgres database as SQLAlchemy's async engine on asyncpg; nothing connects before the first use.

    A database that is not `pooled` opens a connection for each use and closes it after, or keeps one while asked
    to: connections belong to the event loop that opened them, and a warm Lambda runs each invocation in a loop of
    its own.
    """

    def __init__(
        self,
        url: DatabaseUrl,
        *,
        pooled: bool,
        pool_size: int = 5,
        prepared_statements: bool = False,
        connect_deadline_seconds: float = 40.0,
        command_timeout_seconds: float = 60.0,
    ) -> None:
        """Name the database; raises ConfigurationError when the root certificates cannot be read.

        Args:
            url: Where the database is, with the TLS rule to keep.
            pooled: Whether connections are kept for the next use.
            pool_size: The most connections at a time, where pooled.
            prepared_statements: Whether statements are kept prepared on a connection, which is faster, but breaks
                behind a transaction pooler: for a server that is known to be reached directly.
            connect_deadline_seconds: How long a database may take to wake up, all attempts together.
            command_timeout_seconds: How long one statement may take.
        """
        self.url = url
        self.pooled = pooled
        self._connect_deadline_seconds = connect_deadline_seconds
        self._is_direct = prepared_statements
        self._kept: KeptConnection | None = None
        pool: dict[str, Any] = {"poolclass": NullPool}
        if pooled:
            pool = {
                "poolclass": AsyncAdaptedQueuePool,
                "pool_size": pool_size,
                "max_overflow": 0,
                "pool_timeout": _POOL_WAIT_SECONDS,
                "pool_recycle": _POOL_RECYCLE_SECONDS,
                "pool_use_lifo": True,
            }
        self._engine = create_async_engine(
            url.sqlalchemy_url,
            connect_args=self._connect_args(command_timeout_seconds, 100 if prepared_statements else 0),
            **pool,
        )

    @property
    def engine(self) -> AsyncEngine:
        """Return the engine."""
        return self._engine

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Yield a connection in a transaction, committed at the end and rolled back on an error.

        BEGIN has been sent, so what runs on the driver's own connection (COPY) belongs to the transaction too.

        Raises:
            DatabaseUnreachableError: No connection could be made.
            DatabaseTlsError: The server fails the TLS rule.
            DatabaseLostError: The connection was lost in the middle.
            TransactionRefusedError: The server did not carry it out just now, and kept nothing of it.
        """
        return self._lent(_begin)

    def one_by_one(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Yield a connection to read by, or to write by a single statement: none needs what another one saw.

        A server that is reached directly takes each statement by itself, and BEGIN and COMMIT are spared. Behind a
        pooler they stand in a transaction: the driver prepares a statement before it runs it, and only within one
        are both sure to meet the same server process.

        Raises:
            DatabaseUnreachableError: No connection could be made.
            DatabaseTlsError: The server fails the TLS rule.
            DatabaseLostError: The connection was lost in the middle.
            TransactionRefusedError: The server did not carry it out just now.
        """
        return self._lent(_begin_nothing if self._is_direct else _begin)

    @asynccontextmanager
    async def keeping_one(self) -> AsyncIterator[None]:
        """Have the block's transactions use one connection in turn, opened by the first and closed at the end.

        One within another has a connection of its own.
        """
        kept = self._kept = KeptConnection(self._engine, is_loss=self._is_lost)
        try:
            yield
        finally:
            self._kept = None
            await kept.close()

    async def close(self) -> None:
        """Close all connections, waiting for an unwilling server only for so long."""
        try:
            async with asyncio.timeout(_DISPOSE_SECONDS):
                await self._engine.dispose()
        except TimeoutError:
            await self._engine.dispose(close=False)

    def _is_lost(self, error: Exception) -> bool:
        return connection_lost(self.url, error, committing=False) is not None

    @asynccontextmanager
    async def _lent(self, begin: Begin) -> AsyncIterator[AsyncConnection]:
        """Yield a connection begun on, end what was begun, and raise failures as what they mean."""
        committing = False
        try:
            async with self._connected(begin) as connection:
                driver = driver_of(connection)
                try:
                    yield connection
                    committing = True
                    await _commit(connection)
                except BaseException as error:
                    gracefully = isinstance(error, Exception) and not is_standby(error)
                    await _abandon(connection, driver, gracefully=gracefully)
                    raise
        except LinekeeperError:
            raise
        except Exception as error:
            told = connection_lost(self.url, error, committing=committing) or transaction_refused(self.url, error)
            if told is None:
                raise
            raise told from error

    @asynccontextmanager
    async def _connected(self, begin: Begin) -> AsyncIterator[AsyncConnection]:
        kept = self._kept
        if kept is not None and not kept.is_in_use:
            async with kept.lent(begin) as connection:
                yield connection
            return
        async with self._engine.connect() as connection:
            await begin(connection)
            yield connection

    def _connect_args(self, command_timeout_seconds: float, kept_statements: int) -> dict[str, Any]:
        url = self.url
        settings = {"TimeZone": "UTC", "application_name": url.application_name or "linekeeper"}
        if url.options:
            settings["options"] = url.options
        return {
            **({"host": url.host, "port": url.port} if url.is_socket else {}),
            "async_creator_fn": self._connect,
            "connection_class": _BoundedConnection,
            "ssl": tls_context(url),
            "timeout": max(url.connect_timeout_seconds or 0, _SHORTEST_CONNECT_SECONDS),
            "command_timeout": command_timeout_seconds,
            "statement_cache_size": kept_statements,
            "prepared_statement_cache_size": kept_statements,
            "server_settings": settings,
        }

    async def _connect(self, **arguments: Any) -> asyncpg.Connection:  # noqa: ANN401
        attempts = AsyncRetrying(
            retry=retry_if_exception(may_pass),
            stop=stop_after_attempt(_CONNECT_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=5),
            reraise=True,
        )
        try:
            async with asyncio.timeout(self._connect_deadline_seconds):
                return await attempts(asyncpg.connect, **arguments)
        except CONNECT_FAILURES as error:
            raise connection_failed(self.url, error) from error


def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """Return asyncpg's own connection of an open one.

    It is at hand, so it is taken where it lies: SQLAlchemy's own way there costs a greenlet each time.
    """
    return _opened(connection).connection.driver_connection


def _opened(connection: AsyncConnection) -> Connection:
    opened = connection.sync_connection
    if opened is None:
        msg = "the connection is not open"
        raise RuntimeError(msg)
    return opened


async def _begin(connection: AsyncConnection) -> None:
    """Send BEGIN now: SQLAlchemy would with its first statement, and asked here it costs no round trip more."""
    opened = _opened(connection)
    opened.begin()
    adapter: Any = opened.connection.dbapi_connection
    driver = driver_of(connection)
    try:
        await adapter._start_transaction()
    except BaseException:
        # The server may be in a transaction that nobody would end: what follows on it would be lost.
        await _abandon(connection, driver, gracefully=False)
        raise


async def _begin_nothing(connection: AsyncConnection) -> None:
    """Let statements take effect one by one; the connection counts as begun on, so that it is ended alike."""
    _opened(connection).begin()


async def _commit(connection: AsyncConnection) -> None:
    """Send COMMIT as BEGIN was sent: SQLAlchemy finds nothing left to do, and so needs no greenlet to wait in."""
    opened = _opened(connection)
    adapter: Any = opened.connection.dbapi_connection
    if adapter._transaction is not None:
        await adapter._call_and_discard(adapter._transaction.commit)
    opened.commit()


async def _abandon(connection: AsyncConnection, driver: asyncpg.Connection, *, gracefully: bool) -> None:
    """Roll back; where that may not be waited for, or fails, drop the connection, and the server rolls back."""
    rolled_back = False
    try:
        if gracefully and not driver.is_closed():
            await connection.rollback()
            rolled_back = True
    finally:
        if not rolled_back:
            driver.terminate()
            await connection.invalidate()
