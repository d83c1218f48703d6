"""Under which user the embedded server runs: Postgres refuses root, so root hands it to an unprivileged user."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ConfigurationError, StorageError

_UNPRIVILEGED_USERS = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine; `switch` tells whether programs must be started as another user than the present."""

    name: str
    uid: int
    gid: int
    switch: bool

    @property
    def identity(self) -> dict[str, Any]:
        """Return the options with which `subprocess` starts a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def run(self, command: list[str | Path], **options: Any) -> "subprocess.CompletedProcess[str]":  # noqa: ANN401
        """Run a program as this user, from the root folder, and return how it ended.

        Raises:
            StorageError: The program could not be started at all.
        """
        try:
            return subprocess.run(  # noqa: S603
                command, check=False, text=True, cwd="/", umask=0o077, **self.identity, **options
            )
        except OSError as error:
            msg = f"{command[0]} cannot be run as user {self.name}: {error.strerror}"
            raise StorageError(msg) from error

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def server_account(cluster: Path) -> Account:
    """Return who runs the server: the present user, or for root the data's owner or an unprivileged user.

    Raises:
        StorageError: Root, and no unprivileged user exists on this machine.
    """
    if os.geteuid() != 0:
        return Account(_name_of(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
    if cluster.exists() and (status := cluster.stat()).st_uid != 0:
        return Account(_name_of(status.st_uid), status.st_uid, status.st_gid, switch=True)
    for name in _UNPRIVILEGED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, switch=True)
    msg = (
        f"Postgres does not run as root, and none of the users {', '.join(_UNPRIVILEGED_USERS)} exists here "
        "to run it; run linekeeper as another user or set DATABASE_URL"
    )
    raise StorageError(msg)


def require_reachable(folder: Path, account: Account) -> None:
    """Raise ConfigurationError, naming the folder that blocks, where the account cannot enter the folder."""
    path = folder.resolve()
    chain = [str(step) for step in [*reversed(path.parents), path]]
    script = 'for step; do test -x "$step" || { printf %s "$step"; exit 1; }; done'
    answer = account.run(["/bin/sh", "-c", script, "sh", *chain], capture_output=True)
    if answer.returncode != 0:
        msg = (
            f"the embedded Postgres runs as user {account.name}, who cannot enter {answer.stdout}; "
            f"let that user in (chmod o+x {answer.stdout}) or set LINEKEEPER_DATA_DIR to a folder elsewhere, "
            "such as /var/lib/linekeeper"
        )
        raise ConfigurationError(msg)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
