"""Find uv, and a Python of a minor version: byte code is only good for the version that made it."""

import os
import shutil
from pathlib import Path

from infra.package.commands import ran
from infra.package.errors import PackageError

_TELL = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"


def find_uv(root: Path) -> Path:
    """Return uv: the one of the PATH, or the one that make has fetched into .tools.

    Raises:
        PackageError: There is none.
    """
    found = shutil.which("uv") or shutil.which(root / ".tools" / "uv" / "bin" / "uv")
    if found is None:
        raise PackageError("there is no uv, on the PATH or in .tools/uv: `make setup` fetches it")
    return Path(found)


def find_python(minor: str, uv: Path) -> Path:
    """Return a Python of a minor version such as 3.13: of the PATH, behind pyenv's shims, or kept by uv.

    Raises:
        PackageError: There is none.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    candidates = [Path(folder, name) for folder in folders for name in (f"python{minor}", "python3")]
    kept = ran(uv, "python", "find", "--managed-python", "--no-python-downloads", "--no-project", minor)
    candidates += [Path(kept.stdout.strip())] if kept.returncode == 0 else []
    for candidate in candidates:
        if candidate.is_file() and (found := _answer(candidate, minor)):
            return found
    msg = (
        f"there is no Python {minor} to compile byte code with, and Lambda would compile at every cold start: "
        f"`{uv} python install {minor}` brings one, and any python{minor} on the PATH is found"
    )
    raise PackageError(msg)


def _answer(candidate: Path, minor: str) -> Path | None:
    """Return where the interpreter is that the candidate runs, if it runs at all and is of the version."""
    told = ran(candidate, "-I", "-c", _TELL, environment={**os.environ, "PYENV_VERSION": minor})
    version, _, executable = told.stdout.strip().partition(" ")
    return Path(executable) if told.returncode == 0 and version == minor else None
