"""What a connection or a transaction that failed means: whether it may pass, and how to say it to the user."""

import errno
import socket
import ssl
from collections.abc import Iterator

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from core.database_url import DatabaseUrl
from core.errors import (
    DatabaseLostError,
    DatabaseTlsError,
    DatabaseUnreachableError,
    StorageError,
    TransactionRefusedError,
)

CONNECT_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
FAILURES = (StorageError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""Whatever a transaction may fail with: statements that go to the driver as they are fail with its own errors."""
PASSING_FAILURES = (DatabaseUnreachableError, DatabaseLostError, TransactionRefusedError)
"""What a transaction fails with that may go well later."""

_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError,
)
_LOSSES = (
    ConnectionError,
    TimeoutError,
    ssl.SSLError,
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresConnectionError,
)
_REFUSALS = (
    asyncpg.DeadlockDetectedError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.SerializationError,
)
"""Another transaction was in the way, a statement took too long, a disk or the memory is full, or the server is a
standby by now: these are the server's, and nothing is wrong with what it was asked."""

_LOST_ON_THE_WAY = {errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETRESET, errno.ENETUNREACH}
"""Of the errors that the system tells as no class of their own: the others are not the connection's."""
_SAID_BY_THE_DRIVER = "connection is closed"


def may_pass(error: BaseException) -> bool:
    """Tell whether connecting again may succeed: the server is away, busy or waking, and did not refuse."""
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    return isinstance(error, _PASSING) and not _is_about_tls(error)


def is_passing(failed: DatabaseUnreachableError) -> bool:
    """Tell whether a connection that failed may be had later, by what it failed with."""
    return failed.__cause__ is not None and may_pass(failed.__cause__)


def is_wrong_password(failed: DatabaseUnreachableError) -> bool:
    """Tell whether a connection failed because the server does not take the password."""
    return isinstance(failed.__cause__, asyncpg.InvalidPasswordError)


def connection_failed(url: DatabaseUrl, error: BaseException) -> StorageError:
    """Return the error to raise, which names the database's address and the reason, never the password."""
    if _is_about_tls(error):
        return DatabaseTlsError(
            f"the database at {url.address} fails the TLS rule {url.tls}: {_reason(error)}; a private authority's "
            "root certificate goes into DATABASE_SSL_ROOT_CERT (on AWS: database_root_cert), a weaker rule "
            "into DATABASE_TLS"
        )
    return DatabaseUnreachableError(
        f"cannot connect to database {url.database} at {url.address}: {_reason(error)}"
    )


def connection_lost(url: DatabaseUrl, error: BaseException, *, committing: bool) -> DatabaseLostError | None:
    """Return the error to raise where a transaction failed because its connection was lost, else None.

    Args:
        url: The database.
        error: What the transaction failed with, as SQLAlchemy or the driver raised it.
        committing: Whether the transaction was being committed: then it may have been, or not.
    """
    if not any(_is_loss(cause) for cause in _causes(error)):
        return None
    how = "a statement was not answered in time" if isinstance(error, TimeoutError) else "the connection was lost"
    when = "while a transaction was committed, which may have taken effect" if committing else "in a transaction"
    return DatabaseLostError(f"{how} {when}: database {url.database} at {url.address}")


def transaction_refused(url: DatabaseUrl, error: BaseException) -> TransactionRefusedError | None:
    """Return the error to raise where the server did not carry a transaction out for what may pass, else None."""
    refusal = next((cause for cause in _causes(error) if isinstance(cause, _REFUSALS)), None)
    if refusal is None:
        return None
    reason = str(refusal).partition("\n")[0]
    return TransactionRefusedError(
        f"the server did not carry a transaction out, and kept nothing of it: {reason}:"
        f" database {url.database} at {url.address}"
    )


def is_standby(error: BaseException) -> bool:
    """Tell whether a transaction failed because the server only reads: a connection made anew may find another."""
    return any(isinstance(cause, asyncpg.ReadOnlySQLTransactionError) for cause in _causes(error))


def _is_loss(error: BaseException) -> bool:
    if isinstance(error, asyncpg.InterfaceError):
        return _SAID_BY_THE_DRIVER in str(error)
    return isinstance(error, _LOSSES) or (isinstance(error, OSError) and error.errno in _LOST_ON_THE_WAY)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that SQLAlchemy made it of."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _is_about_tls(error: BaseException) -> bool:
    if isinstance(error, ssl.SSLError):
        return True
    return isinstance(error, ConnectionError) and ("SSL upgrade" in str(error) or "SSL exchange" in str(error))


def _reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return str(error).rstrip(".") or type(error).__name__
