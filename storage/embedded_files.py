"""The files of an embedded server, all below one folder that is private to the user who runs it."""

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from core.errors import StorageError
from storage.embedded_account import Account, require_reachable

LOOPBACK = "127.0.0.1"
_READY_LINE, _PORT_LINE, _PID_LINE = 7, 3, 0


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """Where everything of one embedded server lies, below its home."""

    home: Path

    @property
    def cluster(self) -> Path:
        """Return Postgres' own data folder."""
        return self.home / "cluster"

    @property
    def binaries(self) -> Path:
        """Return the folder for a copy of the programs, used when root hands the server to another user."""
        return self.home / "binaries"

    @property
    def log(self) -> Path:
        """Return what the server last wrote to its standard error."""
        return self.home / "server.log"

    @property
    def command_lock(self) -> Path:
        """Return the lock of whoever starts or stops the server right now."""
        return self.home / "command.lock"

    @property
    def users_lock(self) -> Path:
        """Return the lock that is shared by every command that works with the server."""
        return self.home / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Return the lock that the server's own processes hold, so that it is free once all of them have ended."""
        return self.home / "server.lock"

    @property
    def kept(self) -> Path:
        """Return the mark of a server that was left up on purpose."""
        return self.home / "kept"

    def prepare(self, account: Account) -> None:
        """Make the home and its locks; raises ConfigurationError where the account cannot enter it."""
        _make_folder(self.home.parent, 0o755)
        if account.switch:
            _open_if_empty(self.home.parent)
        _make_folder(self.home, 0o711 if account.switch else 0o700)
        if account.switch:
            require_reachable(self.home, account)
        for lock in (self.command_lock, self.users_lock, self.server_lock):
            if not lock.exists():
                lock.touch(mode=0o600)
                account.own(lock)

    def new_password(self, account: Account) -> Path:
        """Write a new random password for the superuser and return its file, readable by the account alone."""
        return self._write("password", secrets.token_urlsafe(24), account)

    def password(self) -> str:
        """Return the superuser's password."""
        return self._read("password")

    def choose_port(self, account: Account) -> int:
        """Return the port of the last run when it is free, else a free one, and remember it."""
        chosen = self.home / "port"
        port = int(self._read("port")) if chosen.exists() else 0
        if port == 0 or not port_is_free(port):
            port = free_port()
            self._write("port", str(port), account)
        return port

    def port(self) -> int:
        """Return the port of the running server, or the one it last had."""
        return int(self._read("port"))

    def socket(self, port: int) -> Path:
        """Return where the server's Unix socket is, where it has one."""
        return self.cluster / f".s.PGSQL.{port}"

    def postmaster_pid(self) -> int | None:
        """Return the process id that the server wrote down, alive or not."""
        lines = self._postmaster_lines()
        return int(lines[_PID_LINE]) if lines else None

    def ready_port(self) -> int | None:
        """Return the port at which the server says that it takes connections."""
        lines = self._postmaster_lines()
        if len(lines) <= _READY_LINE or lines[_READY_LINE].strip() != "ready":
            return None
        return int(lines[_PORT_LINE])

    def log_tail(self) -> str:
        """Return the server's last words, for an error's text."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-10:]) or "it wrote nothing"

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _read(self, name: str) -> str:
        try:
            return (self.home / name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            msg = (
                f"{self.home / name} is missing: the embedded Postgres was never started there, or it was deleted"
            )
            raise StorageError(msg) from None

    def _write(self, name: str, text: str, account: Account) -> Path:
        path, unfinished = self.home / name, self.home / f"{name}.new"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        account.own(unfinished)
        return unfinished.rename(path)


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen at the port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port at which nobody listens on the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _make_folder(folder: Path, mode: int) -> None:
    """Make a folder and its parents with the mode, whatever the umask; what exists is left as it is."""
    missing = [step for step in [*reversed(folder.parents), folder] if not step.exists()]
    for step in missing:
        step.mkdir(exist_ok=True)
        step.chmod(mode)


def _open_if_empty(folder: Path) -> None:
    """Let others pass through an empty folder of root's: given to linekeeper, it holds nothing to protect."""
    status = folder.stat()
    if status.st_uid == os.geteuid() and not any(folder.iterdir()):
        folder.chmod(status.st_mode | 0o011)
