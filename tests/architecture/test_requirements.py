"""Every installed package is pinned with its hashes, and each file brings what it is for and no more."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

NAME = re.compile(r"^[A-Za-z0-9._-]+")
FILES = ("dev.txt", "lambda.txt", "lambda-migrate.txt", "runtime.txt", "uv.txt")


def entries(root: Path, file: str) -> list[str]:
    joined = (root / "requirements" / file).read_text().replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def pins(root: Path, file: str) -> set[str]:
    return {entry.split(" ")[0] for entry in entries(root, file)}


def names(requirements: Iterable[str]) -> set[str]:
    return {match[0].lower() for requirement in requirements if (match := NAME.match(requirement))}


def asked(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())


@pytest.mark.parametrize("file", FILES)
def test_s7_every_requirement_is_one_version_with_hashes(root: Path, file: str) -> None:
    assert entries(root, file)
    loose = [entry for entry in entries(root, file) if "==" not in entry or "--hash=sha256:" not in entry]
    assert not loose


@pytest.mark.parametrize("file", FILES)
def test_no_requirement_names_where_it_came_from(root: Path, file: str) -> None:
    assert not re.search(r"https?:|file:| @ |--index|--extra-index|--find-links", "\n".join(entries(root, file)))


def test_the_files_agree_on_every_version(root: Path) -> None:
    assert (
        pins(root, "lambda.txt")
        <= pins(root, "lambda-migrate.txt")
        <= pins(root, "runtime.txt")
        <= pins(root, "dev.txt")
    )


def test_each_file_brings_what_the_project_asks_for(root: Path) -> None:
    project = asked(root)
    functions = names(project["project"]["dependencies"])
    local = names(project["project"]["optional-dependencies"]["local"])
    dev = names(entry for entry in project["dependency-groups"]["dev"] if isinstance(entry, str))
    assert functions <= names(entries(root, "lambda.txt"))
    assert functions | local <= names(entries(root, "runtime.txt"))
    assert functions | local | dev <= names(entries(root, "dev.txt"))


def test_functions_carry_nothing_that_only_a_machine_of_ones_own_needs(root: Path) -> None:
    local = names(asked(root)["project"]["optional-dependencies"]["local"])
    assert not local & names(entries(root, "lambda.txt"))
