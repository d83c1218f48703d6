import socket
import ssl

import asyncpg
import pytest

from core.database_url import parse_database_url
from core.errors import DatabaseTlsError, DatabaseUnreachableError
from storage.connection_errors import connection_failed, may_pass

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
