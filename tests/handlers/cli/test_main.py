"""The command as a whole: help, version, exit codes, and no traceback for a user's mistake."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

from handlers.cli import main

Odds = Callable[..., Any]
PROGRAM = Path(sys.executable).with_name("odds")


def commands(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, *path, name)


COMMANDS = list(commands(typer.main.get_command(main.app)))


@pytest.mark.parametrize("path", [pytest.param(path, id=" ".join(("odds", *path))) for path in COMMANDS])
def test_every_command_explains_itself(odds: Odds, path: tuple[str, ...]) -> None:
    ran = odds(*path, "--help")
    assert ran.exit_code == 0
    assert "Usage: " in ran.out
    assert len(ran.out.split()) > 25
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_commands_are_those_that_were_promised() -> None:
    assert {" ".join(path) for path in COMMANDS} >= {
        *("demo", "replay", "export recording", "validate daily"),
        *("fetch current", "fetch scores", "fetch events"),
        *("status show", "status quota", "status events", "status runs"),
        *("scheduler start", "scheduler plan", "scheduler next"),
        *("db up", "db down", "db url", "db migrate", "db psql", "db reset", "db schema", "db rebuild"),
    }


def test_the_version_is_the_package_s(odds: Odds) -> None:
    assert odds("--version").out == f"linekeeper {version('linekeeper')}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param((), 2, id="no command"),
        pytest.param(("bet",), 2, id="a command that is none"),
        pytest.param(("status", "runs", "--limit", "0"), 2, id="a value out of range"),
        pytest.param(("validate", "daily", "--date", "yesterday"), 2, id="a date that is none"),
    ],
)
def test_a_wrong_command_line_ends_with_two(odds: Odds, arguments: tuple[str, ...], code: int) -> None:
    ran = odds(*arguments)
    assert ran.exit_code == code
    assert "Traceback" not in ran.err


def test_a_wrong_setting_is_one_message_with_its_name(odds: Odds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("SCHEDULER_BACKEND", "moon")
    ran = odds("status", "show")
    assert ran.exit_code == 1
    assert ran.out == ""
    assert ran.err.startswith("error: these settings are wrong:")
    assert "LOG_LEVEL='LOUD'" in ran.err
    assert "SCHEDULER_BACKEND='moon'" in ran.err


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["odds", "--version"])
    monkeypatch.setattr(main, "version", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main.main()


def test_the_program_is_installed_by_its_name() -> None:
    ran = subprocess.run([PROGRAM, "--version"], capture_output=True, check=True, text=True)
    assert ran.stdout.startswith("linekeeper ")
