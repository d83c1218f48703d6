"""AWS's rules, held against requests before they are sent; botocore's own model is the reference."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from core.triggers.base import Trigger
from core.triggers.errors import InvalidScheduleError
from core.triggers.schedule_requests import EventBridgeTarget, schedule_request
from core.triggers.schedule_validation import check_schedule, check_shape, read_expression

NOW = datetime(2026, 9, 13, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)
MODEL = get_session().get_service_model("scheduler")
UPDATE = MODEL.operation_model("UpdateSchedule").input_shape
LIST = MODEL.operation_model("ListSchedules").input_shape
TARGET = EventBridgeTarget(
    "arn:aws:lambda:us-east-1:123456789012:function:linekeeper",
    "arn:aws:iam::123456789012:role/linekeeper",
    "linekeeper",
    "arn:aws:sqs:us-east-1:123456789012:undelivered",
    "us-east-1",
)


def request(**changes: Any) -> dict[str, Any]:
    """Return a good request with values changed, by the paths of fields (`Target__Arn`); None leaves one out."""
    made = schedule_request(Trigger("fetch-odds", "americanfootball_nfl", LATER, "because"), TARGET, NOW)
    for path, value in changes.items():
        *parents, name = path.split("__")
        inner = made
        for parent in parents:
            inner = inner[parent]
        inner[name] = value
        if value is None:
            del inner[name]
    return made


def check(made: dict[str, Any]) -> None:
    check_shape(made, UPDATE)
    check_schedule(made, NOW)


@given(
    job=st.text(max_size=200),
    sport_key=st.text(max_size=200),
    at=st.datetimes(datetime(1, 1, 2), datetime(9998, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    reason=st.text(),
    tier=st.none() | st.text(),
)
def test_every_request_that_is_built_passes(
    job: str, sport_key: str, at: datetime, reason: str, tier: str | None
) -> None:
    check(schedule_request(Trigger(job, sport_key, at, reason, tier), TARGET, NOW))


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        pytest.param({"Name": "n" * 65}, "Name", "the most is 64", id="a name of 65 characters"),
        pytest.param({"Name": ""}, "Name", "the least is 1", id="an empty name"),
        pytest.param({"Name": "a b"}, "Name", "does not match", id="a name with a blank"),
        pytest.param({"Name": "name\n"}, "Name", "does not match", id="a name that ends its line"),
        pytest.param({"GroupName": "équipe"}, "GroupName", "does not match", id="a group beyond ASCII"),
        pytest.param({"State": "ON"}, "State", "ENABLED or DISABLED", id="an unknown state"),
        pytest.param({"State": 1}, "State", "not a text", id="a state that is no text"),
        pytest.param({"Colour": "green"}, "Colour", "unknown", id="an unknown field"),
        pytest.param({"FlexibleTimeWindow": None}, "FlexibleTimeWindow", "missing", id="no window"),
        pytest.param(
            {"FlexibleTimeWindow": "OFF"}, "FlexibleTimeWindow", "not a structure", id="a window of text"
        ),
        pytest.param(
            {"FlexibleTimeWindow__MaximumWindowInMinutes": 5},
            "FlexibleTimeWindow.MaximumWindowInMinutes",
            "FLEXIBLE",
            id="the width of a window that is off",
        ),
        pytest.param({"ActionAfterCompletion": "KEEP"}, "ActionAfterCompletion", "NONE or DELETE", id="an action"),
        pytest.param({"Target__RoleArn": "foo"}, "Target.RoleArn", "does not match", id="a role foo"),
        pytest.param({"Target__RoleArn": None}, "Target.RoleArn", "missing", id="no role"),
        pytest.param({"Target__Arn": "foo"}, "Target.Arn", "arn:aws:lambda", id="a function foo"),
        pytest.param({"Target__Input": "{"}, "Target.Input", "not JSON", id="a broken input"),
        pytest.param({"Target__Input": '"' + "x" * 262_144}, "Target.Input", "the most is", id="a huge input"),
        pytest.param(
            {"Target__DeadLetterConfig__Arn": "arn:aws:sqs:us-east-1:١٢٣٤٥٦٧٨٩٠١٢:q"},
            "Target.DeadLetterConfig.Arn",
            "does not match",
            id="an account in other digits",
        ),
        pytest.param(
            {"Target__RetryPolicy__MaximumRetryAttempts": 186},
            "Target.RetryPolicy.MaximumRetryAttempts",
            "the most is 185",
            id="186 attempts",
        ),
        pytest.param(
            {"Target__RetryPolicy__MaximumEventAgeInSeconds": 59},
            "Target.RetryPolicy.MaximumEventAgeInSeconds",
            "the least is 60",
            id="59 seconds of trying",
        ),
        pytest.param(
            {"Target__RetryPolicy__MaximumRetryAttempts": True},
            "Target.RetryPolicy.MaximumRetryAttempts",
            "not a whole number",
            id="a number that is none",
        ),
        pytest.param(
            {"ScheduleExpressionTimezone": "Mars/Olympus"},
            "ScheduleExpressionTimezone",
            "IANA",
            id="a zone of no place",
        ),
        pytest.param(
            {"ScheduleExpression": "at(2026-09-13T12:00:00)"}, "ScheduleExpression", "not in the future", id="now"
        ),
        pytest.param(
            {"ScheduleExpression": "at(2026-09-13T13:00:00)", "ScheduleExpressionTimezone": "Europe/Paris"},
            "ScheduleExpression",
            "not in the future",
            id="an hour that is past where its zone is",
        ),
        pytest.param(
            {"ScheduleExpression": "at(2026-09-13T17:00:00Z)"}, "ScheduleExpression", "at(yyyy", id="a zone suffix"
        ),
    ],
)
def test_what_aws_refuses_is_refused_by_the_name_of_its_field(
    changes: dict[str, Any], field: str, fault: str
) -> None:
    with pytest.raises(InvalidScheduleError) as refused:
        check(request(**changes))
    assert refused.value.field == field
    assert fault in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Name": "n" * 64},
        {"ScheduleExpressionTimezone": "America/New_York"},
        {"Target__RetryPolicy__MaximumRetryAttempts": 0},
        {"Target__Arn": "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:linekeeper:$LATEST"},
        {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}},
    ],
    ids=str,
)
def test_what_aws_accepts_passes(changes: dict[str, Any]) -> None:
    check(request(**changes))


@pytest.mark.parametrize(
    "expression",
    [
        None,
        "",
        "rate(5 minutes)",
        "at(2026-9-13T17:00:00)",
        "at(2026-09-13 17:00:00)",
        "at(2026-09-13T17:00)",
        "at(2026-09-13T17:00:00.5)",
        "at(2026-02-30T17:00:00)",
        "at(2026-09-13T24:00:01)",
        "at(2026-09-13T17:00:00)\n",
        " at(2026-09-13T17:00:00)",
        "at(\u0662026-09-13T17:00:00)",
    ],
    ids=repr,
)
def test_only_a_real_date_and_time_is_an_instant(expression: object) -> None:
    assert read_expression(expression) is None


def test_an_expression_is_read_in_its_zone() -> None:
    assert read_expression("at(2026-09-13T17:00:00)") == LATER


def test_a_page_is_bounded_as_aws_bounds_it() -> None:
    with pytest.raises(InvalidScheduleError, match="MaxResults of the schedule is 101; the most is 100"):
        check_shape({"MaxResults": 101}, LIST)
