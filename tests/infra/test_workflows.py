"""The workflows: what is run in which order, with which rights, and that nothing in them can be swapped."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.terraform import CHECKOUT, INFRA

WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((CHECKOUT / ".github" / "actions").glob("*/action.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
OWN = re.compile(r"uses: \./\.github/[\w/.-]+$")


def read(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((CHECKOUT / ".github" / "workflows" / name).read_text())
    return found


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job.get("steps", [])
    return found


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_action_of_others_is_pinned_to_a_commit(file: Path) -> None:
    uses = [line.strip() for line in file.read_text().splitlines() if re.search(r"\buses:", line)]
    assert [use for use in uses if not PINNED.search(use) and not OWN.search(use)] == []
    own = [use.split("./", 1)[1] for use in uses if OWN.search(use)]
    assert all((CHECKOUT / place).exists() for place in own)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_token_may_read_and_only_jobs_that_take_a_role_may_ask_for_more(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        takes_a_role = any("./.github/actions/terraform" in str(step.get("uses")) for step in steps(job))
        wanted = {"contents": "read", "id-token": "write"} if takes_a_role else {"contents": "read"}
        assert job.get("permissions", workflow["permissions"]) == wanted


def test_nothing_is_deployed_from_a_pull_request() -> None:
    assert set(read("deploy.yml")[True]) == {"push"}
    assert set(read("check.yml")[True]) == {"pull_request", "workflow_call"}
    assert "pull_request_target" not in "".join(file.read_text() for file in WORKFLOWS)


def test_production_comes_after_dev_which_comes_after_the_plan_and_the_checks() -> None:
    jobs = read("deploy.yml")["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "check": None,
        "plan": "check",
        "dev": "plan",
        "prod": "dev",
    }
    assert jobs["check"]["uses"] == "./.github/workflows/check.yml"
    assert {name: job.get("environment") for name, job in jobs.items() if "environment" in job} == {
        "dev": "dev",
        "prod": "prod",
    }


def test_plans_and_applies_take_different_roles() -> None:
    taken = {
        name: step["with"]["role"]
        for name, job in read("deploy.yml")["jobs"].items()
        for step in steps(job)
        if "role" in step.get("with", {})
    }
    assert taken == {
        "plan": "${{ vars.PLAN_ROLE_ARN }}",
        "dev": "${{ vars.APPLY_ROLE_ARN }}",
        "prod": "${{ vars.APPLY_ROLE_ARN }}",
    }


def test_the_secrets_of_a_deployment_reach_its_apply_alone() -> None:
    holders = {
        (name, step.get("name"))
        for name, job in read("deploy.yml")["jobs"].items()
        for step in steps(job)
        if "secrets." in str(step)
    }
    assert holders == {(name, "Apply, migrate and try every function") for name in ("dev", "prod")}


def test_what_is_deployed_is_what_was_packaged_once() -> None:
    packaging = [file.name for file in WORKFLOWS if "make package" in file.read_text()]
    assert packaging == ["check.yml"]


def test_every_command_of_a_workflow_is_there() -> None:
    told = "".join(file.read_text() for file in (*WORKFLOWS, CHECKOUT / ".ci" / "deploy"))
    targets = set(re.findall(r"\bmake ([a-z]+)", told))
    assert targets
    makefile = (CHECKOUT / "Makefile").read_text()
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    scripts = set(re.findall(r"\.ci/\w+", told))
    assert scripts == {".ci/run", ".ci/deploy"}
    assert all((CHECKOUT / script).stat().st_mode & 0o100 for script in scripts)


def test_the_terraform_of_the_workflows_is_one_that_the_roots_accept() -> None:
    versions = {
        version
        for file in (*WORKFLOWS, *ACTIONS)
        for version in re.findall(r"terraform_version: ([\d.]+)", file.read_text())
    }
    assert versions == {"1.11.4"}
    assert 'required_version = ">= 1.11, < 2.0"' in (INFRA / "versions.tf").read_text()
