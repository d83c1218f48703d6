"""uv and the Python of the target are found where people have them, or the error says what brings them."""

import re
import sys
from pathlib import Path

import pytest

from infra.package.errors import PackageError
from infra.package.interpreters import find_python, find_uv

MINOR = "{}.{}".format(*sys.version_info)
NO_UV = Path("/nowhere/uv")
ROOT = Path(__file__).parents[3]


def program(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)
    return place


def test_the_python_that_answers_is_taken_and_shims_that_lead_nowhere_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "shims" / f"python{MINOR}", "exit 127")
    program(tmp_path / "bin" / f"python{MINOR}", f'exec "{sys.executable}" "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'shims'}:{tmp_path / 'bin'}:/bin:/usr/bin")
    assert find_python(MINOR, NO_UV) == Path(sys.executable)


def test_a_shim_of_pyenv_is_asked_for_the_version_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = f'[ "$PYENV_VERSION" = {MINOR} ] && exec "{sys.executable}" "$@"; exit 127'
    program(tmp_path / f"python{MINOR}", shim)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert find_python(MINOR, NO_UV) == Path(sys.executable)


def test_without_that_python_the_error_says_what_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match=r"no Python 3\.99 .* `/nowhere/uv python install 3\.99`"):
        find_python("3.99", NO_UV)


def test_uv_is_found_on_the_path_before_the_one_that_make_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = re.search(r"^UV := .*,uv,(\S+)\)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert told
    fetched = program(tmp_path / told[1], "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_uv(tmp_path) == fetched
    installed = program(tmp_path / "bin" / "uv", "exit 0")
    assert find_uv(tmp_path) == installed


def test_without_uv_the_error_says_what_fetches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match="`make setup` fetches it"):
        find_uv(tmp_path)
