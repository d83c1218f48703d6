"""Build a zip that Lambda runs, with its manifest and its bill of materials beside it."""

import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from infra.package.archive import write_zip
from infra.package.bytecode import compile_modules
from infra.package.dependencies import chosen, install
from infra.package.interpreters import find_python, find_uv
from infra.package.manifest import manifest, write_manifest
from infra.package.packages import OF_THE_RUNTIME, Architecture, Package
from infra.package.pruning import prune
from infra.package.reach import reached_files
from infra.package.sbom import bill_of_materials


@dataclass(frozen=True, slots=True)
class Target:
    """What a zip is for: a machine, and the minor version of its Python."""

    architecture: Architecture
    python: str


@dataclass(frozen=True, slots=True)
class Built:
    """A zip that was built, and its sizes in bytes."""

    archive: Path
    sha256: str
    size: int
    unpacked_size: int


def build(package: Package, target: Target, *, root: Path, output: Path) -> Built:
    """Build a package of a checkout into a folder, in place of what was there.

    Raises:
        PackageError: Something is missing: a module, a wheel for the target, uv, or a Python to compile with.
    """
    uv = find_uv(root)
    python = find_python(target.python, uv)
    name = f"{package.name}-{target.architecture}"
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="linekeeper-package-") as temporary:
        folder = Path(temporary, "task")
        fill(folder, package, target, root=root, uv=uv)
        compile_modules(folder, python)
        archive = output / f"{name}.zip"
        write_zip(folder, archive)
        content = manifest(
            archive, package, root=root, architecture=target.architecture, python=python, version=version
        )
        write_manifest(archive.with_suffix(".manifest.json"), content)
        bill = bill_of_materials(folder, name=name, version=version, sha256=content["sha256"])
        archive.with_suffix(".sbom.json").write_text(bill, encoding="utf-8")
    return Built(archive, content["sha256"], content["bytes"], content["unpacked_bytes"])


def fill(folder: Path, package: Package, target: Target, *, root: Path, uv: Path) -> None:
    """Lay out in a folder what a function's zip holds, not yet compiled."""
    pinned = (root / "requirements" / package.requirements).read_text(encoding="utf-8")
    folder.mkdir()
    requirements = folder.parent / package.requirements
    requirements.write_text(chosen(pinned, lambda name: name not in OF_THE_RUNTIME), encoding="utf-8")
    install(requirements, folder, uv=uv, architecture=target.architecture, python=target.python)
    prune(folder)
    for file in reached_files(root, package.roots):
        (folder / file.parent).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, folder / file)
