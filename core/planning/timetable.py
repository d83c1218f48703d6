"""When looks are due: the law of sampling, without credits and without words."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from core.planning.values import PlannerPolicy, UpcomingEvent
from core.tiers import BOUNDARIES, INTERVALS, SAMPLED, Tier, tier_of

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the last look where there was none."""


class Timetable:
    """The due times of a sport's events, where the given tiers are sampled.

    Let L be the last look, tol the policy's tolerance, and e an event that has not started. A tier of e counts
    as begun when a look comes at most tol before its boundary. Then e is due at the soonest of

    - L + the interval of the tier that e was in at L, but not before e enters the lookahead,
    - the next boundary of a sampled tier after L within the lookahead; the start is none,
    - commence time - closing lead, when L is before that.

    The next look comes at the earliest due time over all events, and

    - at most tol later, when that serves further closing leads, or boundaries where no closing lead is due
      (boundaries of any tier, so that no look comes sooner for sampling fewer),
    - never within the minimum gap after L, and never for an event that starts before that gap is over.

    So within the lookahead the gap after L outlasts e's interval by no more than tol, every boundary of e has a
    look within tol of it, and the last look before e's start lies within its closing lead, or else within the
    minimum gap; only the minimum gap puts these off. The next look comes no sooner for a later L and no later
    for more tiers, so sampling fewer tiers never takes more looks.
    """

    def __init__(
        self, events: Iterable[UpcomingEvent], policy: PlannerPolicy, sampled: Sequence[Tier] = SAMPLED
    ) -> None:
        """Lay out the due times of these events; `sampled` is the nearest few of the tiers, perhaps none."""
        self._policy = policy
        self._tolerance = policy.tolerance
        self._sampled = frozenset(sampled)
        self._starts = sorted({event.commence_time for event in events})
        self._leads = [start - policy.closing_lead for start in self._starts]
        self._boundaries = self._boundaries_of(SAMPLED)
        self._sampled_boundaries = self._boundaries if sampled == SAMPLED else self._boundaries_of(sampled)

    def looks(self, last_look: datetime | None, now: datetime) -> Iterator[datetime]:
        """Yield the looks to come, each as if the one before had come on time."""
        last = last_look or NEVER
        while (at := self._next(last, now)) is not None:
            yield at
            last = now = at

    def _next(self, last: datetime, now: datetime) -> datetime | None:
        free = max(last + self._policy.minimum_gap, now)
        due = min(self._due_times(last, free), default=None)
        return None if due is None else max(self._merged(due), free)

    def _due_times(self, last: datetime, free: datetime) -> Iterator[datetime]:
        """Yield the earliest due time of each kind, of the events that start after the instant `free`."""
        yield from self._interval_due(last, free)
        yield from _first_after(self._sampled_boundaries, last + self._tolerance)
        yield from _first_after(self._leads, max(last, free - self._policy.closing_lead))

    def _interval_due(self, last: datetime, free: datetime) -> Iterator[datetime]:
        """Yield when an event is due by its interval: the first to enter the lookahead, the nearest within it."""
        counted_from = last + self._tolerance
        horizon = counted_from + self._policy.lookahead
        for start in _first_after(self._starts, horizon):
            enters = start - self._policy.lookahead
            tier = tier_of(start, enters)
            if tier in self._sampled:
                yield max(enters, last + INTERVALS[tier])
        for start in self._between(free, horizon):
            tier = tier_of(start, counted_from)
            if tier not in self._sampled:
                return
            if last + INTERVALS[tier] < start:
                yield last + INTERVALS[tier]
                return

    def _between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        position = bisect_right(self._starts, after)
        while position < len(self._starts) and self._starts[position] <= until:
            yield self._starts[position]
            position += 1

    def _merged(self, due: datetime) -> datetime:
        latest = due + self._tolerance
        lead = _last_within(self._leads, due, latest)
        return lead or _last_within(self._boundaries, due, latest) or due

    def _boundaries_of(self, tiers: Sequence[Tier]) -> list[datetime]:
        ahead = [BOUNDARIES[tier] for tier in tiers if tier is not Tier.OPENING]
        within = [distance for distance in ahead if distance < self._policy.lookahead]
        return sorted(start - distance for distance in within for start in self._starts)


def _first_after(instants: Sequence[datetime], instant: datetime) -> Iterator[datetime]:
    position = bisect_right(instants, instant)
    yield from instants[position : position + 1]


def _last_within(instants: Sequence[datetime], earliest: datetime, latest: datetime) -> datetime | None:
    position = bisect_right(instants, latest)
    return instants[position - 1] if position and instants[position - 1] >= earliest else None
