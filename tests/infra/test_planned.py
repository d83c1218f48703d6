"""`.ci/plan` with the real Terraform: what it shows, and that no older commit goes over a later one."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.infra.terraform import CHECKOUT, INFRA

OLD, NEW = "a" * 40, "b" * 40
FENCE = "```"


@dataclass(frozen=True)
class Checkout:
    """A checkout whose root has the one variable and the one output by which a state keeps its commit."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, **given: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in it."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **given},
            capture_output=True,
            check=False,
            text=True,
        )

    def plan(self, commit: str, *, deployed_is: str = "identical") -> "subprocess.CompletedProcess[str]":
        """Plan a commit, of which GitHub would say how the deployed one stands to it."""
        gh = self.folder / "gh"
        gh.write_text(f'#!/bin/sh\necho "$@" >>asked\necho {deployed_is}\ntest {deployed_is} != unknown\n')
        gh.chmod(0o755)
        return self.run(".ci/plan", GITHUB_SHA=commit, TF_VAR_commit=commit)

    def apply(self, *options: str) -> "subprocess.CompletedProcess[str]":
        """Apply what was planned, or what is chosen."""
        return self.run("terraform", "-chdir=infra", "apply", "-input=false", "-no-color", *options)

    @property
    def shown(self) -> list[str]:
        """Return the lines that who approves is shown."""
        return (self.folder / "summary").read_text().splitlines()


def block(file: str, head: str) -> str:
    found = re.search(rf"^{head} \{{\n.*?^\}}\n", (INFRA / file).read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[0]


def checked_out(folder: Path) -> Checkout:
    if shutil.which("jq") is None:
        pytest.skip("jq is not on the PATH")
    (folder / ".ci").mkdir()
    shutil.copy(CHECKOUT / ".ci" / "plan", folder / ".ci")
    (folder / "infra" / "environments").mkdir(parents=True)
    (folder / "infra" / "environments" / "dev.tfvars").touch()
    root = block("variables.tf", 'variable "commit"') + block("outputs.tf", 'output "commit"')
    (folder / "infra" / "main.tf").write_text(root)
    told = {"ENVIRONMENT": "dev", "GITHUB_REPOSITORY": "someone/collector", "GITHUB_REF_NAME": "main"}
    told |= {"GITHUB_STEP_SUMMARY": "summary", "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    return Checkout(folder, {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), **told})


@pytest.fixture
def checkout(terraform: str, tmp_path: Path) -> Checkout:
    """Return a checkout in which nothing was applied yet."""
    del terraform
    return checked_out(tmp_path)


@pytest.fixture(scope="module")
def deployed(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout whose state holds the newer commit; to plan changes nothing in it."""
    del terraform
    made = checked_out(tmp_path_factory.mktemp("deployed"))
    made.plan(NEW)
    made.apply("planned.tfplan")
    return made


def test_a_plan_is_shown_to_who_approves_as_it_was_printed(checkout: Checkout) -> None:
    printed = checkout.plan(OLD).stdout
    assert [number for number, line in enumerate(checkout.shown) if line == FENCE] == [0, len(checkout.shown) - 1]
    assert checkout.shown[1:-1] == printed.splitlines()
    assert f'+ commit = "{OLD}"' in printed


def test_the_first_plan_asks_after_no_other_commit(checkout: Checkout) -> None:
    assert checkout.plan(OLD).returncode == 0
    assert not (checkout.folder / "asked").exists()


@pytest.mark.parametrize(
    ("commit", "deployed_is", "refusal"),
    [
        pytest.param(
            OLD, "ahead", f"dev is at {NEW}, which came after {OLD}: revert on main", id="an older commit"
        ),
        pytest.param(OLD, "unknown", f"dev is at {NEW}, which GitHub does not tell about", id="nobody knows"),
        pytest.param(NEW, "identical", None, id="the same again"),
        pytest.param(OLD, "behind", None, id="a later commit"),
        pytest.param(OLD, "diverged", None, id="one of another history of the branch"),
    ],
)
def test_what_came_before_the_deployed_commit_is_refused(
    deployed: Checkout, commit: str, deployed_is: str, refusal: str | None
) -> None:
    planned = deployed.plan(commit, deployed_is=deployed_is)
    asked = (deployed.folder / "asked").read_text().splitlines()
    assert asked[-1] == f"api repos/someone/collector/compare/{commit}...{NEW} --jq .status"
    assert planned.returncode == (refusal is not None)
    assert refusal is None or refusal in planned.stdout


def test_a_plan_that_another_commit_has_overtaken_is_not_applied_though_nothing_else_has_changed(
    checkout: Checkout,
) -> None:
    checkout.plan(OLD)
    waiting = checkout.folder / "infra" / "waiting.tfplan"
    (checkout.folder / "infra" / "planned.tfplan").rename(waiting)
    checkout.plan(NEW)
    assert checkout.apply("planned.tfplan").returncode == 0
    refused = checkout.apply("waiting.tfplan")
    assert (refused.returncode, "Saved plan is stale" in refused.stderr) == (1, True)


def test_what_was_applied_by_hand_stands_in_no_commits_way(checkout: Checkout) -> None:
    checkout.plan(NEW)
    checkout.apply("planned.tfplan")
    checkout.apply("-auto-approve")
    assert checkout.plan(OLD, deployed_is="ahead").returncode == 0
