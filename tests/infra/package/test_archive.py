"""A zip is the same, byte for byte, whoever wrote it, when, and in which order the files came."""

import os
import zipfile
from pathlib import Path

import pytest

from infra.package.archive import write_zip


def folder_of(place: Path, names: list[str], *, mode: int, time: float) -> Path:
    for name in names:
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"text of {name}")
        file.chmod(mode)
        os.utime(file, (time, time))
    return place


def test_the_same_files_give_the_same_bytes_whatever_their_dates_modes_and_order(tmp_path: Path) -> None:
    names = ["b/two.py", "a.py", "b/one.py"]
    first = folder_of(tmp_path / "first", names, mode=0o600, time=1_000_000_000)
    second = folder_of(tmp_path / "second", names[::-1], mode=0o755, time=1_700_000_000)
    write_zip(first, tmp_path / "first.zip")
    write_zip(second, tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_every_file_may_be_read_by_whoever_runs_the_function(tmp_path: Path) -> None:
    write_zip(folder_of(tmp_path / "task", ["a.py"], mode=0o600, time=0), tmp_path / "task.zip")
    with zipfile.ZipFile(tmp_path / "task.zip") as archive:
        [entry] = archive.infolist()
    assert (entry.external_attr >> 16, entry.create_system, entry.date_time[0]) == (0o100644, 3, 1980)


def test_a_zip_that_cannot_be_finished_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "task.zip"
    target.write_text("the old one")
    folder = folder_of(tmp_path / "task", ["a.py"], mode=0o644, time=0)

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        write_zip(folder, target)
    assert target.read_text() == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["task", "task.zip"]
