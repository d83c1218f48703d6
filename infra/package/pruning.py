"""Take away what a running function never reads, and what would differ from one build to the next."""

import shutil
from pathlib import Path

from infra.package.elf import stripped

_FOLDERS = frozenset({"__pycache__", "bin", "include", "tests"})
_NOT_FOR_FUNCTIONS = (
    "numpy/f2py",
    "sqlalchemy/dialects/mssql",
    "sqlalchemy/dialects/mysql",
    "sqlalchemy/dialects/oracle",
    "sqlalchemy/dialects/sqlite",
    "sqlalchemy/testing",
)
_SOURCES = frozenset(
    {".asm", ".c", ".cpp", ".h", ".hpp", ".lib", ".md", ".obj", ".pxd", ".pxi", ".pyi", ".pyx", ".rst"}
)
_OF_AN_INSTALLATION = frozenset({".lock", "INSTALLER", "RECORD", "REQUESTED", "WHEEL", "direct_url.json"})


def prune(folder: Path) -> None:
    """Leave code, metadata and licences; libraries lose their symbols."""
    for name in _NOT_FOR_FUNCTIONS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and path.name in _FOLDERS:
            shutil.rmtree(path)
        elif path.is_file() and _is_left_out(path):
            path.unlink()
        elif path.suffix == ".so" and not path.is_symlink():
            path.write_bytes(stripped(path.read_bytes()))


def _is_left_out(path: Path) -> bool:
    if path.name in _OF_AN_INSTALLATION:
        return True
    is_licence = any(part.endswith(".dist-info") for part in path.parts)
    return path.suffix in _SOURCES and not is_licence
