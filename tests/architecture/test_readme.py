"""The README says what there is: every command, every target, and nothing that is not there."""

import re
from pathlib import Path

import click
import pytest
import typer

from handlers.cli.main import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Return every command of `odds`, groups' commands with their group's name."""
    root = typer.main.get_command(app)
    assert isinstance(root, click.Group | typer.core.TyperGroup)
    found = []
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        found += [name] if inner is None else [f"{name} {one}" for one in inner]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"`{command}[ `]", README)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"(?m)(?:^|`)odds ([a-z]+(?: [a-z-]+)?)", README))))
def test_every_command_that_the_readme_names_exists(named: str) -> None:
    assert any(command == named or command.split()[0] == named.split(maxsplit=1)[0] for command in commands())


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z]+)", README))))
def test_every_make_target_that_the_readme_names_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_folder_that_the_readme_names_exists() -> None:
    folders = re.findall(r"`([a-z]+)/`", README)
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
