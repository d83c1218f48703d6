"""Terraform's state in S3, opened as the runbook and the workflow do, for a root of one resource.

And the guard of the real root: from an empty state it is not applied over what is deployed.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.account import REGION, Deployment
from tests.infra.calls import Call, recorded
from tests.infra.iam import refused, statements
from tests.infra.needs import needs
from tests.infra.terraform import CHECKOUT, INFRA, Terraform

pytestmark = pytest.mark.slow
BUCKET = "states-of-someone"
OPENED = "init -reconfigure -backend-config=environments/{}.s3.tfbackend"
MOVED = "init -migrate-state -backend-config=environments/{}.s3.tfbackend"
ROOT = """
variable "environment" {
  type = string
}

resource "terraform_data" "deployment" {
  input = var.environment
}
"""


@dataclass(frozen=True)
class States:
    """A root that keeps its states in a bucket, and the calls that this took."""

    root: Terraform
    s3: Any
    opened_by_hand: list[Call]
    applied_from_github: list[Call]
    planned_from_github: list[Call]

    def kept(self) -> list[str]:
        """Return the keys of what is in the bucket."""
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def apply(self, environment: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Apply to the state that is open."""
        return apply(self.root, environment, check=check)

    def is_as_applied(self, environment: str) -> bool:
        """Tell whether the state that is open holds the environment, so that nothing would change."""
        return plan(self.root, environment).returncode == 0


def apply(root: Terraform, environment: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
    return root.run("apply", "-auto-approve", "-no-color", check=check, variables={"environment": environment})


def plan(root: Terraform, environment: str, *options: str) -> "subprocess.CompletedProcess[str]":
    planned = ["plan", "-detailed-exitcode", "-no-color", *options]
    return root.run(*planned, check=False, variables={"environment": environment})


def open_as_the_workflow_does(root: Terraform, environment: str) -> None:
    """Run the last step of the workflows' own action."""
    action = yaml.safe_load((CHECKOUT / ".github" / "actions" / "terraform" / "action.yml").read_text())
    given = {"ENVIRONMENT": environment, "STATE_BUCKET": BUCKET, "STATE_REGION": REGION}
    given |= {"TF_VAR_name": "linekeeper"}
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", action["runs"]["steps"][-1]["run"]],
        cwd=root.folder,
        env={"PATH": os.environ["PATH"], "HOME": str(root.folder), **root.environment, **given},
        capture_output=True,
        check=True,
    )


@pytest.fixture(scope="module")
def states(terraform: str, deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> States:
    """Return states that have been made here, moved to S3, and then applied and planned from GitHub."""
    del terraform
    s3 = deployment.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    emulated = {
        "AWS_ENDPOINT_URL": deployment.aws_url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TF_CLI_ARGS_init": "-input=false -no-color -backend-config=use_path_style=true",
    }
    root = Terraform(tmp_path_factory.mktemp("root"), INFRA, environment=emulated)
    (root.folder / "main.tf").write_text(ROOT)
    root.run("init")
    apply(root, "dev")
    shutil.copy(INFRA / "backend.tf.example", root.folder / "backend.tf.example")
    shutil.copy(root.folder / "backend.tf.example", root.folder / "backend.tf")
    choose_states(root.folder / "environments")
    with recorded(deployment) as by_hand:
        root.run(*MOVED.format("dev").split(), "-force-copy")
    github = Terraform(tmp_path_factory.mktemp("github"), INFRA, environment=emulated)
    left = shutil.ignore_patterns("*tfstate*", ".*")
    shutil.copytree(root.folder, github.folder, dirs_exist_ok=True, ignore=left)
    with recorded(deployment) as applied:
        open_as_the_workflow_does(github, "dev")
        apply(github, "dev")
    with recorded(deployment) as planned:
        assert plan(github, "dev", "-lock=false").returncode == 0
    return States(root, s3, by_hand, applied, planned)


def choose_states(folder: Path) -> None:
    """Make of the example what the runbook says, for each environment."""
    folder.mkdir()
    example = (INFRA / "environments" / "state.s3.tfbackend.example").read_text()
    for environment in ("dev", "prod"):
        chosen = example.replace("a-bucket-of-yours", BUCKET).replace("ENVIRONMENT", environment)
        (folder / f"{environment}.s3.tfbackend").write_text(chosen)


def test_the_runbook_opens_and_moves_a_state_by_these_commands() -> None:
    runbook = (INFRA / "README.md").read_text()
    assert f"terraform {OPENED.format('dev')}" in runbook
    assert f"terraform {MOVED.format('dev')}" in runbook


def test_a_state_that_was_kept_here_moves_to_s3_where_the_workflow_finds_it(states: States) -> None:
    assert states.kept() == ["linekeeper/dev.tfstate"]
    assert states.is_as_applied("dev")
    assert not (states.root.folder / "terraform.tfstate").read_text()


def test_each_environment_has_a_state_of_its_own(states: States) -> None:
    states.root.run(*OPENED.format("prod").split())
    assert not states.is_as_applied("prod")
    states.apply("prod")
    assert states.kept() == ["linekeeper/dev.tfstate", "linekeeper/prod.tfstate"]
    states.root.run(*OPENED.format("dev").split())
    assert states.is_as_applied("dev")


def test_a_state_that_another_apply_holds_is_not_written(states: States) -> None:
    lock = {"Bucket": BUCKET, "Key": "linekeeper/dev.tfstate.tflock"}
    states.s3.put_object(**lock, Body=b'{"ID": "1", "Operation": "OperationTypeApply", "Who": "another"}')
    refusal = states.apply("another", check=False)
    states.s3.delete_object(**lock)
    assert refusal.returncode == 1
    assert "Error acquiring the state lock" in refusal.stderr
    assert states.is_as_applied("dev")


def test_the_roles_of_github_may_do_with_a_state_what_applies_and_plans_do(
    states: States, github: Deployment
) -> None:
    policies = github.resources("aws_iam_role_policy")
    for role, calls in (("apply-dev", states.applied_from_github), ("plan-dev", states.planned_from_github)):
        policy = statements(policies[f'aws_iam_role_policy.main["{role}"]']["policy"])
        taken = [need for call in calls for need in needs(call)]
        assert {need.resource for need in taken} >= {"arn:aws:s3:::states-of-someone/linekeeper/dev.tfstate"}
        assert refused(policy, taken) == set()


def test_an_empty_state_is_not_applied_over_what_is_deployed(
    opened: Callable[..., Terraform], deployment: Deployment
) -> None:
    empty = opened()
    planned = empty.run(
        *("plan", "-input=false", "-no-color", "-target=terraform_data.deployment"),
        check=False,
        variables=dict(deployment.terraform.variables),
    )
    assert planned.returncode == 1
    told = " ".join(planned.stderr.replace("│", " ").split())
    assert "The state that is open holds nothing yet, and linekeeper-dev is deployed already" in told
