"""Compile a package's modules, so that no cold start has to."""

from pathlib import Path

from infra.package.commands import ran
from infra.package.errors import PackageError

TASK_ROOT = "/var/task"
"""Where Lambda unpacks a function."""


def compile_modules(folder: Path, python: Path) -> None:
    """Put the byte code of every module beside it; it is used without a look at the source's date.

    One process compiles all, with one seed of hashes: what it writes is then the same each time.

    Raises:
        PackageError: A module cannot be compiled by that Python.
    """
    ended = ran(
        *(python, "-s", "-S", "-P", "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"),
        *("-s", folder, "-p", TASK_ROOT, folder),
        environment={"PYTHONHASHSEED": "0"},
    )
    if ended.returncode != 0:
        raise PackageError(f"{python} cannot compile the package:\n{(ended.stdout + ended.stderr).strip()}")
