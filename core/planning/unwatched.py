"""Where looks were due and none was answered: an outage, a collector that did not run, credits that were saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from core.planning.timetable import Timetable
from core.planning.values import PlannerPolicy, UpcomingEvent

GRACE = timedelta(minutes=15)
"""How late a look may come and not be missed."""


class KnownStart(NamedTuple):
    """What was known of an event's start from an instant on; None once it was cancelled."""

    seen_at: datetime
    event_id: str
    commence_time: datetime | None


@dataclass(frozen=True, slots=True)
class UnwatchedSpan:
    """A time without an answered look though looks were due; instants are aware UTC.

    It lies between the look `after` and the look `until`, None while there is none. `due` is when the first look
    was due, `missed` how many were, `starts` how many events started meanwhile.
    """

    after: datetime
    due: datetime
    until: datetime | None
    missed: int
    starts: int


def unwatched_spans(
    looks: Iterable[datetime], starts: Iterable[KnownStart], *, now: datetime, policy: PlannerPolicy
) -> list[UnwatchedSpan]:
    """Return the spans between looks in which the tiers would have had more of them, the earliest first.

    What was due is judged by the starts as they were known at the look before.

    Args:
        looks: The instants of the answered looks at a sport.
        starts: All starts of its events, as they became known.
        now: The present instant, until when the last span may go on.
        policy: The user's choices about when to look.
    """
    known = _KnownStarts(sorted(starts, key=lambda start: start.seen_at), policy)
    in_order = sorted(looks)
    spans = []
    for after, until in zip(in_order, [*in_order[1:], None], strict=False):
        latest = (until or now) - GRACE
        if latest <= after + policy.minimum_gap:
            continue
        planned = known.timetable(after).looks(after, after)
        missed = list(takewhile(latest.__gt__, planned))
        if missed:
            started = known.starting(after, until or now)
            spans.append(UnwatchedSpan(after, missed[0], until, len(missed), started))
    return spans


class _KnownStarts:
    """The starts as they were known at instants that do not go back.

    A timetable serves until something more becomes known: of what has started it has nothing to come.
    """

    def __init__(self, in_order: Sequence[KnownStart], policy: PlannerPolicy) -> None:
        self._to_come = iter(in_order)
        self._next = next(self._to_come, None)
        self._starts: dict[str, datetime] = {}
        self._policy = policy
        self._timetable = Timetable((), policy)

    def timetable(self, at: datetime) -> Timetable:
        """Return when looks are due from an instant on, of the events known then."""
        if self._next is not None and self._next.seen_at <= at:
            self._learn_until(at)
            self._starts = {event_id: start for event_id, start in self._starts.items() if start > at}
            events = [UpcomingEvent(event_id, start, event_id) for event_id, start in self._starts.items()]
            self._timetable = Timetable(events, self._policy)
        return self._timetable

    def starting(self, after: datetime, until: datetime) -> int:
        """Return how many of the events last known start after an instant and by another."""
        return sum(after < start <= until for start in self._starts.values())

    def _learn_until(self, at: datetime) -> None:
        while self._next is not None and self._next.seen_at <= at:
            self._learn(self._next)
            self._next = next(self._to_come, None)

    def _learn(self, known: KnownStart) -> None:
        if known.commence_time is None:
            self._starts.pop(known.event_id, None)
        else:
            self._starts[known.event_id] = known.commence_time
