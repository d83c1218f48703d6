"""No file is too long to be read in one go."""

from pathlib import Path

FOLDERS = ("core", "storage", "analytics", "handlers", "infra", "migrations", "tests")
MOST_LINES = 300


def test_no_file_is_too_long(root: Path) -> None:
    too_long = [
        f"{file.relative_to(root)}: {lines} lines"
        for folder in FOLDERS
        for file in sorted((root / folder).rglob("*.py"))
        if not file.is_relative_to(root / "migrations" / "versions")
        and (lines := len(file.read_text().splitlines())) > MOST_LINES
    ]
    assert not too_long, "\n".join(too_long)
