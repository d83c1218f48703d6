"""Which of the project's own files a function needs: what its modules import, and what they import in turn."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.package.errors import PackageError

FOLDERS = ("core", "storage", "analytics", "handlers", "migrations")


def reached_files(root: Path, modules: Iterable[str]) -> list[Path]:
    """Return the files, relative to the root, that the modules and all that they import are made of, sorted.

    An import that waits in a function counts; one for the type checker alone does not. With a module of a folder
    come its `__init__` files and the data that pyproject.toml gives the folder.

    Raises:
        PackageError: A module is not there.
    """
    found: set[Path] = set()
    waiting = [file for module in modules for file in _root_files(root, module)]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        waiting += [parent / "__init__.py" for parent in file.parents if (root / parent / "__init__.py").is_file()]
        waiting += [one for name in _imported(root / file) if (one := _file_of(root, name))]
    return sorted(found | set(_data(root, {file.parts[0] for file in found})))


def _root_files(root: Path, module: str) -> list[Path]:
    folder = root.joinpath(*module.split("."))
    if folder.is_dir():
        return [file.relative_to(root) for file in folder.rglob("*.py")]
    if file := _file_of(root, module):
        return [file]
    raise PackageError(f"there is no module {module} to package")


def _file_of(root: Path, name: str) -> Path | None:
    parts = name.split(".")
    if parts[0] not in FOLDERS:
        return None
    module, package = Path(*parts).with_suffix(".py"), Path(*parts, "__init__.py")
    return next((file for file in (module, package) if (root / file).is_file()), None)


def _imported(file: Path) -> Iterator[str]:
    """Yield each name that the file imports, and for `from a import b` also `a.b`, which may be a module."""
    waiting: list[ast.AST] = [ast.parse(file.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _data(root: Path, folders: set[str]) -> Iterator[Path]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]
    for folder in sorted(folders & patterns.keys()):
        for pattern in patterns[folder]:
            yield from (file.relative_to(root) for file in (root / folder).glob(pattern))
