"""A package has what its function imports, at once or later, and nothing besides."""

from pathlib import Path

import pytest

from infra.package.errors import PackageError
from infra.package.reach import reached_files

ROOT = Path(__file__).parents[3]
PROJECT = '[tool.setuptools.package-data]\nstorage = ["sql/**/*.sql"]\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": PROJECT,
        "core/__init__.py": "",
        "core/clock.py": "import json\n",
        "core/late.py": "",
        "core/types.py": "",
        "core/unused.py": "",
        "storage/__init__.py": "",
        "storage/deep/__init__.py": "",
        "storage/deep/rows.py": "",
        "storage/sql/a/view.sql": "",
        "handlers/__init__.py": "",
        "handlers/job.py": (
            "from typing import TYPE_CHECKING\n"
            "import core.clock\n"
            "from storage.deep import rows\n"
            "if TYPE_CHECKING:\n    from core import types\n"
            "def run():\n    from core.late import thing\n"
        ),
        "migrations/versions/0001_first.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_module_comes_with_all_that_it_imports_its_folders_and_their_data(checkout: Path) -> None:
    assert [file.as_posix() for file in reached_files(checkout, ["handlers.job"])] == [
        "core/__init__.py",
        "core/clock.py",
        "core/late.py",
        "handlers/__init__.py",
        "handlers/job.py",
        "storage/__init__.py",
        "storage/deep/__init__.py",
        "storage/deep/rows.py",
        "storage/sql/a/view.sql",
    ]


def test_a_folder_comes_with_all_its_modules(checkout: Path) -> None:
    assert reached_files(checkout, ["migrations"]) == [Path("migrations/versions/0001_first.py")]


def test_a_module_that_is_not_there_is_named(checkout: Path) -> None:
    with pytest.raises(PackageError, match=r"no module handlers\.none"):
        reached_files(checkout, ["handlers.none"])


def test_the_collector_carries_no_command_no_simulation_and_no_embedded_server() -> None:
    carried = {file.as_posix() for file in reached_files(ROOT, ["handlers.functions"])}
    foreign = ("handlers/cli/", "core/simulation/", "storage/embedded", "analytics/", "migrations/", "tests/")
    assert "handlers/fetch_odds.py" in carried
    assert "storage/sql/statements/store_snapshots.sql" in carried
    assert [file for file in carried if file.startswith(foreign)] == []
