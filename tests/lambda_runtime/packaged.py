"""A built package as Lambda unpacks it, and the runtime that Lambda brings: its client and boto3."""

import platform
import re
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra.package.build import Built, Target, build
from infra.package.commands import ran
from infra.package.dependencies import chosen, install
from infra.package.errors import PackageError
from infra.package.interpreters import find_python, find_uv
from infra.package.packages import OF_THE_RUNTIME, PACKAGES, TARGET_PYTHON, Architecture
from tests.lambda_runtime.sandbox import CHECKOUT

_CLIENT = frozenset({"awslambdaric", "simplejson", "snapshot-restore-py"})
_UNREACHABLE = re.compile(r"Failed to fetch|error sending request|dns error|Network connectivity is disabled")


class CannotBuildHereError(Exception):
    """This machine lacks what building takes; the text says what."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package and where it lies unpacked, beside the runtime, and the Python that runs both."""

    built: Built
    task: Path
    runtime: Path
    python: Path

    @property
    def arguments(self) -> list[str]:
        """Return what keeps everything else that is installed for this Python out of sight."""
        return ["-s", "-S"]

    @property
    def python_path(self) -> str:
        """Return where modules are looked for: Lambda looks into the function first."""
        return f"{self.task}:{self.runtime}"

    def version(self) -> str:
        """Return which Python it is, such as Python 3.13.1."""
        return ran(self.python, "-V").stdout.strip()


def host_target() -> Target:
    """Return this machine as a target: with the Python of Lambda where it is found, else with this one's.

    Raises:
        CannotBuildHereError: There is no uv.
    """
    machine = platform.machine().lower()
    architecture = Architecture.ARM64 if machine in {"arm64", "aarch64"} else Architecture.X86_64
    try:
        uv = find_uv(CHECKOUT)
    except PackageError as error:
        raise CannotBuildHereError(str(error)) from error
    try:
        find_python(TARGET_PYTHON, uv)
    except PackageError:
        return Target(architecture, "{}.{}".format(*sys.version_info))
    return Target(architecture, TARGET_PYTHON)


def build_here(name: str, folder: Path) -> Built:
    """Build a package for this machine.

    Raises:
        CannotBuildHereError: There is no uv, or what is pinned cannot be fetched.
    """
    [package] = [one for one in PACKAGES if one.name == name]
    try:
        return build(package, host_target(), root=CHECKOUT, output=folder)
    except PackageError as error:
        raise _unless_unreachable(error) from error


def unpack(built: Built, folder: Path) -> Packaged:
    """Unpack a package, and install the runtime beside it.

    Raises:
        CannotBuildHereError: As `build_here` raises it.
    """
    with zipfile.ZipFile(built.archive) as archive:
        archive.extractall(folder / "task")
    target, uv = host_target(), find_uv(CHECKOUT)
    pinned = (CHECKOUT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    requirements = folder / "runtime.txt"
    requirements.write_text(chosen(pinned, (_CLIENT | OF_THE_RUNTIME).__contains__), encoding="utf-8")
    try:
        install(
            requirements,
            folder / "runtime",
            uv=uv,
            architecture=target.architecture,
            python=target.python,
        )
    except PackageError as error:
        raise _unless_unreachable(error) from error
    return Packaged(built, folder / "task", folder / "runtime", find_python(target.python, uv))


def _unless_unreachable(error: PackageError) -> Exception:
    return CannotBuildHereError(str(error)) if _UNREACHABLE.search(str(error)) else error
