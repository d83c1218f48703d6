"""`python -m infra.package`, as a person runs it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def ran(*arguments: str, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.package", *arguments]
    return subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, check=False, text=True)


def test_help_says_what_there_is_and_for_which_machines() -> None:
    told = ran("--help").stdout
    assert "collector" in told
    assert "{arm64,x86_64}" in told


def test_a_package_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    ended = ran("heartbeat")
    assert ended.returncode == 2
    assert "there is no package heartbeat; there are collector" in ended.stderr


def test_what_is_missing_is_told_in_one_line_and_nothing_is_left_behind(tmp_path: Path) -> None:
    ended = ran("collector", "--python", "3.99", "--output", str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: there is no ")
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
