"""The Postgres of a chaos run: gone with it, however it is stopped; what a killed one left goes with the next."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.embedded import EmbeddedPostgres

FOLDER = "linekeeper-chaos-"
"""How the name of a folder begins; the number of the process follows."""


@contextmanager
def own_server() -> Iterator[EmbeddedPostgres]:
    """Yield a server whose folder lasts as long as the block, be it ended by a signal."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "data", durable=False)
    try:
        with server.ensure_running():
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*-*"):
        number = folder.name.removeprefix(FOLDER).partition("-")[0]
        if number.isdigit() and not _is_alive(int(number)):
            EmbeddedPostgres(folder / "data").stop()
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True
