"""What a schedule hands to the function that it invokes: the trigger, as JSON."""

import json
from datetime import UTC, datetime

from core.triggers.base import Trigger

PLAN_VERSION = 1
"""What the fields mean; a function that finds another version plans anew instead of trusting them."""


def trigger_input(trigger: Trigger) -> str:
    """Return the JSON that carries a trigger; its slot is the planned instant, to the microsecond."""
    return json.dumps(
        {
            "job": trigger.job,
            "sport_key": trigger.sport_key,
            "slot": trigger.at.astimezone(UTC).isoformat(),
            "reason": trigger.reason,
            "tier": trigger.tier,
            "tries": trigger.tries,
            "plan_version": PLAN_VERSION,
        }
    )


def parse_input(event: object) -> Trigger | None:
    """Return the trigger that an invocation carries, or None when it carries none that can be understood.

    Anything may invoke a function: a console with an empty event, a schedule of an older plan version. None tells
    the caller to plan anew. The job and the sport are any texts; whether they exist is the caller's to ask.
    """
    if not isinstance(event, dict) or event.get("plan_version") != PLAN_VERSION:
        return None
    job, sport_key, reason, tier = (event.get(name) for name in ("job", "sport_key", "reason", "tier"))
    if not isinstance(job, str) or not isinstance(sport_key, str) or not isinstance(reason, str):
        return None
    slot = _instant(event.get("slot"))
    if slot is None or not (tier is None or isinstance(tier, str)):
        return None
    tries = event.get("tries", 0)
    return Trigger(job, sport_key, slot, reason, tier, tries if type(tries) is int and tries > 0 else 0)


def read_input(text: object) -> Trigger | None:
    """Return the trigger of a schedule's Input, or None as `parse_input` does."""
    if not isinstance(text, str):
        return None
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parse_input(event)


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        instant = datetime.fromisoformat(text)
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
