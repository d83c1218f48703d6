"""Byte code is used as it is: no date is looked at, and no build differs from another."""

import sys
from pathlib import Path

import pytest

from infra.package.bytecode import compile_modules
from infra.package.errors import PackageError

PYTHON = Path(sys.executable)
MODULE = 'WORDS = {"one", "two", "three", "four"}\ndef f(x):\n    return x in {"five", "six", "seven", "eight"}\n'
UNCHECKED = 1


def compiled(folder: Path) -> bytes:
    folder.mkdir()
    (folder / "module.py").write_text(MODULE)
    compile_modules(folder, PYTHON)
    [found] = (folder / "__pycache__").iterdir()
    return found.read_bytes()


def test_the_byte_code_is_the_same_each_time_and_is_not_checked_against_its_source(tmp_path: Path) -> None:
    first, second = compiled(tmp_path / "first"), compiled(tmp_path / "second")
    assert first == second
    assert int.from_bytes(first[4:8], "little") == UNCHECKED


def test_a_traceback_names_the_place_where_lambda_unpacks_the_module(tmp_path: Path) -> None:
    assert b"/var/task/module.py" in compiled(tmp_path / "task")


def test_a_module_that_the_target_cannot_compile_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    with pytest.raises(PackageError, match=r"cannot compile the package:\n[\s\S]*broken\.py"):
        compile_modules(tmp_path, PYTHON)
