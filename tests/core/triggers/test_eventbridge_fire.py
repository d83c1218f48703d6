"""Triggers that run at once: the function of their job is invoked as their schedule would."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import VirtualClock
from core.triggers.base import Trigger
from core.triggers.errors import SchedulerRefusedError
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.schedule_inputs import parse_input
from core.triggers.schedule_requests import EventBridgeTarget

HOUR = timedelta(hours=1)
FAULTS: dict[str, dict[str, Any]] = {
    "throttled": {"status": 429, "code": "TooManyRequestsException"},
    "failing": {"status": 500, "code": "ServiceException"},
    "cut off": {"lost": True},
    "cut off after it was applied": {"lost": True, "applied": True},
}


@pytest.fixture
def late(clock: VirtualClock) -> Trigger:
    return Trigger("fetch-odds", "americanfootball_nfl", clock.now() - HOUR, "it did not fire", "closing")


async def test_triggers_without_a_client_of_lambda_fire_nothing(
    scheduler_client: Any, target: EventBridgeTarget, clock: VirtualClock, late: Trigger
) -> None:
    with pytest.raises(SchedulerRefusedError, match="no client of Lambda"):
        await EventBridgeTriggers(target, scheduler_client, clock=clock).fire(late)


@pytest.fixture
def planned(clock: VirtualClock) -> Trigger:
    return Trigger("fetch-odds", "americanfootball_nfl", clock.now() + HOUR, "as planned")


async def test_a_trigger_is_fired_as_its_schedule_would_and_what_is_armed_stays(
    triggers: EventBridgeTriggers, scheduler: Any, target: EventBridgeTarget, late: Trigger, planned: Trigger
) -> None:
    await triggers.arm(planned)
    await triggers.fire(late)
    operation, invoked = scheduler.calls[-1]
    assert (operation, invoked["Name"]) == ("Invoke", target.function_of("fetch-odds"))
    assert parse_input({name: value for name, value in invoked.items() if name != "Name"}) == late
    assert await triggers.armed() == [planned]


@pytest.mark.parametrize("kind", FAULTS)
async def test_firing_is_tried_again_where_that_may_help(
    triggers: EventBridgeTriggers, scheduler: Any, fault: Any, late: Trigger, kind: str
) -> None:
    scheduler.faults.append(fault(**FAULTS[kind], operation="Invoke"))
    await triggers.fire(late)
    assert scheduler.calls[-1][0] == "Invoke"
    assert not scheduler.faults


async def test_a_function_that_does_not_exist_is_named(
    triggers: EventBridgeTriggers, scheduler: Any, late: Trigger
) -> None:
    scheduler.functions.clear()
    with pytest.raises(SchedulerRefusedError, match=r"Invoke of Lambda failed .*:linekeeper-fetch-odds"):
        await triggers.fire(late)
