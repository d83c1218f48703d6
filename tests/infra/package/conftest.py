"""Packages that are really built, where this machine has what builds them, and an index of one wheel."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.package.errors import PackageError
from infra.package.interpreters import find_uv
from infra.package.packages import Architecture
from tests.lambda_runtime.packaged import Packaged

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def uv() -> Path:
    """Return uv, or skip where there is none."""
    try:
        return find_uv(ROOT)
    except PackageError as error:
        pytest.skip(str(error))


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Architecture], Path]:
    """Return what offers one wheel for one machine in an index of its own, and returns its pinned requirement."""

    def offer(name: str, architecture: Architecture) -> Path:
        folder = tmp_path / "simple" / name
        folder.mkdir(parents=True)
        machine, _, system = architecture.platform.partition("-")
        tag = f"cp313-cp313-{system}_{machine}"
        wheel = folder / f"{name}-1.0-{tag}.whl"
        about = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{name}.py", "HERE = True\n")
            archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            archive.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n")
            archive.writestr(f"{about}/RECORD", "")
        (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
        monkeypatch.setenv("UV_DEFAULT_INDEX", (tmp_path / "simple").as_uri())
        requirements = tmp_path / "pinned.txt"
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        requirements.write_text(f"{name}==1.0 \\\n    --hash=sha256:{digest}\n")
        return requirements

    return offer


@pytest.fixture(scope="session")
def collector(built: dict[str, Packaged]) -> Packaged:
    """Return the collector's package for this machine, unpacked, or skip where it cannot be built."""
    if not built:
        pytest.skip("the packages cannot be built here")
    return built["collector"]
