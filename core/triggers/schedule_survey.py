"""What a schedule group holds: triggers to come, triggers that have fired, and what does not belong there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.triggers.base import Trigger
from core.triggers.schedule_inputs import read_input
from core.triggers.schedule_requests import EventBridgeTarget, schedule_name
from core.triggers.schedule_validation import read_expression

FIRING = timedelta(minutes=1)
"""How long after its instant AWS may take to fire a schedule."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A trigger under its own name; `trigger.at` is the planned instant, `fires_at` the one that AWS was told.

    AWS fires within the minute that begins at `fires_at`.
    """

    trigger: Trigger
    fires_at: datetime


@dataclass(frozen=True, slots=True)
class Stray:
    """A schedule that is not a trigger as this project arms it, and why.

    Under a trigger's own name, arming that trigger mends it; under any other, it is to be removed.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class GroupSurvey:
    """The schedules of a group at one instant, each list in the order of instants or names.

    `fired` are triggers whose minute is over: AWS keeps their schedules. Until then a trigger counts as armed, for
    arming it anew could put off what is about to fire.
    """

    armed: tuple[Scheduled, ...]
    fired: tuple[Scheduled, ...]
    strays: tuple[Stray, ...]


def survey(schedules: Iterable[Mapping[str, Any]], target: EventBridgeTarget, now: datetime) -> GroupSurvey:
    """Sort the schedules of a group, each as GetSchedule describes it."""
    read = [read_schedule(schedule, target) for schedule in schedules]
    triggers = sorted((one for one in read if isinstance(one, Scheduled)), key=_order)
    return GroupSurvey(
        armed=tuple(one for one in triggers if one.fires_at > now - FIRING),
        fired=tuple(one for one in triggers if one.fires_at <= now - FIRING),
        strays=tuple(sorted((one for one in read if isinstance(one, Stray)), key=lambda stray: stray.name)),
    )


def read_schedule(schedule: Mapping[str, Any], target: EventBridgeTarget) -> Scheduled | Stray:
    """Return the trigger of a schedule, or why it is none that will reach its function at its time."""
    name, aim = schedule["Name"], schedule.get("Target", {})
    trigger = read_input(aim.get("Input"))
    if trigger is None:
        return Stray(name, "its Input is not a trigger's")
    own_name = schedule_name(trigger.job, trigger.sport_key)
    if name != own_name:
        return Stray(name, f"its Input belongs to {own_name}")
    expression = schedule.get("ScheduleExpression")
    fires_at = read_expression(expression)
    if fires_at is None:
        return Stray(name, f"its ScheduleExpression is {expression!r}, not an instant")
    expected = {
        "State": (schedule.get("State"), "ENABLED"),
        "ScheduleExpressionTimezone": (schedule.get("ScheduleExpressionTimezone"), "UTC"),
        "Target.Arn": (aim.get("Arn"), target.function_of(trigger.job)),
        "Target.RoleArn": (aim.get("RoleArn"), target.role_arn),
    }
    for field, (found, wanted) in expected.items():
        if found != wanted:
            return Stray(name, f"its {field} is {found!r}, not {wanted!r}")
    return Scheduled(trigger, fires_at)


def _order(one: Scheduled) -> tuple[datetime, str, str]:
    return one.fires_at, one.trigger.job, one.trigger.sport_key
