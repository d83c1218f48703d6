"""The body of every update of a schedule: AWS resets to its default whatever it leaves out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.triggers.base import Trigger
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.scheduler_calls import call

NAME = "fetch-odds.americanfootball_nfl"
TRIGGER = Trigger(
    "fetch-odds", "americanfootball_nfl", datetime(2026, 9, 13, 17, tzinfo=UTC), "because", "closing"
)


async def left_out_of_updates(triggers: EventBridgeTriggers, scheduler: Any) -> list[str]:
    """Arm a trigger twice; return what of its body the update that this is did not send, or change back."""
    await triggers.arm(TRIGGER)
    created = dict(scheduler.schedules[NAME])
    scheduler.schedules[NAME] |= {"State": "DISABLED", "ActionAfterCompletion": "DELETE", "Description": "by hand"}
    await triggers.arm(TRIGGER)
    updated = scheduler.schedules[NAME]
    _, sent = scheduler.calls[-1]
    differing = {name for name in created.keys() | updated.keys() if created.get(name) != updated.get(name)}
    return sorted((differing | (created.keys() - sent.keys())) - {"ClientToken"})


async def test_c9_every_update_carries_the_whole_body(triggers: EventBridgeTriggers, scheduler: Any) -> None:
    assert await left_out_of_updates(triggers, scheduler) == []


@pytest.mark.parametrize(
    ("part", "missed"),
    [
        ("State", "State"),
        ("ActionAfterCompletion", "ActionAfterCompletion"),
        ("ScheduleExpressionTimezone", "ScheduleExpressionTimezone"),
        ("Input", "Target"),
        ("DeadLetterConfig", "Target"),
        ("RetryPolicy", "Target"),
    ],
)
async def test_c9_is_seen_to_break_where_an_update_leaves_a_part_to_its_default(
    triggers: EventBridgeTriggers, scheduler: Any, monkeypatch: pytest.MonkeyPatch, part: str, missed: str
) -> None:
    def without(body: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in body.items() if name != part}

    def lean(client: Any, operation: str, **request: Any) -> dict[str, Any]:
        if operation == "UpdateSchedule":
            request = without({**request, "Target": without(request["Target"])})
        return call(client, operation, **request)

    monkeypatch.setattr("core.triggers.eventbridge.call", lean)
    assert await left_out_of_updates(triggers, scheduler) == [missed]
