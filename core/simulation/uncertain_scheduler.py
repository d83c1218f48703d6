"""A stand-in for a cloud's scheduler: fires within the minute, or twice, or never; its calls may fail."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from core.clock import VirtualClock
from core.simulation.mishaps import ANSWER_LOST, FIRES_TWICE, IN_CONFLICT, NEVER_FIRES, THROTTLES, Mishap
from core.triggers.base import Trigger
from core.triggers.errors import SchedulerUnavailableError
from core.triggers.schedule_requests import firing_time
from core.triggers.schedule_survey import FIRING

_SETS: dict[frozenset[str], frozenset[str]] = {}
"""The sets of jobs told of so far: a season tells of the same few a million times."""

LATEST_SECONDS = 59
"""How long after its instant a trigger may still fire."""


@dataclass(frozen=True, slots=True)
class Moods:
    """How often the scheduler misbehaves, as shares of one."""

    twice: float = 0.0
    never: float = 0.0
    throttled: float = 0.0
    applied_then_failed: float = 0.0
    conflict: float = 0.0


@dataclass(slots=True)
class _Schedule:
    trigger: Trigger
    fires_at: datetime
    deliveries: list[datetime]
    as_told: Trigger
    """The trigger at the instant that the scheduler was given."""


class _Standing(NamedTuple):
    """What holds until an instant, unless a call changes it before; None where only a call changes it."""

    pending: frozenset[str]
    firing: frozenset[str]
    armed: tuple[Trigger, ...]
    next_delivery: datetime | None
    until: datetime | None


class UncertainScheduler:
    """Keep one schedule for a job and sport, which counts as armed until the minute is over in which it fires."""

    def __init__(
        self,
        clock: VirtualClock,
        dice: random.Random,
        moods: Moods | None = None,
        mishaps: list[Mishap] | None = None,
    ) -> None:
        """Begin with nothing armed; what goes wrong is added to the mishaps."""
        self._dice = dice
        self.moods = moods or Moods()
        self.mishaps = [] if mishaps is None else mishaps
        self._schedules: dict[tuple[str, str], _Schedule] = {}
        self._under_way: list[tuple[datetime, Trigger]] = []
        self._known: _Standing | None = None
        self.now: Callable[[], datetime] = clock.now
        """Returns the virtual instant."""

    async def arm(self, trigger: Trigger) -> None:
        """Put a trigger in place of the one of its name, or fail before, or after that."""
        self._may_throttle(trigger.job)
        if self._happens(self.moods.conflict, IN_CONFLICT, trigger.job, self.now()):
            raise SchedulerUnavailableError("ConflictException: the schedule is being changed")
        key = (trigger.job, trigger.sport_key)
        self._known = None
        self._begin_firing(key)
        fires_at = firing_time(trigger.at, self.now())
        self._schedules[key] = _Schedule(
            trigger, fires_at, self._deliveries(trigger.job, fires_at), replace(trigger, at=fires_at)
        )
        self._may_fail_after(trigger.job)

    async def armed(self) -> list[Trigger]:
        """Return the triggers whose minute of firing is not over, at the instants that they were given."""
        self._may_throttle("")
        return list(self._standing().armed)

    async def disarm(self, job: str, sport_key: str) -> None:
        """Forget a schedule, or fail before or after that."""
        self._may_throttle(job)
        self._known = None
        self._schedules.pop((job, sport_key), None)
        self._may_fail_after(job)

    async def fire(self, trigger: Trigger) -> None:
        """Deliver a trigger at once, perhaps twice, or fail before or after that."""
        self._may_throttle(trigger.job)
        self._known = None
        copies = 2 if self._happens(self.moods.twice, FIRES_TWICE, trigger.job, self.now()) else 1
        self._under_way += [(self.now(), trigger)] * copies
        self._may_fail_after(trigger.job)

    def pending(self) -> frozenset[str]:
        """Return the jobs that are armed, or whose firing is under way."""
        return self._standing().pending

    def firing(self) -> frozenset[str]:
        """Return the jobs whose minute of firing has begun and is not over: nobody can tell yet if they will."""
        return self._standing().firing

    def next_delivery(self) -> datetime | None:
        """Return when the scheduler invokes something next."""
        return self._standing().next_delivery

    def deliver(self) -> Trigger:
        """Take the next delivery off the schedule."""
        at = self.next_delivery()
        self._known = None
        for position, (when, trigger) in enumerate(self._under_way):
            if when == at:
                del self._under_way[position]
                return trigger
        schedule = next(one for one in self._schedules.values() if at in one.deliveries)
        schedule.deliveries = [when for when in schedule.deliveries if when != at]
        return schedule.trigger

    def _begin_firing(self, key: tuple[str, str]) -> None:
        """Keep what is being fired already: a new schedule of the name does not call it back."""
        replaced = self._schedules.get(key)
        if replaced is not None and replaced.fires_at <= self.now():
            self._under_way += [(when, replaced.trigger) for when in replaced.deliveries]

    def _deliveries(self, job: str, fires_at: datetime) -> list[datetime]:
        if self._happens(self.moods.never, NEVER_FIRES, job, fires_at):
            return []
        copies = 2 if self._happens(self.moods.twice, FIRES_TWICE, job, fires_at) else 1
        late = sorted(self._dice.uniform(0, LATEST_SECONDS) for _ in range(copies))
        return [fires_at + timedelta(seconds=seconds) for seconds in late]

    def _may_throttle(self, job: str) -> None:
        if self._happens(self.moods.throttled, THROTTLES, job, self.now()):
            raise SchedulerUnavailableError("the scheduler throttles")

    def _may_fail_after(self, job: str) -> None:
        if self._happens(self.moods.applied_then_failed, ANSWER_LOST, job, self.now()):
            raise SchedulerUnavailableError("the scheduler did not answer in time")

    def _happens(self, share: float, kind: str, job: str, at: datetime) -> bool:
        happens = self._dice.random() < share
        if happens:
            self.mishaps.append(Mishap(at, kind, job))
        return happens

    def _standing(self) -> _Standing:
        """Return what holds now; a season asks a million times, and seldom has anything changed."""
        now = self.now()
        if self._known is None or (self._known.until is not None and now >= self._known.until):
            self._known = self._standing_at(now)
        return self._known

    def _standing_at(self, now: datetime) -> _Standing:
        schedules = self._schedules.items()
        pending = [job for (job, _), one in schedules if one.fires_at > now or one.deliveries]
        deliveries = [when for _, one in schedules for when in one.deliveries]
        coming = sorted((one for _, one in schedules if one.fires_at + FIRING > now), key=lambda one: one.fires_at)
        turns = [at for one in coming for at in (one.fires_at, one.fires_at + FIRING) if at > now]
        return _Standing(
            pending=_shared([*pending, *(trigger.job for _, trigger in self._under_way)]),
            firing=_shared(job for (job, _), one in schedules if one.fires_at <= now < one.fires_at + FIRING),
            armed=tuple(one.as_told for one in coming),
            next_delivery=min([*deliveries, *(when for when, _ in self._under_way)], default=None),
            until=min(turns, default=None),
        )


def _shared(jobs: Iterable[str]) -> frozenset[str]:
    return _SETS.setdefault(found := frozenset(jobs), found)
