"""The roles by which the workflow plans and applies: whom they trust, and that they suffice and no more."""

import json
from typing import Any

import pytest

from tests.infra.account import Deployment
from tests.infra.calls import action
from tests.infra.conftest import Changed

pytestmark = pytest.mark.slow
ROLES = ("plan", "apply-dev", "apply-prod")
FREE = {"sts:GetCallerIdentity"}
"""What needs no right."""


def policy(github: Deployment, role: str) -> list[dict[str, Any]]:
    found = github.resources("aws_iam_role_policy")[f'aws_iam_role_policy.main["{role}"]']
    statements: list[dict[str, Any]] = json.loads(found["policy"])["Statement"]
    return statements


def actions(github: Deployment, role: str) -> set[str]:
    return {one for statement in policy(github, role) for one in statement["Action"]}


def test_each_role_trusts_one_repository_and_one_branch_or_environment(github: Deployment) -> None:
    trusted = {}
    for role in ROLES:
        made = github.resources("aws_iam_role")[f'aws_iam_role.main["{role}"]']
        [statement] = json.loads(made["assume_role_policy"])["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        claims = statement["Condition"]["StringEquals"]
        assert claims["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
        trusted[role] = claims["token.actions.githubusercontent.com:sub"]
    assert trusted == {
        "plan": "repo:someone/linekeeper:ref:refs/heads/main",
        "apply-dev": "repo:someone/linekeeper:environment:dev",
        "apply-prod": "repo:someone/linekeeper:environment:prod",
    }


def test_the_plan_role_may_read_what_a_plan_reads_and_nothing_else(
    github: Deployment, deployment: Deployment
) -> None:
    read = {action(call) for call in deployment.planned_by} - FREE
    of_a_destroy = {"iam:ListInstanceProfilesForRole"}
    of_tags = {"lambda:ListTags"}
    """AWS tells a function's tags only to who may list them; the emulator tells everybody."""
    of_states = {"s3:GetObject"}
    of_a_smoke_test = {"scheduler:ListSchedules"}
    granted = actions(github, "plan")
    assert read - granted == set()
    assert granted - read == of_a_destroy | of_tags | of_states | of_a_smoke_test


def test_the_apply_role_may_do_what_making_and_changing_a_deployment_takes(
    github: Deployment, deployment: Deployment, changed: Changed
) -> None:
    done = {action(call) for call in (*deployment.made_by, *changed.calls)} - FREE
    assert {"lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"} <= done
    assert done - actions(github, "apply-dev") == set()


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


def test_the_boundary_holds_all_that_the_roles_of_a_deployment_do(
    github: Deployment, deployment: Deployment
) -> None:
    boundary = json.loads(github.resources("aws_iam_policy")['aws_iam_policy.boundary["dev"]']["policy"])
    within = {one for statement in boundary["Statement"] for one in statement["Action"]}
    granted = {
        one
        for made in deployment.resources("aws_iam_role_policy").values()
        for statement in json.loads(made["policy"])["Statement"]
        for one in statement["Action"]
    }
    assert within == granted
