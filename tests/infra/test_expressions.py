"""The workflows and the action, as GitHub reads them: every key is one that it knows, every name leads somewhere.

A key that is misspelt is refused only once it is pushed, and a name that leads nowhere is an empty text.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.terraform import CHECKOUT, INFRA

GITHUB = CHECKOUT / ".github"
FILES = [*sorted((GITHUB / "workflows").glob("*.yml")), *sorted((GITHUB / "actions").glob("*/action.yml"))]
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")

KEYS = {
    "workflow": {"name", "on", "permissions", "env", "concurrency", "jobs"},
    "action": {"name", "description", "inputs", "outputs", "runs"},
    "job": {"runs-on", "timeout-minutes", "needs", "if", "environment", "permissions", "outputs", "env", "steps"},
    "call": {"uses", "with", "secrets", "needs", "if", "permissions", "concurrency"},
    "step": {"name", "id", "if", "env", "working-directory", "shell", "run"},
    "use": {"name", "id", "if", "env", "uses", "with"},
}
"""What these files may say of each kind of thing; of all that GitHub knows, what is of use here."""

OF_GITHUB = {"event_name", "ref", "sha", "token", "workflow"}


def read(file: Path) -> dict[Any, Any]:
    """Return a file as GitHub reads it, to which `on` is no truth value."""
    found: dict[Any, Any] = yaml.safe_load(file.read_text())
    return {("on" if key is True else key): value for key, value in found.items()}


def parts(content: dict[Any, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a file with its kind."""
    yield ("action" if "runs" in content else "workflow"), content
    jobs = content.get("jobs", {}).values()
    for job in jobs:
        yield ("call" if "uses" in job else "job"), job
    for holder in (*jobs, content.get("runs", {})):
        for step in holder.get("steps", []):
            yield ("use" if "uses" in step else "step"), step


def expressions(part: Any) -> Iterator[tuple[str, str]]:
    """Yield every name that an expression of a part asks for: its context, and its path there."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _names(value) if key == "if" else expressions(value)
    elif isinstance(part, list):
        for one in part:
            yield from expressions(one)
    else:
        for found in re.findall(r"\$\{\{(.*?)\}\}", str(part)):
            yield from _names(found)


def _names(expression: str) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"'[^']*'", "", expression)
    yield from re.findall(r"\b([a-z]+)\.([\w.-]+)", bare)


def awaited(job: dict[str, Any]) -> set[str]:
    needs = job.get("needs", [])
    return {needs} if isinstance(needs, str) else set(needs)


def given_to(content: dict[Any, Any]) -> set[str]:
    called = content["on"].get("workflow_call") if "on" in content else content
    return set((called or {}).get("inputs", {}))


@each_file
def test_every_key_is_one_that_github_knows_of_that_kind_of_thing(file: Path) -> None:
    unknown = [(kind, set(part) - KEYS[kind]) for kind, part in parts(read(file)) if set(part) - KEYS[kind]]
    assert unknown == []


@each_file
def test_every_step_runs_something_in_a_shell_that_is_known(file: Path) -> None:
    content = read(file)
    for kind, part in parts(content):
        assert kind != "step" or "run" in part
        assert kind != "step" or "runs" not in content or "shell" in part
        assert kind != "job" or {"runs-on", "timeout-minutes", "steps"} <= set(part)


@each_file
def test_every_job_that_is_waited_for_is_there_and_none_waits_for_itself(file: Path) -> None:
    jobs = read(file).get("jobs", {})
    waiting = {name: awaited(job) for name, job in jobs.items()}
    done: set[str] = set()
    while ready := {name for name in waiting.keys() - done if waiting[name] <= done}:
        done |= ready
    assert done == set(jobs)


@each_file
def test_every_name_in_an_expression_leads_somewhere(file: Path) -> None:
    content = read(file)
    told = set(re.findall(r"\b[A-Z_]+\b", (INFRA / "README.md").read_text()))
    for holder in content["jobs"].values() if "jobs" in content else [content["runs"]]:
        known = {
            "github": OF_GITHUB,
            "inputs": given_to(content),
            "needs": awaited(holder),
            "secrets": told,
            "steps": {step["id"] for step in holder.get("steps", []) if "id" in step},
            "vars": told,
        }
        asked = expressions([holder, content.get("env"), content.get("concurrency")])
        assert [name for name in asked if name[1].split(".")[0] not in known.get(name[0], ())] == []


@each_file
def test_what_is_called_is_given_what_it_asks_for_and_nothing_else(file: Path) -> None:
    for _, part in parts(read(file)):
        if str(part.get("uses")).startswith("./"):
            place = CHECKOUT / part["uses"]
            called = read(place if place.is_file() else place / "action.yml")
            assert set(part.get("with", {})) == given_to(called)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("${{ inputs.environment }}", [("inputs", "environment")]),
        (
            "a ${{ vars.NAME || 'github.com' }} b ${{ needs.plan.outputs.id }}",
            [("vars", "NAME"), ("needs", "plan.outputs.id")],
        ),
        ("no expression: inputs.environment", []),
    ],
)
def test_the_names_of_an_expression_are_found(expression: str, names: list[tuple[str, str]]) -> None:
    assert list(expressions({"run": expression})) == names


def test_a_condition_is_an_expression_without_its_braces() -> None:
    assert list(expressions({"if": "inputs.environment == 'prod.eu'"})) == [("inputs", "environment")]
