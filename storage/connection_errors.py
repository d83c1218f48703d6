"""What a failed connection means: whether it may pass, and how to say it to the user."""

import socket
import ssl

import asyncpg

from core.database_url import DatabaseUrl
from core.errors import DatabaseTlsError, DatabaseUnreachableError, StorageError

CONNECT_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError,
)


def may_pass(error: BaseException) -> bool:
    """Tell whether connecting again may succeed: the server is away, busy or waking, and did not refuse."""
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    return isinstance(error, _PASSING) and not _is_about_tls(error)


def connection_failed(url: DatabaseUrl, error: BaseException) -> StorageError:
    """Return the error to raise, which names the database's address and the reason, never the password."""
    if _is_about_tls(error):
        return DatabaseTlsError(
            f"the database at {url.address} fails the TLS rule {url.tls}: {_reason(error)}; a private authority's "
            "root certificate goes into DATABASE_SSL_ROOT_CERT, a weaker rule into DATABASE_TLS"
        )
    return DatabaseUnreachableError(
        f"cannot connect to database {url.database} at {url.address}: {_reason(error)}"
    )


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
