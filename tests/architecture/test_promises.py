"""What linekeeper promises: each promise has a test whose name begins with the promise's own."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.world.mutations import MUTATIONS

CHAIN = {
    "C1": "an armed trigger of every job always exists, whatever step a process dies at",
    "C2": "one armed next run a job; a slot fetches at most once per attempt allowed",
    "C3": "a run starts within a minute and a cold start of its time, and its lateness is recorded",
    "C4": "after an outage collection resumes by itself, within 15 min where runs died, sooner before a start",
    "C5": "minimum gap, runs and sleep are bounded: no runaway",
    "C6": "a game moved earlier is honoured within a status interval",
    "C7": "a stale trigger is skipped with its reason, and still re-arms",
    "C8": "a run that lost its turn writes nothing",
    "C9": "every schedule update carries its whole body",
}
DATA = {
    "D1": "the raw answer is stored even when it cannot be parsed",
    "D2": "rebuilding the rows from the raw answers gives the stored rows",
    "D3": "redoing a committed run changes nothing",
    "D4": "no row without its raw snapshot and its run",
    "D5": "every planned run ends with an outcome and a reason",
    "D6": "raw data and results are append-only, kept so by grants",
    "D7": "a later snapshot never changes an earlier read; other sources are read only when asked for",
    "D8": "a backtest cut at a date is the beginning of the longer one",
    "D9": "backfilled rows never outrank live ones",
    "D10": "a close is judged by the start known then, and no price in play is one",
}
CREDITS = {
    "Q1": "spending stays within the plan, and the balance is what the headers say",
    "Q2": "the reserve is for closing looks alone, taken before the call, atomically",
    "Q3": "a quota error is never retried in a tight loop",
}
SECURITY = {
    "S1": "secrets leave with nothing, whatever fails",
    "S2": "a database in the clear, of another name or self-signed is refused",
    "S3": "each database role fails its forbidden list",
    "S4": "no right is a wildcard, and the one role that is passed goes to the scheduler alone",
    "S5": "a bad payload of a backtest is refused before anything runs",
    "S6": "nothing is unpickled",
    "S7": "requirements are pinned with hashes",
}
RUNNING = {
    "R1": "a handler works again and again in one process, each time in an event loop of its own",
    "R2": "it works through a transaction pooler",
    "R3": "deadlines hold though Postgres is silent",
    "R4": "one JSON line an event, none twice",
    "R5": "alarms fire when nothing runs",
}
PROMISES = CHAIN | DATA | CREDITS | SECURITY | RUNNING
ELSEWHERE = frozenset({"D8", "D9", "S2", "S3", "S4", "S5", "S7"})
"""What no run of the collector can break: for these it is enough that they have their test."""

# What reads code out of its input: pickles, and what is stored as them.
UNPICKLING = frozenset({"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"})
UNPICKLING_CALLS = frozenset({"read_pickle", "to_pickle", "loads_pickle"})
PACKAGES = ("core", "storage", "analytics", "handlers", "infra", "migrations")


def names_of_tests(root: Path) -> list[str]:
    return [
        node.name
        for file in sorted((root / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def promises_named(test: str) -> set[str]:
    """Return the promises that the name of a test begins with: `test_c1_and_c2_hold` names two."""
    named = re.match(r"test((?:_(?:and_)?[cdqrs]\d+)+)_", test)
    return {one.upper() for one in re.findall(r"[cdqrs]\d+", named[1])} if named else set()


def without_a_test(tests: list[str]) -> list[str]:
    kept = {promise for test in tests if "is_seen_to_break" not in test for promise in promises_named(test)}
    return [f"{name}: {text}" for name, text in PROMISES.items() if name not in kept]


def never_broken(tests: list[str], mutated: Iterable[str]) -> list[str]:
    """Return the promises that are broken on purpose by no test of their name, and in no row of the table."""
    broken = {promise for test in tests if "is_seen_to_break" in test for promise in promises_named(test)}
    return sorted(PROMISES.keys() - ELSEWHERE - broken - set(mutated))


def unpickling(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.split(".")[0] in UNPICKLING]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if node.module and node.module.split(".")[0] in UNPICKLING else []
        elif isinstance(node, ast.Attribute) and node.attr in UNPICKLING_CALLS:
            found.append(node.attr)
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            found.append(node.arg)
    return found


def test_every_promise_has_a_test_of_its_name(root: Path) -> None:
    missing = without_a_test(names_of_tests(root))
    assert not missing, "no test bears the name of\n" + "\n".join(missing)


def test_a_promise_without_a_test_is_named() -> None:
    tests = [f"test_{name.lower()}_holds" for name in PROMISES if name not in {"C1", "C2", "C9"}]
    tests += ["test_c1_and_c2_hold_together", "test_c9_is_seen_to_break_without_it", "test_c99_is_none"]
    assert without_a_test(tests) == [f"C9: {PROMISES['C9']}"]


def test_every_promise_of_the_collector_is_seen_to_break_where_its_rule_is_taken_away(root: Path) -> None:
    missing = never_broken(names_of_tests(root), {one.promise for one in MUTATIONS})
    assert not missing, f"nothing breaks {', '.join(missing)} on purpose: see tests/world/mutations.py"


def test_a_promise_that_nothing_breaks_is_named() -> None:
    broken = [
        f"test_{name.lower()}_is_seen_to_break_without" for name in PROMISES if name not in {"C1", "C2", "C9"}
    ]
    assert never_broken([*broken, "test_c9_holds"], ["C1"]) == ["C2", "C9"]


def test_s6_nothing_is_unpickled(root: Path) -> None:
    found = {
        str(file.relative_to(root)): names
        for package in PACKAGES
        for file in sorted((root / package).rglob("*.py"))
        if (names := unpickling(file.read_text()))
    }
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from marshal import loads",
        "frame = pandas.read_pickle(f)",
        "np.load(f, allow_pickle=True)",
    ],
)
def test_s6_is_seen_to_break_where_something_is_unpickled(source: str) -> None:
    assert unpickling(source)
