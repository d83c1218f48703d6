"""When to read the free list of events again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from core.planning.values import PlannerPolicy, Wake
from core.planning.wording import duration_text

_AFTER_START = (timedelta(minutes=1), timedelta(minutes=10))


def plan_status(
    starts: Sequence[datetime],
    *,
    now: datetime,
    last_status: datetime | None,
    status_interval: timedelta,
    policy: PlannerPolicy,
) -> Wake:
    """Return when the free list is to be read next.

    It is read every status interval while a game is known, and a minute and ten minutes after every scheduled
    start, so that a start that was put off at the last moment gets its last look again. Without any game it is
    read once in the longest sleep. The minimum gap holds between readings.

    Args:
        starts: The commence times of the events that are not over, started or not.
        now: The present instant.
        last_status: When the list was last read; None before the first time.
        status_interval: How old the list may become while a game is known.
        policy: The user's choices.
    """
    if last_status is None:
        return Wake(now, "first look at the free events list")
    interval = min(status_interval, policy.longest_sleep) if starts else policy.longest_sleep
    why = f"the free events list is read every {duration_text(interval)}" if starts else "no game is known"
    at, reason = min([(last_status + interval, why), *_after_starts(starts, last_status)])
    return Wake(max(at, last_status + policy.minimum_gap, now), reason)


def _after_starts(starts: Sequence[datetime], last_status: datetime) -> Iterator[tuple[datetime, str]]:
    for start in starts:
        for after in _AFTER_START:
            if start + after > last_status:
                yield start + after, f"{duration_text(after)} after a scheduled start: it may have been put off"
