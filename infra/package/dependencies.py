"""Install what a package depends on, for the machine it is for, each wheel by its hash."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.package.commands import ran
from infra.package.errors import PackageError
from infra.package.packages import Architecture

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def chosen(requirements: str, wanted: Callable[[str], bool]) -> str:
    r"""Return those hashed requirements whose name, in lower case, is wanted.

    >>> print(chosen("a==1 \\\n    --hash=x\nb==2 \\\n    --hash=y\n", {"b"}.__contains__), end="")
    b==2 \
        --hash=y
    """
    return "".join(entry for entry in _entries(requirements) if wanted(_name(entry)))


def install(requirements: Path, target: Path, *, uv: Path, architecture: Architecture, python: str) -> None:
    """Install hashed requirements into a folder, wheels alone, for another machine than this one perhaps.

    Args:
        requirements: A file that names everything, what is required by others too.
        target: The folder.
        uv: What installs.
        architecture: What the machine is.
        python: The minor version of its Python.

    Raises:
        PackageError: A wheel for the target is missing, is not the one that was pinned, or cannot be fetched.
    """
    ended = ran(
        *(uv, "pip", "install", "--quiet", "--target", target, "--no-deps"),
        *("--only-binary", ":all:", "--require-hashes", "--link-mode", "copy", "--no-python-downloads"),
        *("--python-platform", architecture.platform, "--python-version", python, "-r", requirements),
    )
    if ended.returncode != 0:
        msg = (
            f"what {requirements.name} pins cannot be had as wheels for Python {python} on {architecture} "
            f"({architecture.platform}):\n{ended.stderr.strip()}"
        )
        raise PackageError(msg)


def _entries(requirements: str) -> Iterator[str]:
    """Yield each requirement with its lines of hashes."""
    entry = ""
    for line in requirements.splitlines(keepends=True):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        entry += line
        if not line.rstrip().endswith("\\"):
            yield entry
            entry = ""


def _name(entry: str) -> str:
    named = _NAME.match(entry)
    return named[0].lower() if named else ""
