"""Triggers on EventBridge Scheduler: what its schedules are, whatever goes wrong on the way."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from core.clock import VirtualClock
from core.triggers.base import Trigger, TriggerBackend
from core.triggers.errors import InvalidScheduleError, SchedulerRefusedError, SchedulerUnavailableError
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.schedule_inputs import read_input
from core.triggers.schedule_requests import EventBridgeTarget, firing_time, schedule_name
from core.triggers.schedule_survey import FIRING, Stray
from core.triggers.scheduler_calls import ATTEMPTS, open_scheduler_client

NOW = datetime(2026, 9, 13, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NFL = "americanfootball_nfl"
NAME = f"fetch-odds.{NFL}"


def trigger(hours: float, job: str = "fetch-odds", sport_key: str = NFL) -> Trigger:
    return Trigger(job, sport_key, NOW + hours * HOUR, "because", "closing")


def operations(scheduler: Any) -> list[str]:
    return [operation for operation, _ in scheduler.calls]


@pytest.fixture
def moto_client() -> Iterator[Any]:
    with mock_aws():
        client = open_scheduler_client("us-east-1")
        client.create_schedule_group(Name="linekeeper")
        yield client


async def test_triggers_are_armed_replaced_told_and_disarmed(
    moto_client: Any, target: EventBridgeTarget, clock: VirtualClock
) -> None:
    backend: TriggerBackend = EventBridgeTriggers(target, moto_client, clock=clock)
    for each in (trigger(9), trigger(5), trigger(3, "fetch-scores"), trigger(4, sport_key="basketball_nba")):
        await backend.arm(each)
    assert await backend.armed() == [
        trigger(3, "fetch-scores"),
        trigger(4, sport_key="basketball_nba"),
        trigger(5),
    ]
    await backend.disarm("fetch-scores", NFL)
    await backend.disarm("fetch-scores", NFL)
    assert await backend.armed() == [trigger(4, sport_key="basketball_nba"), trigger(5)]


async def test_a_schedule_is_updated_and_created_only_where_there_is_none(
    triggers: EventBridgeTriggers, scheduler: Any
) -> None:
    await triggers.arm(trigger(5))
    await triggers.arm(trigger(6))
    assert operations(scheduler) == ["UpdateSchedule", "CreateSchedule", "UpdateSchedule"]


async def test_a_past_trigger_is_put_off_by_two_minutes_and_keeps_its_slot(
    triggers: EventBridgeTriggers, scheduler: Any
) -> None:
    await triggers.arm(trigger(-1))
    assert scheduler.schedules[NAME]["ScheduleExpression"] == "at(2026-09-13T12:02:00)"
    assert await triggers.armed() == [replace(trigger(-1), at=NOW + timedelta(minutes=2))]
    [found] = (await triggers.survey()).armed
    assert found.trigger == trigger(-1)


async def test_a_trigger_that_has_fired_is_no_longer_armed_and_may_be_armed_again(
    triggers: EventBridgeTriggers, clock: VirtualClock
) -> None:
    await triggers.arm(trigger(1))
    clock.advance(HOUR + timedelta(seconds=59))
    assert await triggers.armed() == [trigger(1)]
    clock.advance(timedelta(seconds=1))
    assert await triggers.armed() == []
    assert [one.trigger for one in (await triggers.survey()).fired] == [trigger(1)]
    await triggers.arm(trigger(2))
    assert await triggers.armed() == [trigger(2)]


async def test_every_page_of_the_group_is_read(triggers: EventBridgeTriggers, scheduler: Any) -> None:
    scheduler.page_size = 2
    wanted = [trigger(hours, sport_key=f"sport_{hours}") for hours in range(1, 8)]
    for each in wanted:
        await triggers.arm(each)
    assert await triggers.armed() == wanted


async def test_c2_strays_are_told_and_removed_by_name(triggers: EventBridgeTriggers, scheduler: Any) -> None:
    await triggers.arm(trigger(5))
    scheduler.schedules["copy"] = scheduler.schedules[NAME] | {"Name": "copy"}
    assert await triggers.armed() == [trigger(5)]
    assert (await triggers.survey()).strays == (Stray("copy", f"its Input belongs to {NAME}"),)
    await triggers.remove("copy")
    assert set(scheduler.schedules) == {NAME}


async def test_arming_mends_a_schedule_that_was_spoilt_by_hand(
    triggers: EventBridgeTriggers, scheduler: Any
) -> None:
    await triggers.arm(trigger(5))
    scheduler.schedules[NAME]["Target"]["Arn"] = "arn:aws:lambda:us-east-1:123456789012:function:old"
    assert await triggers.armed() == []
    await triggers.arm(trigger(5))
    assert await triggers.armed() == [trigger(5)]


async def test_a_schedule_that_vanishes_while_the_group_is_read_is_passed_over(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any
) -> None:
    await triggers.arm(trigger(5))
    scheduler.faults.append(fault(404, "ResourceNotFoundException", operation="GetSchedule"))
    assert await triggers.armed() == []


FAULTS: dict[str, dict[str, Any]] = {
    "throttled": {"status": 429, "code": "ThrottlingException"},
    "in conflict": {"status": 409, "code": "ConflictException"},
    "failing": {"status": 500, "code": "InternalServerException"},
    "failing after it was applied": {"status": 500, "code": "InternalServerException", "applied": True},
    "cut off": {"lost": True},
    "cut off after it was applied": {"lost": True, "applied": True},
}


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", ["UpdateSchedule", "CreateSchedule", "DeleteSchedule", "ListSchedules"])
async def test_what_passes_changes_nothing(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any, kind: str, operation: str
) -> None:
    scheduler.faults.append(fault(**FAULTS[kind], operation=operation))
    await triggers.arm(trigger(5))
    await triggers.disarm("fetch-scores", NFL)
    assert await triggers.armed() == [trigger(5)]
    assert not scheduler.faults


async def test_an_update_whose_answer_comes_too_late_is_applied_once(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any
) -> None:
    await triggers.arm(trigger(5))
    scheduler.faults.append(fault(applied=True, seconds=0.6))
    await triggers.arm(trigger(6))
    assert await triggers.armed() == [trigger(6)]


async def test_one_arming_has_one_token_for_each_operation_and_the_next_has_others(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any
) -> None:
    scheduler.faults.append(fault(**FAULTS["cut off after it was applied"], operation="CreateSchedule"))
    for _ in range(2):
        await triggers.arm(trigger(5))
    tokens = [body["ClientToken"] for operation, body in scheduler.calls if operation == "UpdateSchedule"]
    assert len(tokens) == 3
    assert tokens[0] == tokens[1] != tokens[2]


async def test_a_schedule_that_another_created_meanwhile_is_updated(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any
) -> None:
    await triggers.arm(trigger(5))
    scheduler.faults.append(fault(404, "ResourceNotFoundException", operation="UpdateSchedule"))
    await triggers.arm(trigger(6))
    assert operations(scheduler)[-2:] == ["CreateSchedule", "UpdateSchedule"]
    assert await triggers.armed() == [trigger(6)]


async def test_what_does_not_pass_is_unavailable_after_bounded_attempts(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any
) -> None:
    scheduler.faults.extend([fault(**FAULTS["throttled"])] * 100)
    with pytest.raises(SchedulerUnavailableError, match="ThrottlingException"):
        await triggers.arm(trigger(5))
    assert len(scheduler.faults) == 100 - ATTEMPTS


async def test_a_group_that_does_not_exist_is_named(triggers: EventBridgeTriggers, scheduler: Any) -> None:
    scheduler.groups.clear()
    with pytest.raises(SchedulerRefusedError, match="no schedule group 'linekeeper' in us-east-1"):
        await triggers.arm(trigger(5))
    with pytest.raises(SchedulerRefusedError, match="linekeeper"):
        await triggers.armed()


async def test_a_request_that_aws_would_refuse_is_not_sent(
    scheduler: Any, scheduler_client: Any, target: EventBridgeTarget, clock: VirtualClock
) -> None:
    wrong = EventBridgeTriggers(replace(target, role_arn="foo"), scheduler_client, clock=clock)
    with pytest.raises(InvalidScheduleError, match=r"Target\.RoleArn"):
        await wrong.arm(trigger(5))
    assert scheduler.calls == []


async def test_a_cancelled_arming_never_overtakes_a_later_one(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any
) -> None:
    await triggers.arm(trigger(5))
    scheduler.faults.append(fault(seconds=0.2, operation="UpdateSchedule"))
    cancelled = asyncio.create_task(triggers.arm(trigger(6)))
    while scheduler.faults:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    cancelled.cancel()
    await triggers.arm(trigger(7))
    await asyncio.sleep(0.3)
    assert await triggers.armed() == [trigger(7)]


def test_one_backend_serves_one_event_loop_after_another(triggers: EventBridgeTriggers) -> None:
    for hours in (5, 6, 7):
        asyncio.run(triggers.arm(trigger(hours)))
        assert asyncio.run(triggers.armed()) == [trigger(hours)]


JOBS = st.sampled_from(["fetch-odds", "fetch-scores"])
SPORTS = st.sampled_from([NFL, "basketball_nba", "soccer_" + "x" * 80])
MINUTES = st.integers(-90, 600) | st.floats(-90, 600).map(lambda minutes: round(minutes, 4))
STEPS = st.lists(
    st.tuples(st.just("arm"), JOBS, SPORTS, MINUTES)
    | st.tuples(st.just("disarm"), JOBS, SPORTS, st.just(0))
    | st.tuples(st.just("fault"), st.sampled_from(list(FAULTS)), st.just(""), st.just(0))
    | st.tuples(st.just("pass"), st.just(""), st.just(""), st.integers(0, 30)),
    max_size=12,
)


async def at_once(_seconds: float) -> None:
    """Wait for no time."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_c2_one_schedule_per_job_and_sport_carries_the_instant_last_armed(
    scheduler: Any, scheduler_client: Any, target: EventBridgeTarget, fault: Any, steps: list[Any]
) -> None:
    scheduler.reset()
    clock = VirtualClock(NOW)
    triggers = EventBridgeTriggers(target, scheduler_client, clock=clock, sleep=at_once)
    wanted: dict[str, tuple[Trigger, datetime]] = {}
    for kind, job, sport_key, minutes in steps:
        if kind == "arm":
            armed = Trigger(job, sport_key, NOW + timedelta(minutes=minutes), "because")
            await triggers.arm(armed)
            wanted[schedule_name(job, sport_key)] = armed, firing_time(armed.at, clock.now())
        elif kind == "disarm":
            await triggers.disarm(job, sport_key)
            wanted.pop(schedule_name(job, sport_key), None)
        elif kind == "fault" and not scheduler.faults:
            scheduler.faults.append(fault(**FAULTS[job]))
        elif kind == "pass":
            clock.advance(timedelta(minutes=minutes))
    assert scheduler.schedules.keys() == wanted.keys()
    for name, (armed, fires_at) in wanted.items():
        kept = scheduler.schedules[name]
        assert kept["ScheduleExpression"] == f"at({fires_at.replace(tzinfo=None).isoformat()})"
        assert read_input(kept["Target"]["Input"]) == armed
    pending = [armed for armed, fires_at in wanted.values() if fires_at + FIRING > clock.now()]
    assert len(await triggers.armed()) == len(pending)
