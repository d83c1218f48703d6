"""The workflows: what is run in which order, with which rights, and that nothing in them can be swapped."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.terraform import CHECKOUT, INFRA

WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((CHECKOUT / ".github" / "actions").glob("*/action.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
SECRETS = {"TF_VAR_odds_api_key": "key", "TF_VAR_database_url": "postgresql://owner"}
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
        used = [str(step.get("uses")) for step in (job, *steps(job))]
        takes_a_role = any(use in {"./.github/actions/terraform", "./.github/workflows/apply.yml"} for use in used)
        wanted = {"contents": "read", "id-token": "write"} if takes_a_role else {"contents": "read"}
        assert job.get("permissions", workflow["permissions"]) == wanted


def test_nothing_is_deployed_from_a_pull_request() -> None:
    assert set(read("deploy.yml")[True]) == {"push"}
    assert set(read("check.yml")[True]) == {"pull_request", "workflow_call"}
    assert set(read("apply.yml")[True]) == {"workflow_call"}
    assert "pull_request_target" not in "".join(file.read_text() for file in WORKFLOWS)


def test_production_comes_after_dev_which_comes_after_the_checks_each_planned_before_it_is_approved() -> None:
    jobs = read("deploy.yml")["jobs"]
    assert {
        name: (job["uses"].rsplit("/")[-1], job.get("needs"), job.get("with")) for name, job in jobs.items()
    } == {
        "check": ("check.yml", None, None),
        "dev": ("apply.yml", "check", {"environment": "dev"}),
        "prod": ("apply.yml", "dev", {"environment": "prod"}),
    }
    parts = read("apply.yml")["jobs"]
    assert {name: (job.get("needs"), job.get("environment")) for name, job in parts.items()} == {
        "plan": (None, "plan-${{ inputs.environment }}"),
        "apply": ("plan", "${{ inputs.environment }}"),
    }


def test_what_is_applied_is_the_plan_that_was_approved() -> None:
    plan, apply = read("apply.yml")["jobs"].values()
    [kept] = [step["with"] for step in steps(plan) if "upload-artifact" in str(step.get("uses"))]
    [fetched] = [step["with"] for step in steps(apply) if "download-artifact" in str(step.get("uses"))]
    assert kept["name"] == fetched["name"]
    assert kept["path"] == f"{fetched['path']}/planned.tfplan"
    assert "-out=planned.tfplan" in (CHECKOUT / ".ci" / "plan").read_text()
    applies = re.findall(r"terraform .*\bapply\b.*", (CHECKOUT / ".ci" / "deploy").read_text())
    assert [line.split()[-1] for line in applies] == ["planned.tfplan"]


def test_a_production_that_waits_for_approval_holds_nothing_back() -> None:
    workflow = read("deploy.yml")
    held = {name: job["concurrency"]["group"] for name, job in workflow["jobs"].items() if "concurrency" in job}
    assert "concurrency" not in workflow | read("apply.yml")
    assert held == {"dev": "deploy-dev"}


def test_every_variable_without_a_default_is_given_to_plans_and_applies() -> None:
    blocks = [
        (name, body)
        for file in INFRA.glob("variables*.tf")
        for name, body in re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', file.read_text(), re.MULTILINE | re.DOTALL)
    ]
    chosen = "".join((INFRA / "environments" / f"{one}.tfvars").read_text() for one in ("dev", "prod"))
    needed = {name for name, body in blocks if not re.search(r"^  default ", body, re.MULTILINE)}
    needed = {name for name in needed if not re.search(rf"^{name} +=", chosen, re.MULTILINE)} | {
        "discord_webhook_url"
    }
    workflow = read("apply.yml")
    for job in workflow["jobs"].values():
        given = workflow["env"].keys() | {name for step in steps(job) for name in step.get("env", {})}
        assert {f"TF_VAR_{name}" for name in needed} <= given


def test_a_deployment_of_another_name_is_deployed_by_that_name() -> None:
    told = {file.name: file.read_text() for file in (*WORKFLOWS, *ACTIONS, *(CHECKOUT / ".ci").iterdir())}
    assert {
        name: re.findall(r".*\blinekeeper\b.*", text) for name, text in told.items() if "linekeeper" in text
    } == {"apply.yml": ["  TF_VAR_name: ${{ vars.DEPLOYMENT_NAME || 'linekeeper' }}"]}


def test_a_deploy_invokes_migrate_and_leaves_the_rest_to_the_smoke_test_which_leaves_a_pause_alone() -> None:
    deploy = (CHECKOUT / ".ci" / "deploy").read_text()
    assert re.findall(r"lambda invoke .*\.(\w+) <<<", deploy) == ["migrate"]
    assert deploy.rstrip().endswith("odds smoke")


def test_plans_and_applies_take_different_roles() -> None:
    taken = {
        name: step["with"]["role"]
        for name, job in read("apply.yml")["jobs"].items()
        for step in steps(job)
        if "role" in step.get("with", {})
    }
    assert taken == {"plan": "${{ vars.PLAN_ROLE_ARN }}", "apply": "${{ vars.APPLY_ROLE_ARN }}"}


def test_the_secrets_of_a_deployment_reach_its_apply_alone() -> None:
    holders = {
        (name, step.get("name"))
        for name, job in read("apply.yml")["jobs"].items()
        for step in steps(job)
        if "secrets." in str(step)
    }
    assert holders == {("apply", "Apply, migrate and try every function")}


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
    assert scripts == {".ci/run", ".ci/plan", ".ci/deploy"}
    assert all((CHECKOUT / script).stat().st_mode & 0o100 for script in scripts)


def test_the_terraform_of_the_workflows_is_one_that_the_roots_accept() -> None:
    versions = {
        version
        for file in (*WORKFLOWS, *ACTIONS)
        for version in re.findall(r"terraform_version: ([\d.]+)", file.read_text())
    }
    assert versions == {"1.11.4"}
    assert 'required_version = ">= 1.11, < 2.0"' in (INFRA / "versions.tf").read_text()


def test_what_main_has_left_behind_is_refused_in_prod_before_any_role_is_taken() -> None:
    found = steps(read("apply.yml")["jobs"]["apply"])
    [guard] = [number for number, step in enumerate(found) if "GITHUB_SHA" in str(step)]
    assert found[guard]["if"] == "inputs.environment == 'prod'"
    assert guard < next(number for number, step in enumerate(found) if "actions/terraform" in str(step))


@pytest.mark.parametrize(
    ("newest", "refused"), [("abc", False), ("def", True)], ids=["the newest", "an older one"]
)
def test_only_the_newest_commit_passes(tmp_path: Path, newest: str, refused: bool) -> None:
    [guard] = [step for step in steps(read("apply.yml")["jobs"]["apply"]) if "GITHUB_SHA" in str(step)]
    stands_in(tmp_path, "gh", f"echo {newest}")
    told = {"GITHUB_SHA": "abc", "GITHUB_REF_NAME": "main", "GITHUB_REPOSITORY": "someone/collector"}
    ran = run(["bash", "-e", "-c", guard["run"]], tmp_path, told)
    assert (ran.returncode, "main is at def: approve or run that one" in ran.stdout) == (int(refused), refused)


@dataclass(frozen=True)
class Deployed:
    """How `.ci/deploy` ended, and what it ran, in order."""

    exit_code: int
    said: str
    ran: list[str]


def deployed(
    folder: Path, secrets: Mapping[str, str] = SECRETS, *, migration_error: str = "None", smoke_exit: int = 0
) -> Deployed:
    """Run `.ci/deploy` in a checkout of its own, where what it calls notes that it was called."""
    (folder / ".ci").mkdir()
    shutil.copy(CHECKOUT / ".ci" / "deploy", folder / ".ci")
    note = f'echo "$(basename $0) $* ${{TF_VAR_database_url:-}}" >> {folder}/ran'
    functions = """*functions) echo '{"migrate": "own-migrate"}';;"""
    outputs = f'case "$*" in {functions} *smoke*) echo SPORTS=basketball_nba;; esac'
    stands_in(folder, "terraform", f"{note}\n{outputs}")
    stands_in(folder, "aws", f'{note}\necho \'{{"after": "0004"}}\' > "${{@: -1}}"\necho {migration_error}')
    stands_in(folder, ".venv/bin/odds", f'{note} "$SPORTS"\nexit {smoke_exit}')
    done = run([str(folder / ".ci" / "deploy")], folder, {"TMPDIR": str(folder), **secrets})
    ran = (folder / "ran").read_text().splitlines() if (folder / "ran").exists() else []
    return Deployed(done.returncode, done.stdout + done.stderr, ran)


def stands_in(folder: Path, name: str, script: str) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/usr/bin/env bash\n{script}\n")
    place.chmod(0o755)


def run(command: list[str], folder: Path, told: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(command, capture_output=True, check=False, text=True, env={"PATH": path, **told})


needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not on the PATH")


@needs_jq
def test_a_deploy_applies_migrates_without_the_secrets_and_tries_every_function(tmp_path: Path) -> None:
    done = deployed(tmp_path)
    assert done.exit_code == 0, done.said
    applied, *after = done.ran
    assert applied == "terraform -chdir=infra apply -input=false -no-color planned.tfplan postgresql://owner"
    assert not any("postgresql" in line for line in after)
    assert [line.split()[0] for line in after] == ["terraform", "aws", "terraform", "odds"]
    assert "--function-name own-migrate" in after[1]
    assert "0004" in done.said


@needs_jq
def test_a_deploy_whose_migration_fails_tries_nothing_more(tmp_path: Path) -> None:
    done = deployed(tmp_path, migration_error="Unhandled")
    assert (done.exit_code, "the migration failed: Unhandled" in done.said) == (1, True)
    assert not any(line.startswith("odds") for line in done.ran)


@needs_jq
def test_a_deploy_whose_functions_do_not_work_fails(tmp_path: Path) -> None:
    assert deployed(tmp_path, smoke_exit=3).exit_code == 3


def test_a_deploy_that_lacks_a_secret_applies_nothing_and_names_it(tmp_path: Path) -> None:
    done = deployed(tmp_path, {"TF_VAR_odds_api_key": "key"})
    assert (done.exit_code != 0, done.ran) == (True, [])
    assert "the environment lacks the secret DATABASE_URL" in done.said


def test_nothing_is_installed_while_a_secret_or_a_role_is_at_hand() -> None:
    names = [str(step) for step in steps(read("apply.yml")["jobs"]["apply"])]
    [setup] = [number for number, step in enumerate(names) if "make setup" in step]
    assert setup < next(number for number, step in enumerate(names) if "actions/terraform" in step)
    deploy = (CHECKOUT / ".ci" / "deploy").read_text()
    assert not re.search(r"^make ", deploy, re.MULTILINE)
    assert deploy.index("planned.tfplan\nunset") < deploy.index("lambda invoke")
