"""What the targets of the Makefile leave alone, and what they pass on."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.conftest import ROOT

PYTHON = """#!/bin/sh
for last; do :; done
[ "$last" = requirements/uv.txt ] && mkdir -p .tools/uv/bin && touch .tools/uv/bin/uv
"""


def make(folder: Path, *arguments: str) -> str:
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=folder, env={"PATH": path}, capture_output=True, check=True, text=True
    ).stdout


def test_to_fetch_uv_anew_leaves_checkov_in_place(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements/uv.txt", ".tools/checkov/bin/checkov", ".tools/uv/old"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "python3").write_text(PYTHON)
    (tmp_path / "python3").chmod(0o755)
    make(tmp_path, ".tools/uv/bin/uv")
    left = {file.relative_to(tmp_path / ".tools").as_posix() for file in (tmp_path / ".tools").rglob("*")}
    assert left == {"checkov", "checkov/bin", "checkov/bin/checkov", "uv", "uv/bin", "uv/bin/uv"}


@pytest.mark.parametrize("target", ["bench", "chaos"])
def test_a_target_passes_its_arguments_on(target: str) -> None:
    ran = make(ROOT, "--dry-run", target, "ARGS=--only-this")
    assert ran.splitlines()[-1].endswith(" --only-this")
