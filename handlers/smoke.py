"""What a deploy ends with: every function is invoked once, and the schedules that they armed are read back."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import ConfigurationError
from core.functions import Invoked
from core.triggers.base import Trigger
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.schedule_requests import EventBridgeTarget
from core.triggers.schedule_survey import GroupSurvey, Stray
from handlers.registry import JOBS

FUNCTIONS = ("migrate", "heartbeat", *JOBS, "backtest")
"""In the order in which they need one another: the schema, the chain, its jobs, then what they collected."""

EVENTS: Mapping[str, Mapping[str, Any]] = {
    "backtest": {
        "strategy": "flat",
        "config": {"start": "2026-01-01T00:00Z", "end": "2027-01-01T00:00Z"},
        "dry_run": True,
    }
}
"""What a function is invoked with that does not take an empty event; nothing is run and nothing is kept by it."""

Invoke = Callable[[str, Mapping[str, Any]], Invoked]


@dataclass(frozen=True, slots=True)
class Checked:
    """A function that was invoked: whether it did its work, how long it took, and what it said."""

    function: str
    ok: bool
    duration: timedelta
    said: str


@dataclass(frozen=True, slots=True)
class SmokeReport:
    """What was found; `missing` are jobs, each with its sport, that have no schedule to run them again.

    In a pause none needs one.
    """

    paused: bool
    functions: tuple[Checked, ...]
    armed: tuple[Trigger, ...]
    missing: tuple[tuple[str, str], ...]
    strays: tuple[Stray, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the deployment works."""
        return all(one.ok for one in self.functions) and not self.missing and not self.strays


async def smoke(
    sports: tuple[str, ...], target: EventBridgeTarget, triggers: EventBridgeTriggers, invoke: Invoke
) -> SmokeReport:
    """Invoke every function, one after the other, and read the schedules back.

    Args:
        sports: The sports that are collected.
        target: What schedules invoke; its ARN names each function by {job}.
        triggers: The schedules.
        invoke: Invokes the function of an ARN with an event and waits for it, blocking.

    Raises:
        ConfigurationError: The ARN does not tell the functions apart.
        SchedulerRefusedError: AWS does not tell the schedules.
        SchedulerUnavailableError: AWS cannot be asked for them just now.
    """
    if "{job}" not in target.function_arn:
        msg = f"AWS_LAMBDA_ARN={target.function_arn}: accepted here is one whose NAME has {{job}} in it"
        raise ConfigurationError(msg)
    answers: dict[str, Invoked] = {}
    for name in FUNCTIONS:
        answers[name] = await asyncio.to_thread(invoke, target.function_of(name), EVENTS.get(name, {}))
    paused = any(_payload(answer).get("paused") for answer in answers.values())
    found: GroupSurvey = await triggers.survey()
    armed = {(one.trigger.job, one.trigger.sport_key) for one in found.armed}
    wanted = [] if paused else [(job, sport_key) for sport_key in sports for job in JOBS]
    return SmokeReport(
        paused=paused,
        functions=tuple(_checked(name, answer) for name, answer in answers.items()),
        armed=tuple(one.trigger for one in found.armed),
        missing=tuple(one for one in wanted if one not in armed),
        strays=found.strays,
    )


def _checked(name: str, invoked: Invoked) -> Checked:
    if invoked.error is not None:
        return Checked(name, ok=False, duration=invoked.duration, said=invoked.error)
    payload = _payload(invoked)
    return Checked(name, ok=not payload.get("failed"), duration=invoked.duration, said=_said(payload))


def _payload(invoked: Invoked) -> Mapping[str, Any]:
    return invoked.payload if isinstance(invoked.payload, Mapping) else {}


def _said(payload: Mapping[str, Any]) -> str:
    """Return a function's answer as a line: what is empty or nothing is left out."""
    told = {key: value for key, value in payload.items() if value not in (None, [], 0)}
    return ", ".join(
        f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in told.items()
    )
