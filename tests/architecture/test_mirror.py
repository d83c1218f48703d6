"""The tests mirror the tree: who knows a module knows where its tests are."""

import ast
from pathlib import Path

PACKAGES = ("core", "storage", "analytics", "handlers", "infra")
CODE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
EXEMPT = {
    "core/errors.py": "declares types only",
    "core/models/analytics.py": "declares tables only; the migration is compared with them",
    "core/models/columns.py": "spells columns of the tables; the migration is compared with them",
    "core/models/core_betting.py": "declares tables only; the migration is compared with them",
    "core/models/operational.py": "declares tables only; the migration is compared with them",
    "core/models/raw_data.py": "declares tables only; the migration is compared with them",
    "core/feed/values.py": "declares types only",
    "core/football_data/values.py": "declares types only",
    "core/triggers/base.py": "declares a type and a Protocol only",
    "infra/package/errors.py": "declares types only",
    "handlers/cli/options.py": "declares options only; the commands that take them are tested",
    "core/simulation/source.py": "declares a Protocol only",
}


def mirrored(module: Path) -> Path:
    return Path("tests") / module.parent / f"test_{module.name}"


def modules(root: Path) -> list[Path]:
    return [
        file.relative_to(root)
        for package in PACKAGES
        for file in sorted((root / package).rglob("*.py"))
        if file.name != "__init__.py"
    ]


def test_every_module_has_its_mirrored_test_file(root: Path) -> None:
    missing = [
        f"{module} needs {mirrored(module)}"
        for module in modules(root)
        if module.as_posix() not in EXEMPT and not (root / mirrored(module)).is_file()
    ]
    assert not missing, "\n".join(missing)


def test_no_init_file_hides_code_from_the_mirror(root: Path) -> None:
    hiding = [
        str(file.relative_to(root))
        for package in PACKAGES
        for file in (root / package).rglob("__init__.py")
        if any(isinstance(node, CODE) for node in ast.walk(ast.parse(file.read_text())))
    ]
    assert not hiding


def test_no_exemption_outlives_its_reason(root: Path) -> None:
    stale = [name for name in EXEMPT if not (root / name).is_file() or (root / mirrored(Path(name))).is_file()]
    assert not stale, f"exempt, but gone or tested: {stale}"
