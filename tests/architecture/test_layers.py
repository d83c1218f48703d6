"""Imports point down, and what is pure stays so."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

UNMANAGED_TIME = {"now", "today", "utcnow"}


def pure_files(root: Path) -> list[Path]:
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [pure] = [contract for contract in contracts if contract["name"] == "Pure modules do no I/O"]
    places = [root.joinpath(*module.split(".")) for module in pure["source_modules"]]
    return [
        file
        for place in places
        for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")])
    ]


def test_every_import_keeps_the_contracts(root: Path) -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    checked = subprocess.run(command, cwd=root, capture_output=True, check=False, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_pure_module_asks_for_the_time(root: Path) -> None:
    asking = [
        f"{file.relative_to(root)}:{node.lineno}"
        for file in pure_files(root)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in UNMANAGED_TIME
    ]
    assert not asking, f"pure modules are told the time: {asking}"
