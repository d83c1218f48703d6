"""What a group of schedules holds."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.triggers.base import Trigger
from core.triggers.schedule_requests import EventBridgeTarget, schedule_request
from core.triggers.schedule_survey import FIRING, Scheduled, Stray, read_schedule, survey

NOW = datetime(2026, 9, 13, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TRIGGER = Trigger("fetch-odds", "americanfootball_nfl", NOW + HOUR, "because", "closing")
NAME = "fetch-odds.americanfootball_nfl"


def described(
    target: EventBridgeTarget, trigger: Trigger = TRIGGER, now: datetime = NOW, **changes: Any
) -> dict[str, Any]:
    made = schedule_request(trigger, target, now)
    made["Target"] |= changes.pop("Target", {})
    return made | changes


def test_a_schedule_as_armed_is_its_trigger(target: EventBridgeTarget) -> None:
    assert read_schedule(described(target), target) == Scheduled(TRIGGER, NOW + HOUR)


def test_a_trigger_that_was_put_off_keeps_its_plan_and_tells_when_it_fires(target: EventBridgeTarget) -> None:
    late = replace(TRIGGER, at=NOW - HOUR)
    assert read_schedule(described(target, late), target) == Scheduled(late, NOW + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"Name": "other"}, f"its Input belongs to {NAME}", id="another's name"),
        pytest.param({"Target": {"Input": "{}"}}, "its Input is not a trigger's", id="an empty input"),
        pytest.param({"Target": {"Input": None}}, "its Input is not a trigger's", id="no input"),
        pytest.param(
            {"Target": {"Input": json.dumps({"plan_version": 0})}},
            "its Input is not a trigger's",
            id="an old plan",
        ),
        pytest.param(
            {"ScheduleExpression": "rate(5 minutes)"},
            "its ScheduleExpression is 'rate(5 minutes)', not an instant",
            id="one that fires for ever",
        ),
        pytest.param({"State": "DISABLED"}, "its State is 'DISABLED', not 'ENABLED'", id="one that is disabled"),
        pytest.param(
            {"ScheduleExpressionTimezone": "Europe/Paris"},
            "its ScheduleExpressionTimezone is 'Europe/Paris', not 'UTC'",
            id="another zone",
        ),
        pytest.param({"Target": {"Arn": "old"}}, "its Target.Arn is 'old', not ", id="a function of before"),
        pytest.param({"Target": {"RoleArn": "old"}}, "its Target.RoleArn is 'old', not ", id="a role of before"),
    ],
)
def test_what_would_not_fire_as_armed_is_a_stray(
    target: EventBridgeTarget, changes: dict[str, Any], reason: str
) -> None:
    stray = read_schedule(described(target, **changes), target)
    assert isinstance(stray, Stray)
    assert stray.name == changes.get("Name", NAME)
    assert stray.reason.startswith(reason)


def test_a_schedule_without_a_target_is_a_stray(target: EventBridgeTarget) -> None:
    assert read_schedule({"Name": "bare"}, target) == Stray("bare", "its Input is not a trigger's")


def test_a_group_is_told_by_what_is_to_come_what_has_fired_and_what_is_strange(target: EventBridgeTarget) -> None:
    soon = Trigger("fetch-scores", "americanfootball_nfl", NOW + HOUR / 2, "because")
    past = Trigger("update-status", "americanfootball_nfl", NOW - FIRING, "because")
    strays = [described(target, Name=name) for name in ("b", "a")]
    found = survey(
        [described(target), described(target, soon), described(target, past, NOW - HOUR), *strays], target, NOW
    )
    assert [one.trigger for one in found.armed] == [soon, TRIGGER]
    assert [one.trigger for one in found.fired] == [past]
    assert [stray.name for stray in found.strays] == ["a", "b"]
