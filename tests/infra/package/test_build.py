"""A package that was really built: the same bytes each time, what Lambda needs, and nothing besides."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.package.build import Target, fill
from infra.package.manifest import sha256_of
from infra.package.packages import PACKAGES, Architecture
from tests.lambda_runtime.packaged import Packaged, build_here

ROOT = Path(__file__).parents[3]
ELF_MACHINE_AT, AARCH64 = 18, 183
MOST_UNPACKED = 250_000_000
IMPORT_ALL = """
import importlib, json, pathlib, sys
own = ("core", "storage", "analytics", "handlers")
files = [f for name in own for f in pathlib.Path(sys.argv[1], name).rglob("*.py") if f.name != "__init__.py"]
for file in files:
    importlib.import_module(".".join(file.relative_to(sys.argv[1]).with_suffix("").parts))
print(json.dumps({"imported": len(files)}))
"""


@pytest.mark.slow
def test_building_again_gives_the_same_bytes_the_same_manifest_and_the_same_bill(
    collector: Packaged, tmp_path: Path
) -> None:
    first, again = collector.built.archive, build_here("collector", tmp_path).archive
    assert sha256_of(again) == sha256_of(first)
    for suffix in (".manifest.json", ".sbom.json"):
        assert again.with_suffix(suffix).read_text() == first.with_suffix(suffix).read_text()


def imported(packaged: Packaged) -> int:
    """Import every module of the project that a package has, and return how many those are."""
    ended = subprocess.run(
        [packaged.python, *packaged.arguments, "-c", IMPORT_ALL, str(packaged.task)],
        env={"PYTHONPATH": packaged.python_path, "PYTHONWARNINGS": "error", "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return int(json.loads(ended.stdout)["imported"])


@pytest.mark.slow
def test_every_module_of_the_zip_can_be_imported_with_what_the_zip_and_lambda_bring(collector: Packaged) -> None:
    assert imported(collector) > 50


@pytest.fixture(scope="module", params=[package.name for package in PACKAGES if package.name != "collector"])
def other(collector: Packaged, built: dict[str, Packaged], request: pytest.FixtureRequest) -> Packaged:
    return built[request.param]


@pytest.mark.slow
def test_so_can_every_module_of_the_other_packages(other: Packaged) -> None:
    assert imported(other) > 20


@pytest.mark.slow
def test_every_package_is_within_what_lambda_unpacks(collector: Packaged, other: Packaged) -> None:
    for packaged in (collector, other):
        assert sum(file.stat().st_size for file in packaged.task.rglob("*") if file.is_file()) < MOST_UNPACKED


@pytest.mark.slow
def test_the_zip_leaves_out_what_lambda_brings_and_what_only_others_need(collector: Packaged) -> None:
    with zipfile.ZipFile(collector.built.archive) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {"core", "storage", "handlers", "asyncpg", "aiohttp"} <= tops
    assert not tops & {"boto3", "botocore", "numpy", "alembic", "typer", "analytics", "migrations", "tests"}
    modules = [name for name in names if name.endswith(".py")]
    compiled = {name.replace("__pycache__/", "").split(".cpython")[0] for name in names if name.endswith(".pyc")}
    assert {name.removesuffix(".py") for name in modules} == compiled


def test_a_package_for_arm_is_laid_out_with_libraries_for_arm(uv: Path, tmp_path: Path) -> None:
    target = Target(Architecture.ARM64, "3.13")
    fill(tmp_path / "task", PACKAGES[0], target, root=ROOT, uv=uv)
    libraries = list((tmp_path / "task").rglob("*.so"))
    assert len(libraries) > 10
    machines = {
        int.from_bytes(file.read_bytes()[ELF_MACHINE_AT : ELF_MACHINE_AT + 2], "little") for file in libraries
    }
    assert machines == {AARCH64}
