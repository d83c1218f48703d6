import subprocess
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.embedded_binaries import copy_for_others, find_psql, installation_for, packaged_installations


def test_the_package_brings_its_newest_version_first() -> None:
    majors = [installation.major for installation in packaged_installations()]

    assert majors == sorted(majors, reverse=True)
    assert majors[0] >= 18


def test_a_new_data_folder_gets_the_newest_version(tmp_path: Path) -> None:
    assert installation_for(tmp_path / "cluster") == packaged_installations()[0]


def test_an_old_data_folder_keeps_its_version(tmp_path: Path) -> None:
    oldest = packaged_installations()[-1]
    (tmp_path / "PG_VERSION").write_text(f"{oldest.major}\n")

    assert installation_for(tmp_path) == oldest


def test_a_data_folder_of_a_version_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("9\n")

    with pytest.raises(StorageError, match=rf"{tmp_path} was written by Postgres 9, .*18"):
        installation_for(tmp_path)


def test_a_copy_runs_like_the_original_and_is_made_once(open_folder: Path) -> None:
    original = packaged_installations()[0]
    copied = copy_for_others(original, open_folder / "binaries")
    made = copied.program("initdb").stat().st_mtime_ns

    answer = subprocess.run([copied.program("initdb"), "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.split()[-1] == original.version
    assert copy_for_others(original, open_folder / "binaries") == copied
    assert copied.program("initdb").stat().st_mtime_ns == made


def test_a_copy_replaces_the_one_of_another_version(open_folder: Path) -> None:
    (open_folder / "binaries" / "1.0").mkdir(parents=True)
    copied = copy_for_others(packaged_installations()[0], open_folder / "binaries")

    assert [path.name for path in (open_folder / "binaries").iterdir()] == [copied.version]


def test_psql_is_found() -> None:
    answer = subprocess.run([find_psql(), "--version"], capture_output=True, text=True, check=True)

    assert answer.stdout.startswith("psql")
