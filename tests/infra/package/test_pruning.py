"""A package keeps code, metadata and licences, and loses what a running function never reads."""

from pathlib import Path

import pytest

from infra.package.pruning import prune

KEPT = [
    "some/module.py",
    "some/data.json",
    "some/testing/helpers.py",
    "some-1.0.dist-info/METADATA",
    "some-1.0.dist-info/entry_points.txt",
    "some-1.0.dist-info/licenses/LICENSE.md",
]
GONE = [
    ".lock",
    "bin/tool",
    "include/some.h",
    "some/__pycache__/module.cpython-311.pyc",
    "some/fast.pyx",
    "some/module.pyi",
    "some/tests/test_module.py",
    "some-1.0.dist-info/INSTALLER",
    "some-1.0.dist-info/RECORD",
    "sqlalchemy/testing/suite.py",
]


@pytest.fixture
def pruned(tmp_path: Path) -> set[str]:
    for name in KEPT + GONE:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    prune(tmp_path)
    return {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", KEPT)
def test_what_a_function_may_read_is_kept(pruned: set[str], name: str) -> None:
    assert name in pruned


@pytest.mark.parametrize("name", GONE)
def test_what_a_function_never_reads_or_what_differs_by_build_is_gone(pruned: set[str], name: str) -> None:
    assert name not in pruned
