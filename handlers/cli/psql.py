"""Run psql on a database, its password handed over by the environment, never on the command line."""

import os
import signal
import subprocess
from collections.abc import Sequence

from core.database_url import DatabaseUrl
from core.errors import ConfigurationError
from core.models import SCHEMAS
from storage.embedded_binaries import find_psql

_SEARCHING = f"-csearch_path={','.join((*reversed(SCHEMAS), 'public'))}"
_SSL_MODES = {"verify-full": "verify-full", "verify-ca": "verify-ca", "require": "require", "off": "disable"}


def run_psql(url: DatabaseUrl, arguments: Sequence[str], *, find_our_schemas: bool) -> int:
    """Run psql until it ends, and return its exit code.

    Args:
        url: The database.
        arguments: Further arguments of psql.
        find_our_schemas: Let names without a schema be looked for in ours. A pooler may refuse the option.

    Raises:
        ConfigurationError: The root certificates are in no file.
        StorageError: There is no psql.
    """
    # Ctrl+C cancels a query within psql and must not end us before it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        command = [str(find_psql()), *arguments]
        environment = {**os.environ, **psql_environment(url, find_our_schemas=find_our_schemas)}
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, before)


def psql_environment(url: DatabaseUrl, *, find_our_schemas: bool) -> dict[str, str]:
    """Return the variables by which libpq finds the database.

    Raises:
        ConfigurationError: The root certificates are in no file.
    """
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port),
        "PGDATABASE": url.database,
        "PGUSER": url.user,
        "PGPASSWORD": url.password,
        "PGSSLMODE": _SSL_MODES[url.tls],
        "PGSSLROOTCERT": _root_certificate(url),
        "PGAPPNAME": "linekeeper psql",
        "PGTZ": "UTC",
        "PGOPTIONS": _SEARCHING if find_our_schemas else url.options,
    }
    return {name: value for name, value in given.items() if value is not None}


def _root_certificate(url: DatabaseUrl) -> str | None:
    if url.tls in {"require", "off"}:
        return None
    if isinstance(url.ssl_root_cert, str):
        msg = "psql reads certificates from a file: DATABASE_SSL_ROOT_CERT must name one here, not hold its text"
        raise ConfigurationError(msg)
    return str(url.ssl_root_cert) if url.ssl_root_cert else "system"
