"""A Postgres of the bench's own, made for it and gone after it; your settings play no part in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from storage.embedded import EmbeddedPostgres

_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class BenchServer:
    """A running server, the folder of the bench, and the environment for commands that are to use it."""

    postgres: EmbeddedPostgres
    folder: Path
    environment: dict[str, str]

    async def connect(self, database: str) -> asyncpg.Connection:
        """Return a connection by the driver alone."""
        return await asyncpg.connect(self.postgres.url(database), ssl=False)

    async def keep(self, database: str, name: str) -> None:
        """Give a database another name, in place of one that had it."""
        await self.postgres.drop_database(name)
        await self.execute(f'ALTER DATABASE "{database}" RENAME TO "{name}"')

    async def execute(self, statement: str) -> None:
        """Run a statement about databases."""
        connection = await self.connect("postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def bench_server() -> Iterator[BenchServer]:
    """Yield a server in a temporary folder, which is open to all: where root runs it, the server is not root's."""
    folder = Path(tempfile.mkdtemp(prefix="linekeeper-bench-"))
    folder.chmod(0o755)
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    environment["LINEKEEPER_DATA_DIR"] = str(folder / "data")
    try:
        server = EmbeddedPostgres(folder / "data")
        with server.ensure_running():
            yield BenchServer(server, folder, environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
