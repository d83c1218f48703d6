import errno
import socket
import ssl
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from core.database_url import parse_database_url
from core.errors import DatabaseTlsError, DatabaseUnreachableError
from storage.connection_errors import (
    connection_failed,
    connection_lost,
    is_passing,
    is_standby,
    may_pass,
    transaction_refused,
)

URL = parse_database_url("postgresql://ana:hunter2@db.example.com:6543/odds")


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        pytest.param(ConnectionRefusedError(111, "refused"), True, id="nobody listens yet"),
        pytest.param(TimeoutError(), True, id="no answer in time"),
        pytest.param(
            asyncpg.CannotConnectNowError("the database system is starting up"), True, id="it is starting"
        ),
        pytest.param(asyncpg.TooManyConnectionsError("too many clients"), True, id="it is full"),
        pytest.param(socket.gaierror(socket.EAI_AGAIN, "try again"), True, id="a name server that is away"),
        pytest.param(socket.gaierror(socket.EAI_NONAME, "unknown"), False, id="an unknown name"),
        pytest.param(asyncpg.InvalidPasswordError("no"), False, id="a wrong password"),
        pytest.param(asyncpg.InvalidCatalogNameError("no"), False, id="a missing database"),
        pytest.param(ssl.SSLError("no"), False, id="a TLS failure"),
        pytest.param(ConnectionError("the server rejected SSL upgrade"), False, id="a server without TLS"),
    ],
)
def test_what_may_pass_is_tried_again(error: Exception, passes: bool) -> None:
    assert may_pass(error) is passes


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(ConnectionRefusedError(111, "refused"), DatabaseUnreachableError, id="unreachable"),
        pytest.param(ssl.SSLError("no"), DatabaseTlsError, id="the TLS rule"),
    ],
)
def test_a_failure_names_the_address_and_never_the_password(error: Exception, kind: type[Exception]) -> None:
    failure = connection_failed(URL, error)

    assert isinstance(failure, kind)
    assert "db.example.com:6543" in str(failure)
    assert "hunter2" not in str(failure)


def test_a_connection_that_failed_tells_whether_it_may_be_had_later() -> None:
    causes = [ConnectionRefusedError(111, "refused"), asyncpg.InvalidPasswordError("no")]
    failed = [DatabaseUnreachableError("cannot connect") for _ in range(3)]
    for failure, cause in zip(failed, causes, strict=False):
        failure.__cause__ = cause
    assert [is_passing(failure) for failure in failed] == [True, False, False]


def by_sqlalchemy(cause: Exception) -> Exception:
    """Return the error that SQLAlchemy makes of the driver's."""
    error = DBAPIError("SELECT 1", {}, cause)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        pytest.param(asyncpg.ConnectionDoesNotExistError("closed in the middle"), True, id="cut off"),
        pytest.param(asyncpg.InterfaceError("the underlying connection is closed"), True, id="used after that"),
        pytest.param(asyncpg.AdminShutdownError("terminating connection"), True, id="the server stops"),
        pytest.param(ConnectionResetError(104, "reset"), True, id="reset"),
        pytest.param(TimeoutError(), True, id="a statement without an answer"),
        pytest.param(OSError(errno.EHOSTUNREACH, "no route to host"), True, id="no way there any more"),
        pytest.param(OSError(errno.ENOSPC, "no space left on device"), False, id="a full disk of this machine"),
        pytest.param(asyncpg.InterfaceError("another operation is in progress"), False, id="a mistake of ours"),
        pytest.param(asyncpg.UniqueViolationError("duplicate key"), False, id="a rule of the tables"),
        pytest.param(asyncpg.QueryCanceledError("statement timeout"), False, id="a statement that is too slow"),
    ],
)
@pytest.mark.parametrize("told", [lambda error: error, by_sqlalchemy], ids=["by the driver", "by SQLAlchemy"])
def test_a_lost_connection_is_told_from_other_failures(
    error: Exception, lost: bool, told: Callable[[Exception], Exception]
) -> None:
    assert (connection_lost(URL, told(error), committing=False) is not None) is lost


def test_what_is_said_of_a_lost_connection_tells_whether_anything_may_have_been_kept() -> None:
    error = ConnectionResetError(104, "reset")
    texts = [str(connection_lost(URL, error, committing=committing)) for committing in (False, True)]
    assert ["may have taken effect" in text for text in texts] == [False, True]
    assert all("odds at db.example.com:6543" in text and "hunter2" not in text for text in texts)


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        pytest.param(asyncpg.DeadlockDetectedError("deadlock detected\nDETAIL: why"), True, id="a deadlock"),
        pytest.param(asyncpg.SerializationError("could not serialize"), True, id="overtaken"),
        pytest.param(asyncpg.DiskFullError("could not extend file"), True, id="a full disk"),
        pytest.param(asyncpg.OutOfMemoryError("out of memory"), True, id="no memory"),
        pytest.param(asyncpg.TooManyConnectionsError("too many clients"), True, id="too many connections"),
        pytest.param(asyncpg.LockNotAvailableError("lock timeout"), True, id="a lock that another has"),
        pytest.param(asyncpg.ReadOnlySQLTransactionError("read-only"), True, id="a standby"),
        pytest.param(asyncpg.UniqueViolationError("duplicate key"), False, id="a rule of the tables"),
        pytest.param(asyncpg.InsufficientPrivilegeError("denied"), False, id="a right that is missing"),
    ],
)
@pytest.mark.parametrize("told", [lambda error: error, by_sqlalchemy], ids=["by the driver", "by SQLAlchemy"])
def test_what_the_server_may_carry_out_later_is_told_from_what_it_never_will(
    error: Exception, refused: bool, told: Callable[[Exception], Exception]
) -> None:
    found = transaction_refused(URL, told(error))
    assert (found is not None) is refused
    assert found is None or "odds at db.example.com:6543" in str(found)
    assert "DETAIL" not in str(found)
    assert is_standby(told(error)) is isinstance(error, asyncpg.ReadOnlySQLTransactionError)
