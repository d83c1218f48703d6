"""The schedule that makes the heartbeat beat: the deployment's own, and so what tells of a pause."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from core.triggers.scheduler_calls import ScheduleNotFoundError, call, persist

if TYPE_CHECKING:
    from botocore.client import BaseClient

GROUP_ENDING = "-heartbeat"
"""What the name of its group has after that of the group of triggers."""

NAME = "heartbeat"


async def is_paused(client: "BaseClient", group_name: str) -> bool:
    """Tell whether the heartbeat of a deployment is switched off; where it has none, it is not.

    Args:
        client: A client of EventBridge Scheduler.
        group_name: The group of the deployment's triggers.

    Raises:
        SchedulerRefusedError: AWS does not tell.
        SchedulerUnavailableError: AWS could not be reached or asked in time.
    """
    asked = partial(call, client, "GetSchedule", Name=NAME, GroupName=f"{group_name}{GROUP_ENDING}")
    try:
        schedule = await persist(asked, asyncio.sleep)
    except ScheduleNotFoundError:
        return False
    return bool(schedule["State"] == "DISABLED")
