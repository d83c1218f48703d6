"""The commands that a report suggests can be run as they stand, from the shell that made it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.cli.next_steps import prepared

BINARIES = Path(sys.executable).parent


def test_a_shell_that_does_not_find_the_command_is_told_how(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not (BINARIES / "activate").is_file():
        pytest.skip("the tests run in no environment of their own")
    bare = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "odds").exists()
    )
    monkeypatch.setenv("PATH", bare)
    monkeypatch.chdir(BINARIES.parent)
    assert prepared(["odds --version"], own_server=False)[0] == f"source {BINARIES.name}/activate"
    monkeypatch.chdir(tmp_path)
    script = "\n".join(prepared(["odds --version"], own_server=False))
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.startswith("linekeeper ")


def test_a_shell_that_finds_it_is_told_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(BINARIES))
    assert prepared(["odds status show"], own_server=False) == ["odds status show"]


def test_a_password_that_is_left_out_is_told_as_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(BINARIES))
    told, command = prepared(['psql "postgresql://me@db/x"'], own_server=True)
    assert told.startswith("# ")
    assert "password" in told
    assert command == 'psql "postgresql://me@db/x"'
