"""The evaluator of policies, by IAM's own rules: it must refuse what IAM would."""

import json
from typing import Any

import pytest

from tests.infra.iam import Need, UnknownPolicyPartError, allows, statements, wildcards

QUEUE = "arn:aws:sqs:us-east-1:123456789012:failed"
ROLE = "arn:aws:iam::123456789012:role/invoke"


def policy(**changes: Any) -> Any:
    statement = {"Sid": "S", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [QUEUE], **changes}
    return statements(json.dumps({"Statement": [statement]}))


@pytest.mark.parametrize(
    ("need", "allowed"),
    [
        pytest.param(Need("sqs:SendMessage", QUEUE), True, id="what is granted"),
        pytest.param(Need("SQS:sendmessage", QUEUE), True, id="actions have no case"),
        pytest.param(Need("sqs:ReceiveMessage", QUEUE), False, id="another action"),
        pytest.param(Need("sqs:SendMessage", QUEUE + "2"), False, id="a longer name"),
        pytest.param(Need("sqs:SendMessage", QUEUE.replace("us-east-1", "eu-west-1")), False, id="another region"),
    ],
)
def test_a_need_is_allowed_by_action_and_resource(need: Need, allowed: bool) -> None:
    assert allows(policy(), need) is allowed


def test_a_star_stays_within_its_part_of_the_name() -> None:
    streams = policy(Resource="arn:aws:logs:us-east-1:123456789012:log-group:a:log-stream:*")
    assert allows(streams, Need("sqs:SendMessage", "arn:aws:logs:us-east-1:123456789012:log-group:a:log-stream:b"))
    assert not allows(streams, Need("sqs:SendMessage", "arn:aws:logs:us-east-1:123456789012:log-group:ab"))
    anywhere = policy(Resource="arn:aws:sqs:*:failed")
    assert not allows(anywhere, Need("sqs:SendMessage", QUEUE))


def test_what_is_of_no_one_resource_is_allowed_by_a_right_to_all_of_them_alone() -> None:
    assert allows(policy(Resource="*"), Need("sqs:SendMessage", "*"))
    assert allows(policy(Resource="*"), Need("sqs:SendMessage", QUEUE))
    assert not allows(policy(), Need("sqs:SendMessage", "*"))


def test_a_condition_must_be_met_and_one_that_is_not_understood_is_an_error() -> None:
    passing = {"Action": "iam:PassRole", "Resource": ROLE}
    bound = policy(**passing, Condition={"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}})
    assert allows(bound, Need("iam:PassRole", ROLE, (("iam:PassedToService", "scheduler.amazonaws.com"),)))
    assert not allows(bound, Need("iam:PassRole", ROLE, (("iam:PassedToService", "lambda.amazonaws.com"),)))
    assert not allows(bound, Need("iam:PassRole", ROLE))
    either = policy(**passing, Condition={"StringEquals": {"iam:PassedToService": ["a", "b"]}})
    assert allows(either, Need("iam:PassRole", ROLE, (("iam:PassedToService", "b"),)))
    assert not allows(either, Need("iam:PassRole", ROLE, (("iam:PassedToService", "c"),)))
    with pytest.raises(UnknownPolicyPartError):
        allows(policy(**passing, Condition={"ArnLike": {"a": "b"}}), Need("iam:PassRole", ROLE))


def test_a_denial_wins_and_an_unknown_part_of_a_statement_is_an_error() -> None:
    assert not allows([*policy(), *policy(Effect="Deny")], Need("sqs:SendMessage", QUEUE))
    with pytest.raises(UnknownPolicyPartError):
        policy(NotAction="sqs:DeleteQueue")


def test_every_wildcard_is_named() -> None:
    assert list(wildcards(policy(Action="sqs:*"))) == [("S", "sqs:*")]
    assert list(wildcards(policy())) == []
