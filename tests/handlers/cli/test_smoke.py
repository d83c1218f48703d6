"""`odds smoke` against a deployment on this machine: its functions run in Lambda's own runtime."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.lambda_runtime.function import LambdaFunction
from tests.lambda_runtime.invocations import serve_invocations
from tests.lambda_runtime.stack import DEAD_LETTERS, FUNCTION, GROUP, ROLE, ROLES

if TYPE_CHECKING:
    from tests.lambda_runtime.stack import Stack

Odds = Callable[..., Any]


@pytest.fixture
async def reached(deployed: "Stack", monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["Stack"]:
    """Let the command reach the deployment, as somebody who has just deployed it."""
    variables: dict[str, str] = {}

    def function_of(name: str) -> LambdaFunction | None:
        job = name.removeprefix("linekeeper-")
        return deployed.function(job, variables, timeout=60) if job in ROLES else None

    async with serve_invocations(function_of) as url:
        variables["AWS_ENDPOINT_URL_LAMBDA"] = url
        for name, value in {
            "AWS_ENDPOINT_URL": deployed.aws_url,
            "AWS_ENDPOINT_URL_LAMBDA": url,
            "AWS_LAMBDA_ARN": FUNCTION,
            "AWS_SCHEDULER_ROLE_ARN": ROLE,
            "AWS_SCHEDULER_GROUP": GROUP,
            "AWS_DEAD_LETTER_ARN": DEAD_LETTERS,
            "SPORTS": deployed.sport_key,
        }.items():
            monkeypatch.setenv(name, value)
        yield deployed


@pytest.mark.slow
async def test_a_deployment_that_works_is_shown_with_its_functions_and_schedules(
    reached: "Stack", odds: Odds
) -> None:
    ran = await asyncio.to_thread(odds, "smoke")
    assert ran.exit_code == 0, ran.out + ran.err
    assert ran.out.count(" works ") == len(ROLES)
    shown = ran.out[ran.out.index(reached.sport_key) :]
    for job in ("fetch-odds", "fetch-scores", "update-status"):
        assert job in shown
    assert "no armed schedule" not in ran.out


@pytest.mark.slow
async def test_a_paused_deployment_is_told_of_and_stays_paused(reached: "Stack", odds: Odds) -> None:
    for job in ROLES:
        reached.function(job, {"AWS_PAUSED": "true"}, timeout=60)
    ran = await asyncio.to_thread(odds, "smoke")
    assert ran.exit_code == 0, ran.out + ran.err
    assert "paused: nothing collects or arms schedules, and what is armed fires into nothing" in ran.out
    assert ran.out.count(" works ") == len(ROLES)
    assert ran.out.count("paused: True") == len(ROLES) - len(("migrate", "backtest"))
    assert reached.armed() == {}


@pytest.mark.slow
async def test_what_does_not_work_is_shown_and_the_exit_code_tells(reached: "Stack", odds: Odds) -> None:
    reached.put_secret(reached.key_parameter, "a-key-that-is-wrong")
    ran = await asyncio.to_thread(odds, "smoke", "--json")
    assert ran.exit_code == 3
    told = {one["function"]: one for one in ran.json["functions"]}
    assert told["migrate"]["ok"]
    assert not told["update-status"]["ok"]
    assert told["update-status"]["said"].startswith("InvalidKeyError")
    assert "a-key-that-is-wrong" not in ran.out + ran.err


def test_what_the_command_needs_and_has_not_is_named(odds: Odds) -> None:
    ran = odds("smoke")
    assert ran.exit_code == 1
    assert "AWS_LAMBDA_ARN, AWS_SCHEDULER_ROLE_ARN and AWS_DEAD_LETTER_ARN must all be set" in ran.err
