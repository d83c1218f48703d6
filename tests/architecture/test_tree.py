"""What is in the repository: the agreed folders, and nothing of the machine it was written on."""

import re
from pathlib import Path

FOLDERS = {
    "analytics",
    "core",
    "handlers",
    "infra",
    "migrations",
    "requirements",
    "storage",
    "tests",
    ".ci",
    ".github",
}
FILES = {
    ".dockerignore",
    ".env.example",
    ".gitignore",
    ".pre-commit-config.yaml",
    "Dockerfile",
    "Makefile",
    "README.md",
    "docker-compose.yml",
    "pyproject.toml",
}
OF_A_MACHINE = {
    "the host of a package registry": re.compile(
        r"py" r"pi\.org|python" r"hosted|index-" r"url\s*=|npm" r"js\.org"
    ),
    "a home folder": re.compile(r"/(?:home|Us" r"ers)/[a-z]\w+/|/ro" r"ot/\w"),
}


def test_the_top_level_holds_only_the_agreed_entries(tracked: list[Path]) -> None:
    assert {path.parts[0] for path in tracked} <= FOLDERS | FILES


def test_no_lock_file_that_names_hosts_is_tracked(tracked: list[Path]) -> None:
    assert not [path for path in tracked if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}]


def test_no_environment_file_is_tracked(tracked: list[Path]) -> None:
    assert not [path for path in tracked if path.name.startswith(".env") and path.name != ".env.example"]


def test_nothing_of_a_machine_is_in_any_file(root: Path, tracked: list[Path]) -> None:
    found = [
        f"{path}: {what}"
        for path in tracked
        for what, pattern in OF_A_MACHINE.items()
        if pattern.search((root / path).read_text(errors="replace"))
    ]
    assert not found, "\n".join(found)
