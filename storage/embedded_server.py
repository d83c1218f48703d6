"""Make, launch and halt one Postgres server; what keeps several commands apart is in `storage.embedded`."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from core.errors import StorageError
from storage.embedded_account import Account
from storage.embedded_binaries import Installation
from storage.embedded_files import LOOPBACK, ServerFiles, port_is_free
from storage.embedded_locks import is_taken, lock_descriptor, take

SUPERUSER = "linekeeper"
_START_SECONDS = 120.0
_FAST_STOP_SECONDS = 30.0
_IMMEDIATE_STOP_SECONDS = 10.0
_PAUSE_SECONDS = 0.02
_PORT_ATTEMPTS = 3
_FIRST_MAJOR_WITH_BUILTIN_LOCALES = 17

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def make_cluster(files: ServerFiles, account: Account, installation: Installation, *, durable: bool) -> None:
    """Run initdb where there is no data folder yet; one that was cut off in the middle leaves none."""
    if files.cluster.exists():
        return
    unfinished = files.home / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    command: list[str | Path] = [
        installation.program("initdb"),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        f"--pwfile={files.new_password(account)}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
    ]
    if installation.major >= _FIRST_MAJOR_WITH_BUILTIN_LOCALES:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        command += ["--no-sync"]
    answer = account.run(command, capture_output=True, env=_ENVIRONMENT)
    if answer.returncode != 0:
        msg = f"initdb could not make {files.cluster} as user {account.name}: {answer.stderr.strip()}"
        raise StorageError(msg)
    unfinished.rename(files.cluster)


def launch(files: ServerFiles, account: Account, installation: Installation, *, durable: bool) -> None:
    """Start the server and return when it takes connections.

    Raises:
        StorageError: It ended again, or was not ready in time; the text brings its last words.
    """
    for _ in range(_PORT_ATTEMPTS):
        port = files.choose_port(account)
        _spawn(files, account, installation, port, _SETTINGS | ({} if durable else _THROWAWAY_SETTINGS))
        if wait_until_ready(files):
            return
        if port_is_free(port):
            break
    msg = f"the embedded Postgres in {files.home} did not start: {files.log_tail()}"
    raise StorageError(msg)


def is_ready(files: ServerFiles) -> bool:
    """Tell whether the server lives and takes connections."""
    port = files.ready_port()
    if port is None or not is_taken(files.server_lock):
        return False
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until_ready(files: ServerFiles) -> bool:
    """Return True once the server takes connections, False when none lives (any more).

    Raises:
        StorageError: It lives, but does not take connections in time.
    """
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if is_ready(files):
            return True
        if not is_taken(files.server_lock):
            return False
        time.sleep(_PAUSE_SECONDS)
    msg = f"the embedded Postgres in {files.home} takes no connections yet: {files.log_tail()}"
    raise StorageError(msg)


def halt(files: ServerFiles) -> None:
    """Stop the server: clients are disconnected; one that does not obey is stopped without its last checkpoint.

    Raises:
        StorageError: It lives on all the same.
    """
    for stop_signal, patience in (
        (signal.SIGINT, _FAST_STOP_SECONDS),
        (signal.SIGQUIT, _IMMEDIATE_STOP_SECONDS),
    ):
        pid = files.postmaster_pid()
        if not is_taken(files.server_lock):
            return
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, stop_signal)
        if _wait_until_gone(files, patience):
            return
    msg = f"the embedded Postgres in {files.home} does not stop: {files.log_tail()}"
    raise StorageError(msg)


def _takes_a_socket(path: Path) -> bool:
    """Tell whether a Unix socket can be made there: not below a long path, nor on every file system."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(str(path))
        except OSError:
            return False
    path.unlink()
    return True


def _spawn(
    files: ServerFiles, account: Account, installation: Installation, port: int, settings: dict[str, str]
) -> None:
    """Start the server in a session of its own, holding the server lock for as long as it lives.

    Its socket is in its data folder, which is where it works, so that no comma in a path is taken for two folders.
    """
    files.log.unlink(missing_ok=True)
    files.log.touch(mode=0o600)
    with lock_descriptor(files.server_lock) as held, files.log.open("wb") as log:
        if not take(held, timeout_seconds=1):
            msg = f"an earlier Postgres in {files.home} has not ended yet"
            raise StorageError(msg)
        for left in (files.cluster / "postmaster.pid", *files.cluster.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        socket_folder = "." if _takes_a_socket(files.socket(port)) else ""
        placed = settings | {"port": str(port), "unix_socket_directories": socket_folder}
        account.run(
            [
                "/bin/sh",
                "-c",
                '"$@" >&2 &',
                "sh",
                installation.program("postgres"),
                "-D",
                files.cluster,
                *(f"--{name}={value}" for name, value in placed.items()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=_ENVIRONMENT,
            pass_fds=(held,),
            start_new_session=True,
        )


def _wait_until_gone(files: ServerFiles, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while is_taken(files.server_lock):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True
