"""The schedule of a job and a sport, as it is asked for."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import ConfigurationError
from core.triggers.base import Trigger
from core.triggers.schedule_inputs import read_input
from core.triggers.schedule_requests import (
    SOONEST,
    EventBridgeTarget,
    firing_time,
    schedule_name,
    schedule_request,
)

NOW = datetime(2026, 9, 13, 12, tzinfo=UTC)
NFL = "americanfootball_nfl"
INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def test_a_request_is_the_whole_body(target: EventBridgeTarget) -> None:
    trigger = Trigger("fetch-odds", NFL, NOW + timedelta(hours=5), "closing look", "closing")
    request = schedule_request(trigger, target, NOW)
    assert read_input(request["Target"].pop("Input")) == trigger
    assert request == {
        "Name": "fetch-odds.americanfootball_nfl",
        "GroupName": "linekeeper",
        "ScheduleExpression": "at(2026-09-13T17:00:00)",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "NONE",
        "Target": {
            "Arn": "arn:aws:lambda:us-east-1:123456789012:function:linekeeper-fetch-odds",
            "RoleArn": "arn:aws:iam::123456789012:role/linekeeper-scheduler",
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:123456789012:linekeeper-undelivered"},
            "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 1800},
        },
    }


def test_the_input_keeps_the_planned_instant_where_the_schedule_is_later(target: EventBridgeTarget) -> None:
    trigger = Trigger("fetch-odds", NFL, NOW - timedelta(hours=1), "late")
    request = schedule_request(trigger, target, NOW)
    assert request["ScheduleExpression"] == "at(2026-09-13T12:02:00)"
    assert read_input(request["Target"]["Input"]) == trigger


def test_jobs_may_share_one_function(target: EventBridgeTarget) -> None:
    shared = replace(target, function_arn="arn:aws:lambda:us-east-1:123456789012:function:linekeeper:live")
    assert {shared.function_of(job) for job in ("fetch-odds", "fetch-scores")} == {shared.function_arn}


@pytest.mark.parametrize("changes", [{"region": "eu-west-1"}, {"function_arn": "foo"}, {"dead_letter_arn": ""}])
def test_a_target_of_another_region_is_refused(target: EventBridgeTarget, changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="not in the region of the schedules"):
        replace(target, **changes)


@pytest.mark.parametrize(
    ("at", "fires_at"),
    [
        pytest.param(timedelta(hours=1), timedelta(hours=1), id="a whole second is kept"),
        pytest.param(timedelta(hours=1, microseconds=1), timedelta(hours=1, seconds=1), id="rounded up"),
        pytest.param(timedelta(seconds=119), SOONEST, id="too near is put off"),
        pytest.param(SOONEST, SOONEST, id="two minutes are far enough"),
        pytest.param(timedelta(days=-1), SOONEST, id="the past is put off"),
    ],
)
def test_a_trigger_fires_at_a_whole_second_two_minutes_ahead_or_later(at: timedelta, fires_at: timedelta) -> None:
    assert firing_time(NOW + at, NOW) == NOW + fires_at


@given(INSTANTS, st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_trigger_never_fires_before_its_time_nor_a_second_later_than_it_must(
    at: datetime, now: datetime
) -> None:
    fires_at = firing_time(at, now)
    assert fires_at.microsecond == 0
    assert timedelta(0) <= fires_at - max(at, now + SOONEST) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("job", "sport_key", "name"),
    [
        pytest.param("fetch-odds", NFL, f"fetch-odds.{NFL}", id="what fits is told as it is"),
        pytest.param("j" * 31, "s" * 32, f"{'j' * 31}.{'s' * 32}", id="64 characters fit"),
        pytest.param(
            "fetch-odds", "s" * 60, f"fetch-odds.{'s' * 31}..2fcf5c5c2d14d7e34fab", id="the rest has a digest"
        ),
    ],
)
def test_a_schedule_has_a_fixed_name(job: str, sport_key: str, name: str) -> None:
    assert schedule_name(job, sport_key) == name


@given(*[st.tuples(st.text(), st.text())] * 2)
@example(("a.b", "c"), ("a", "b.c"))
@example(("a", "b" * 80), ("a", "b" * 81))
@example(("", "a"), ("a", ""))
@example(("a b", "c"), ("a-b", "c"))
def test_no_two_pairs_of_job_and_sport_share_a_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    names = {schedule_name(*one), schedule_name(*other)}
    assert len(names) == len({one, other})
    assert all(re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", name, re.ASCII) for name in names)


@given(st.text(min_size=30), st.text(min_size=30))
def test_the_name_of_a_digest_is_never_the_name_of_a_pair_that_fits(job: str, sport_key: str) -> None:
    name = schedule_name(job, sport_key)
    assert ".." not in name or schedule_name(*name.split(".", 1)) != name
