"""A stripped library is smaller, and the loader finds in it what it found before."""

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.package.elf import stripped

CODE = "int twice(int n) { return 2 * n; }\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a shared library with symbols for debugging, or skip where no compiler is."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("there is no C compiler for ELF libraries here")
    source, made = tmp_path / "twice.c", tmp_path / "twice.so"
    source.write_text(CODE)
    subprocess.run([compiler, "-g", "-shared", "-fPIC", "-o", made, source], check=True)
    return made


def test_a_stripped_library_is_smaller_and_still_loads(library: Path, tmp_path: Path) -> None:
    lighter = tmp_path / "lighter.so"
    lighter.write_bytes(stripped(library.read_bytes()))
    assert lighter.stat().st_size < library.stat().st_size
    assert ctypes.CDLL(str(lighter)).twice(21) == 42


def test_stripping_again_changes_nothing(library: Path) -> None:
    once = stripped(library.read_bytes())
    assert stripped(once) == once


@pytest.mark.parametrize(
    "content",
    [b"", b"not a library", b"\x7fELF\x01\x01" + bytes(80)],
    ids=["empty", "text", "of 32 bits"],
)
def test_what_is_no_library_of_64_bits_stays_as_it_is(content: bytes) -> None:
    assert stripped(content) == content
