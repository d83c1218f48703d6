"""A deployment works when every function does and every job has a schedule; else it is said what is wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from core.clock import SystemClock
from core.errors import ConfigurationError
from core.functions import Invoked
from core.triggers.base import Trigger
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.schedule_requests import EventBridgeTarget
from core.triggers.scheduler_calls import open_scheduler_client
from handlers.registry import JOBS
from handlers.smoke import FUNCTIONS, SmokeReport, smoke
from tests.lambda_runtime.stack import DEAD_LETTERS, FUNCTION, GROUP, REGION, ROLE

SPORTS = ("basketball_nba", "icehockey_nhl")
TARGET = EventBridgeTarget(FUNCTION, ROLE, GROUP, DEAD_LETTERS, REGION)
EVERY_JOB = [(job, sport_key) for sport_key in SPORTS for job in JOBS]


@pytest.fixture
def triggers(empty_aws: str) -> EventBridgeTriggers:
    """Return the triggers of a group in which nothing is armed."""
    boto3.client("scheduler", region_name=REGION, endpoint_url=empty_aws).create_schedule_group(Name=GROUP)
    return EventBridgeTriggers(TARGET, open_scheduler_client(REGION, endpoint_url=empty_aws), clock=SystemClock())


async def arm(triggers: EventBridgeTriggers, *jobs: tuple[str, str]) -> None:
    for job, sport_key in jobs:
        at = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
        await triggers.arm(Trigger(job, sport_key, at, "as planned"))


async def smoked(triggers: EventBridgeTriggers, answers: Mapping[str, Any] | None = None) -> SmokeReport:
    def invoke(function_arn: str, event: Mapping[str, Any]) -> Invoked:
        assert function_arn.endswith("backtest") or event == {}
        answer = (answers or {}).get(function_arn.rpartition("linekeeper-")[2], {})
        error = answer if isinstance(answer, str) else None
        return Invoked(None if error else answer, error, timedelta(seconds=1))

    return await smoke(SPORTS, TARGET, triggers, invoke)


async def test_a_deployment_works_when_all_functions_do_and_every_job_is_armed(
    triggers: EventBridgeTriggers,
) -> None:
    await arm(triggers, *EVERY_JOB)
    report = await smoked(triggers)
    assert report.ok
    assert [one.function for one in report.functions] == list(FUNCTIONS)
    assert {(one.job, one.sport_key) for one in report.armed} == set(EVERY_JOB)


async def test_a_job_that_is_not_armed_is_named_with_its_sport(triggers: EventBridgeTriggers) -> None:
    await arm(triggers, *EVERY_JOB[:-1])
    report = await smoked(triggers)
    assert not report.ok
    assert report.missing == (EVERY_JOB[-1],)


async def test_a_pause_is_told_by_the_functions_that_rest_and_no_job_needs_a_schedule(
    triggers: EventBridgeTriggers,
) -> None:
    report = await smoked(triggers, {name: {"paused": True} for name in ("heartbeat", *JOBS)})
    assert (report.ok, report.paused, report.missing) == (True, True, ())
    assert [one.said for one in report.functions if one.function == "heartbeat"] == ["paused: True"]


async def test_a_schedule_that_is_no_triggers_is_named(triggers: EventBridgeTriggers, empty_aws: str) -> None:
    await arm(triggers, *EVERY_JOB)
    boto3.client("scheduler", region_name=REGION, endpoint_url=empty_aws).create_schedule(
        Name="of-somebody",
        GroupName=GROUP,
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": FUNCTION.format(job="fetch-odds"), "RoleArn": ROLE},
    )
    report = await smoked(triggers)
    assert not report.ok
    assert [stray.name for stray in report.strays] == ["of-somebody"]


@pytest.mark.parametrize(
    ("answer", "ok", "said"),
    [
        pytest.param("ConfigurationError: no key", False, "ConfigurationError: no key", id="an error"),
        pytest.param(
            {"sound": 2, "failed": ["x"], "repaired": []}, False, "sound: 2, failed: x", id="a broken chain"
        ),
        pytest.param({"sound": 0, "repaired": ["x", "y"]}, True, "repaired: x, y", id="a chain that was mended"),
        pytest.param({"basketball_nba": "stored: due"}, True, "basketball_nba: stored: due", id="a run"),
        pytest.param({"decide_at": [24.0, 1.0]}, True, "decide_at: 24.0, 1.0", id="numbers"),
        pytest.param(None, True, "", id="nothing"),
    ],
)
async def test_a_function_is_shown_with_what_it_said(
    triggers: EventBridgeTriggers, answer: Any, ok: bool, said: str
) -> None:
    report = await smoked(triggers, {"heartbeat": answer})
    [heartbeat] = [one for one in report.functions if one.function == "heartbeat"]
    assert (heartbeat.ok, heartbeat.said) == (ok, said)


async def test_one_function_for_all_jobs_is_refused(triggers: EventBridgeTriggers) -> None:
    target = EventBridgeTarget(FUNCTION.replace("-{job}", ""), ROLE, GROUP, DEAD_LETTERS, REGION)
    with pytest.raises(ConfigurationError, match=r"AWS_LAMBDA_ARN=.*accepted here is one whose NAME has \{job\}"):
        await smoke(SPORTS, target, triggers, lambda _, __: Invoked(None, None, timedelta(0)))
