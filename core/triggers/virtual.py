"""Triggers on a virtual clock, for the demo, replays, simulation and tests."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from core.clock import VirtualClock
from core.triggers.base import Trigger

JOB_ORDER = ("update-status", "fetch-scores", "fetch-odds")
"""At one instant what the free list and the results say comes first, so that the priced look plans with it."""


class VirtualTriggers:
    """Fire triggers in the order of their instants, moving a virtual clock from one to the next.

    Equal instants fire in the order given for the jobs, then by job and sport, so that the same world always runs
    the same way. A trigger armed in the past counts as due at the clock's present instant.
    """

    def __init__(self, clock: VirtualClock, *, job_order: Sequence[str] = JOB_ORDER) -> None:
        """Start with nothing armed, at the clock's instant."""
        self._clock = clock
        self._rank = {job: rank for rank, job in enumerate(job_order)}
        self._armed: dict[tuple[str, str], Trigger] = {}
        self._at_once: list[Trigger] = []

    async def arm(self, trigger: Trigger) -> None:
        """Make this the one pending trigger of its job and sport, in place of any other."""
        self._armed[trigger.job, trigger.sport_key] = trigger

    async def armed(self) -> list[Trigger]:
        """Return what is pending now, in the order in which it will fire."""
        return sorted(self._armed.values(), key=self._order)

    async def disarm(self, job: str, sport_key: str) -> None:
        """Forget the pending trigger of the job and sport, if there is one."""
        self._armed.pop((job, sport_key), None)

    async def fire(self, trigger: Trigger) -> None:
        """Have a trigger run before any other, without a move of the clock."""
        self._at_once.append(trigger)

    async def run_until(
        self,
        end: datetime | Callable[[], bool],
        fire: Callable[[Trigger], Awaitable[None]],
    ) -> int:
        """Fire what is due, and what that arms, until the end; return how many triggers fired.

        Args:
            end: The last instant at which a trigger may fire (the clock is left there), or a condition that is
                asked before each one. Without anything armed the run is over in either case.
            fire: Awaited for each trigger; whatever it raises ends the run and reaches the caller.
        """
        fired = 0
        while (trigger := self._next(end)) is not None:
            self._clock.advance_to(max(trigger.at, self._clock.now()))
            await fire(trigger)
            fired += 1
        if isinstance(end, datetime) and end > self._clock.now():
            self._clock.advance_to(end)
        return fired

    def _next(self, end: datetime | Callable[[], bool]) -> Trigger | None:
        """Take what fires next, if it fires before the end."""
        if callable(end) and end():
            return None
        if self._at_once:
            return self._at_once.pop(0)
        trigger = min(self._armed.values(), key=self._order, default=None)
        if trigger is None or (isinstance(end, datetime) and trigger.at > end):
            return None
        return self._armed.pop((trigger.job, trigger.sport_key))

    def _order(self, trigger: Trigger) -> tuple[datetime, int, str, str]:
        at = max(trigger.at, self._clock.now())
        return at, self._rank.get(trigger.job, len(self._rank)), trigger.job, trigger.sport_key
