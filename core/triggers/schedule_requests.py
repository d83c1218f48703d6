"""The one schedule of a job and a sport: its name, its instant and its whole body."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import ConfigurationError
from core.triggers.base import Trigger
from core.triggers.schedule_inputs import trigger_input

SOONEST = timedelta(minutes=2)
"""How far ahead a schedule lies at least: AWS may refuse the past, and a call takes its time."""

LONGEST_NAME = 64
_PLAIN_NAME = re.compile(r"[0-9a-zA-Z_-]+\.[0-9a-zA-Z_-]+")
_DIGEST_LENGTH = 20
_ARN_REGION = 3


@dataclass(frozen=True, slots=True)
class EventBridgeTarget:
    """What schedules invoke, as whom, and where they are kept.

    `function_arn` may hold `{job}` where the jobs are functions of their own. `role_arn` is the role that the
    schedules take to invoke it. The group holds triggers and nothing else. The retry policy is for invocations
    that Lambda does not accept; what is given up goes to the dead-letter queue.
    """

    function_arn: str
    role_arn: str
    group_name: str
    dead_letter_arn: str
    region: str
    retry_attempts: int = 10
    longest_retry: timedelta = timedelta(minutes=30)

    def __post_init__(self) -> None:
        """Refuse a function or a queue of another region, which a schedule could never reach."""
        for name in ("function_arn", "dead_letter_arn"):
            arn = getattr(self, name)
            if arn.split(":")[_ARN_REGION : _ARN_REGION + 1] != [self.region]:
                msg = f"{name} is {arn!r}, which is not in the region of the schedules, {self.region}"
                raise ConfigurationError(msg)

    def function_of(self, job: str) -> str:
        """Return the ARN of the function that runs a job."""
        return self.function_arn.replace("{job}", job)


def schedule_name(job: str, sport_key: str) -> str:
    """Return the fixed name of the schedule of a job and a sport, of at most 64 characters.

    Where the two do not fit, or hold what a name may not, a digest of both takes their place; no two pairs share
    a name.

    >>> schedule_name("fetch-odds", "americanfootball_nfl")
    'fetch-odds.americanfootball_nfl'
    """
    plain = f"{job}.{sport_key}"
    if len(plain) <= LONGEST_NAME and _PLAIN_NAME.fullmatch(plain):
        return plain
    digest = hashlib.sha256(json.dumps([job, sport_key]).encode()).hexdigest()[:_DIGEST_LENGTH]
    ending = f"..{digest}"
    readable = re.sub(r"[^0-9a-zA-Z_.-]", "-", plain)
    return readable[: LONGEST_NAME - len(ending)] + ending


def firing_time(at: datetime, now: datetime) -> datetime:
    """Return when a trigger is set to fire: a whole second, UTC, at least two minutes ahead, never before `at`."""
    instant = max(at, now + SOONEST).astimezone(UTC)
    whole = instant.replace(microsecond=0)
    return whole if whole == instant else whole + timedelta(seconds=1)


def schedule_request(trigger: Trigger, target: EventBridgeTarget, now: datetime) -> dict[str, Any]:
    """Return the whole body of the schedule of a trigger, the same to create it and to update it.

    AWS resets whatever an update leaves out, so nothing that matters is left to a default.
    """
    fires_at = firing_time(trigger.at, now).replace(tzinfo=None)
    return {
        "Name": schedule_name(trigger.job, trigger.sport_key),
        "GroupName": target.group_name,
        "ScheduleExpression": f"at({fires_at.isoformat(timespec='seconds')})",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "NONE",
        "Target": {
            "Arn": target.function_of(trigger.job),
            "RoleArn": target.role_arn,
            "Input": trigger_input(trigger),
            "DeadLetterConfig": {"Arn": target.dead_letter_arn},
            "RetryPolicy": {
                "MaximumRetryAttempts": target.retry_attempts,
                "MaximumEventAgeInSeconds": int(target.longest_retry.total_seconds()),
            },
        },
    }
