"""The roles by which the workflow plans and applies: whom they trust, and that they suffice and no more."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.infra.account import Deployment
from tests.infra.conftest import Changed
from tests.infra.iam import Need, Statement, idle, refused, statements
from tests.infra.needs import needs

pytestmark = pytest.mark.slow
ROLES = ("plan-dev", "plan-prod", "apply-dev", "apply-prod")


@pytest.fixture(scope="module")
def taken(deployment: Deployment, changed: Changed) -> list[Need]:
    """Return every right that making and changing the deployment took, each role being within the boundary.

    It was made by a person, before there was a boundary; from GitHub it is made within it.
    """
    [boundary] = {role["permissions_boundary"] for role in deployment.resources("aws_iam_role").values()}
    return [need for call in (*deployment.made_by, *changed.calls) for need in needs(call, boundary=boundary)]


def policy(github: Deployment, role: str) -> list[dict[str, Any]]:
    found = github.resources("aws_iam_role_policy")[f'aws_iam_role_policy.main["{role}"]']
    statements: list[dict[str, Any]] = json.loads(found["policy"])["Statement"]
    return statements


def granted(github: Deployment, role: str) -> list[Statement]:
    return statements(github.resources("aws_iam_role_policy")[f'aws_iam_role_policy.main["{role}"]']["policy"])


def actions(github: Deployment, role: str) -> set[str]:
    return {one for statement in policy(github, role) for one in statement["Action"]}


def test_each_role_trusts_one_environment_of_one_repository_and_one_branch(github: Deployment) -> None:
    trusted = {}
    for role in ROLES:
        made = github.resources("aws_iam_role")[f'aws_iam_role.main["{role}"]']
        [statement] = json.loads(made["assume_role_policy"])["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        claims = statement["Condition"]["StringEquals"]
        assert claims["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
        assert claims["token.actions.githubusercontent.com:ref"] == "refs/heads/main"
        trusted[role] = claims["token.actions.githubusercontent.com:sub"]
    assert trusted == {
        "plan-dev": "repo:someone/linekeeper:environment:plan-dev",
        "plan-prod": "repo:someone/linekeeper:environment:plan-prod",
        "apply-dev": "repo:someone/linekeeper:environment:dev",
        "apply-prod": "repo:someone/linekeeper:environment:prod",
    }


def test_the_plan_role_may_read_what_a_plan_reads_and_nothing_else(
    github: Deployment, deployment: Deployment
) -> None:
    of_dev = granted(github, "plan-dev")
    read = [need for call in deployment.planned_by for need in needs(call)]
    assert refused(of_dev, read) == set()
    of_a_state = {("FindState", "s3:ListBucket"), ("ReadState", "s3:GetObject")}
    of_a_destroy = {("ReadRoles", "iam:ListInstanceProfilesForRole")}
    of_tags = {("ReadFunctions", "lambda:ListTags")}
    """AWS tells a function's tags only to who may list them; the emulator tells everybody."""
    of_a_smoke_test = {("ReadLists", "scheduler:ListSchedules")}
    assert idle(of_dev, read) == of_a_state | of_a_destroy | of_tags | of_a_smoke_test


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_a_plan_role_changes_nothing_and_reads_nothing_that_is_of_the_other_environment(
    github: Deployment, environment: str
) -> None:
    held = policy(github, f"plan-{environment}")
    assert {re.split(r"(?=[A-Z])", action)[1] for statement in held for action in statement["Action"]} == {
        *("Describe", "Get", "List")
    }
    shared = [one["Sid"] for one in held if one["Sid"] in {"ReadLists", "FindState"}]
    assert shared == ["ReadLists", "FindState"]
    marks = (f"linekeeper-{environment}", f"linekeeper/{environment}.tfstate")
    of_others = [
        name
        for statement in held
        if statement["Sid"] not in shared
        for name in statement["Resource"]
        if not any(mark in name for mark in marks)
    ]
    assert of_others == []


def test_no_secret_and_no_state_of_one_environment_is_open_to_the_plan_role_of_the_other(
    github: Deployment, deployment: Deployment
) -> None:
    read = [need for call in deployment.planned_by for need in needs(call)]
    state = Need("s3:GetObject", "arn:aws:s3:::states-of-someone/linekeeper/dev.tfstate")
    named = [need for need in (*read, state) if "linekeeper-dev" in need.resource or need == state]
    assert {"ssm:GetParameter", "s3:GetObject", "lambda:GetFunction"} <= {need.action for need in named}
    assert refused(granted(github, "plan-prod"), named) == set(named)
    assert refused(granted(github, "plan-dev"), named) == set()


def test_the_apply_role_may_do_what_making_and_changing_a_deployment_takes(
    github: Deployment, taken: list[Need]
) -> None:
    assert {"lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"} <= {need.action for need in taken}
    assert refused(granted(github, "apply-dev"), taken) == set()


def test_what_the_apply_role_may_do_besides_is_to_remove_to_change_to_try_and_to_keep_the_state(
    github: Deployment, taken: list[Need]
) -> None:
    besides = {action for _, action in idle(granted(github, "apply-dev"), taken)}
    removes = {action for action in besides if action.split(":")[1].startswith("Delete")}
    assert besides - removes == {
        *("iam:ListInstanceProfilesForRole", "sns:Unsubscribe"),  # a removal
        *("iam:UpdateAssumeRolePolicy", "lambda:UpdateFunctionCode", "sqs:SetQueueAttributes"),  # a change
        *("lambda:InvokeFunction", "scheduler:GetSchedule", "scheduler:ListSchedules"),  # the smoke test
        *("s3:GetObject", "s3:ListBucket", "s3:PutObject"),  # the state
        "lambda:ListTags",
    }


def test_nothing_of_one_environment_is_open_to_the_apply_role_of_the_other(
    github: Deployment, taken: list[Need]
) -> None:
    named = [need for need in taken if "linekeeper-dev" in need.resource]
    assert len(named) > len(taken) / 2
    assert set(named) == refused(granted(github, "apply-prod"), named)


def test_no_role_is_made_or_written_beyond_the_boundary(github: Deployment, taken: list[Need]) -> None:
    written = {"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
    writes = {replace(need, context=()) for need in taken if need.action in written}
    assert {need.action for need in writes} == written
    assert refused(granted(github, "apply-dev"), writes) == writes


def test_no_role_destroys_what_cannot_be_made_again(github: Deployment) -> None:
    lasting = {"s3:DeleteBucket", "s3:DeleteObjectVersion", "logs:DeleteLogGroup", "scheduler:DeleteScheduleGroup"}
    for role in ROLES:
        assert actions(github, role) & lasting == set()


def test_every_right_to_change_is_on_names_of_the_one_deployment(github: Deployment) -> None:
    for environment in ("dev", "prod"):
        for statement in policy(github, f"apply-{environment}"):
            if statement["Sid"] in {"ReadLists", "FindState", "ChangeQueries", "EndSubscriptions"}:
                continue
            marks = (f"linekeeper-{environment}", f"linekeeper/{environment}.tfstate")
            assert [name for name in statement["Resource"] if not any(mark in name for mark in marks)] == []


def test_roles_are_made_and_written_within_the_boundary_alone(github: Deployment) -> None:
    for environment in ("dev", "prod"):
        able = [one for one in policy(github, f"apply-{environment}") if "iam:PutRolePolicy" in one["Action"]]
        [statement] = able
        assert statement["Condition"] == {
            "StringEquals": {
                "iam:PermissionsBoundary": f"arn:aws:iam::123456789012:policy/linekeeper-{environment}-boundary"
            }
        }
        assert {"iam:CreateRole", "iam:PutRolePermissionsBoundary"} <= set(statement["Action"])
        assert "iam:DeleteRolePermissionsBoundary" not in actions(github, f"apply-{environment}")


def test_roles_that_a_person_made_come_within_the_boundary_and_stay_there_whoever_applies(
    deployment: Deployment, changed: Changed
) -> None:
    assert "PutRolePermissionsBoundary" in {call.operation for call in changed.calls}
    held = {role["name"]: role["permissions_boundary"] for role in deployment.resources("aws_iam_role").values()}
    assert set(held.values()) == {"arn:aws:iam::123456789012:policy/linekeeper-dev-boundary"}
    assert changed.plan == 0
