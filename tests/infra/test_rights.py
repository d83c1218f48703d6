"""S4, both ways: what the functions do is allowed to their roles, and what their roles may do, they did."""

import re
from collections.abc import Iterable

import pytest

from tests.infra.account import Deployment
from tests.infra.calls import Call
from tests.infra.iam import Need, Statement, allows, idle, refused, statements, wildcards
from tests.infra.loop import Loop

pytestmark = pytest.mark.slow
AS_NARROW_AS_AWS_LETS_IT_BE = (
    re.compile(r"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/[\w-]+:log-stream:\*"),
    re.compile(r"arn:aws:scheduler:us-east-1:123456789012:schedule/linekeeper-dev/\*"),
    re.compile(r"arn:aws:scheduler:us-east-1:123456789012:schedule/\*/\*"),
    re.compile(r"arn:aws:s3:::linekeeper-dev-results-123456789012/results/\*"),
)
"""Streams are named by Lambda, schedules and objects by the functions; ListSchedules is for all groups or none."""


@pytest.fixture(scope="session")
def roles(deployment: Deployment) -> dict[str, list[Statement]]:
    """Return the statements of every role, by the role's name."""
    policies = deployment.resources("aws_iam_role_policy").values()
    return {policy["role"]: statements(policy["policy"]) for policy in policies}


def test_every_call_of_a_function_is_allowed_to_its_role(roles: dict[str, list[Statement]], loop: Loop) -> None:
    assert {role: found for role in roles if (found := refused(roles[role], loop.needs_of(role)))} == {}


def test_every_action_that_a_role_is_granted_was_taken(roles: dict[str, list[Statement]], loop: Loop) -> None:
    assert {role: found for role in roles if (found := idle(roles[role], loop.needs_of(role)))} == {}


def test_the_secrets_of_others_are_closed_to_a_function(roles: dict[str, list[Statement]], loop: Loop) -> None:
    read = {
        (call.caller, name) for call in loop.calls if call.operation == "GetParameters" for name in _names(call)
    }
    assert read
    trespass = {
        (role, name)
        for role, policy in roles.items()
        for _, name in read
        if (role, name) not in read
        and allows(policy, Need("ssm:GetParameters", f"arn:aws:ssm:us-east-1:123456789012:parameter{name}"))
    }
    assert trespass == set()


def test_s4_no_action_is_a_wildcard_and_no_resource_wider_than_aws_makes_it(
    roles: dict[str, list[Statement]],
) -> None:
    wide = {
        (role, sid, text)
        for role, policy in roles.items()
        for sid, text in wildcards(policy)
        if not any(narrowest.fullmatch(text) for narrowest in AS_NARROW_AS_AWS_LETS_IT_BE)
    }
    assert wide == set()


def test_s4_a_role_is_passed_to_scheduler_alone(roles: dict[str, list[Statement]]) -> None:
    passing = [one for policy in roles.values() for one in policy if "iam:PassRole" in one.actions]
    assert passing
    for statement in passing:
        assert statement.resources == ("arn:aws:iam::123456789012:role/linekeeper-dev-invoke",)
        assert statement.conditions == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}


def test_the_boundary_holds_all_that_the_roles_of_a_deployment_did_and_no_action_more(
    github: Deployment, deployment: Deployment, loop: Loop
) -> None:
    boundary = statements(github.resources("aws_iam_policy")['aws_iam_policy.boundary["dev"]']["policy"])
    roles = [one["name"] for one in deployment.resources("aws_iam_role").values()]
    did = [need for role in roles for need in loop.needs_of(role)]
    assert refused(boundary, did) == set()
    assert idle(boundary, did) == set()


def _names(call: Call) -> Iterable[str]:
    names: list[str] = call.parameters["Names"]
    return names
