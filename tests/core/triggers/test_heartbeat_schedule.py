"""Whether a deployment is paused is read from the one schedule that is the deployment's own."""

from typing import TYPE_CHECKING, Any

import pytest

from core.triggers.heartbeat_schedule import is_paused

if TYPE_CHECKING:
    from tests.core.triggers.conftest import SchedulerStandIn

GROUP = "linekeeper"


@pytest.mark.parametrize(("state", "paused"), [("ENABLED", False), ("DISABLED", True)])
async def test_a_deployment_is_paused_while_its_heartbeat_is_disabled(
    scheduler: "SchedulerStandIn", scheduler_client: Any, state: str, paused: bool
) -> None:
    scheduler.groups.add("linekeeper-heartbeat")
    scheduler.schedules["heartbeat"] = {"Name": "heartbeat", "State": state}
    assert await is_paused(scheduler_client, GROUP) is paused
    assert scheduler.calls[-1] == ("GetSchedule", {"Name": "heartbeat", "GroupName": "linekeeper-heartbeat"})


@pytest.mark.usefixtures("scheduler")
async def test_one_that_has_no_heartbeat_is_not(scheduler_client: Any) -> None:
    assert not await is_paused(scheduler_client, GROUP)
