"""A real PgBouncer in transaction mode before a server of this machine, run by an unprivileged user."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from storage.embedded_account import server_account
from storage.embedded_files import free_port, port_is_free

KEEPS_STATEMENTS_FROM = (1, 21)
"""The first version that can carry prepared statements from one server connection to another."""

_START_SECONDS = 10
_STOP_SECONDS = 10


def installed_pooler() -> tuple[Path, tuple[int, int]]:
    """Return PgBouncer's program and version, or skip where this machine has none."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which("pgbouncer", path=path)
    if found is None:
        pytest.skip("PgBouncer is not installed on this machine")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    assert version is not None, said
    return Path(found), (int(version[1]), int(version[2]))


@contextmanager
def pooler(url: str, folder: Path, *, servers: int) -> Iterator[str]:
    """Yield the URL of a database as its clients reach it through the pooler.

    Args:
        url: The database itself.
        folder: An empty folder that every user may enter.
        servers: How many connections to the server all clients share.
    """
    program, version = installed_pooler()
    parts, port = urlsplit(url), free_port()
    settings = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": folder / "users.txt",
        "logfile": folder / "pgbouncer.log",
        "pool_mode": "transaction",
        "default_pool_size": servers,
        "max_client_conn": 200,
    }
    if version >= KEEPS_STATEMENTS_FROM:
        settings["max_prepared_statements"] = 0
    lines = [f"{name} = {value}" for name, value in settings.items()]
    database = f"* = host=127.0.0.1 port={parts.port}"
    (folder / "users.txt").write_text(f'"{parts.username}" "{parts.password}"\n')
    (folder / "pgbouncer.ini").write_text("\n".join(["[databases]", database, "[pgbouncer]", *lines, ""]))
    account = server_account(folder / "absent")
    for path in (folder, *folder.iterdir()):
        account.own(path)
    process = subprocess.Popen(
        [program, "--quiet", folder / "pgbouncer.ini"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **account.identity,
    )
    try:
        _until_listening(process, port, folder / "pgbouncer.log")
        yield urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)


def _until_listening(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while port_is_free(port):
        assert process.poll() is None, log.read_text() if log.exists() else "PgBouncer ended at once"
        assert time.monotonic() < until, "PgBouncer does not listen"
        time.sleep(0.02)
