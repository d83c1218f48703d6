"""Why a look comes when it comes, in a sentence."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from core.planning.timetable import NEVER
from core.planning.values import PlannedRun, PlannerPolicy, UpcomingEvent
from core.planning.wording import counted, duration_text
from core.tiers import BOUNDARIES, INTERVALS, Tier, tier_of


class Kind(IntEnum):
    """What makes an event due, the weightiest first."""

    LAST_LOOK = 1
    BOUNDARY = 2
    INTERVAL = 3
    ENTERS = 4
    FIRST = 5


class Cause(NamedTuple):
    """An event that is due, why, and since when; comparing orders the causes by weight, then by start."""

    kind: Kind
    commence_time: datetime
    event: UpcomingEvent
    since: datetime


def explained(
    at: datetime,
    last_look: datetime | None,
    events: Iterable[UpcomingEvent],
    *,
    policy: PlannerPolicy,
    sampled: tuple[Tier, ...],
    cost: int,
) -> PlannedRun:
    """Return the look at an instant with its tier, its reason and the events that it is due for."""
    horizon, tolerance = at + policy.lookahead, policy.tolerance
    upcoming = [event for event in events if at < event.commence_time <= horizon]
    causes = sorted(
        cause for event in upcoming for cause in _causes(event, at, last_look, policy, tolerance, sampled=sampled)
    )
    by_start = sorted(causes, key=lambda cause: (cause.commence_time, cause.event.event_id))
    return PlannedRun(
        at=at,
        tier=tier_of(by_start[0].commence_time, at),
        reason=_sentence(causes, at, policy),
        event_ids=tuple(cause.event.event_id for cause in by_start),
        upcoming=len(upcoming),
        cost=cost,
    )


def _causes(
    event: UpcomingEvent,
    at: datetime,
    last_look: datetime | None,
    policy: PlannerPolicy,
    tolerance: timedelta,
    *,
    sampled: tuple[Tier, ...],
) -> Iterator[Cause]:
    """Yield the weightiest cause for which the event is due at an instant, if it is."""
    start = event.commence_time
    last = last_look or NEVER
    enters = start - policy.lookahead
    tier_now = tier_of(start, at)
    if last < start - policy.closing_lead <= at:
        yield Cause(Kind.LAST_LOOK, start, event, start - policy.closing_lead)
    elif tier_now not in sampled:
        return
    elif last_look is None:
        yield Cause(Kind.FIRST, start, event, at)
    elif tier_now is not tier_of(start, max(last + tolerance, enters)):
        yield Cause(Kind.BOUNDARY, start, event, start - BOUNDARIES[tier_now])
    elif enters <= (due := last + INTERVALS[tier_now]) <= at:
        yield Cause(Kind.INTERVAL, start, event, due)
    elif due < enters <= at:
        yield Cause(Kind.ENTERS, start, event, enters)


def _sentence(causes: list[Cause], at: datetime, policy: PlannerPolicy) -> str:
    first = causes[0]
    others = len(causes) - 1
    more = f", and {counted(others, 'more event')} due" if others else ""
    late = at - first.since
    overdue = f" (overdue by {duration_text(late)})" if late > policy.tolerance + policy.minimum_gap else ""
    return f"{_due_because(first, at, policy)}{more}{overdue}"


def _due_because(cause: Cause, at: datetime, policy: PlannerPolicy) -> str:
    label = cause.event.label
    ahead = cause.commence_time - at
    tier = tier_of(cause.commence_time, at)
    match cause.kind:
        case Kind.LAST_LOOK:
            return f"last look {duration_text(ahead)} before the start of {label}"
        case Kind.BOUNDARY:
            return f"tier boundary: {label} enters {tier}, {duration_text(BOUNDARIES[tier])} before its start"
        case Kind.INTERVAL:
            return f"{duration_text(INTERVALS[tier])} sampling: {label} starts in {duration_text(ahead)}"
        case Kind.ENTERS:
            return f"{label} comes within {duration_text(policy.lookahead)} of its start"
        case Kind.FIRST:
            return f"first look: {label} starts in {duration_text(ahead)}"
