"""Dice that decide, for every operation of every process, whether it fails, and how."""

import random
from collections.abc import Awaitable, Callable

from core.errors import DatabaseUnreachableError
from core.simulation.mishaps import (
    CUT_OFF,
    DATABASE_HANGS,
    DIES,
    FEED_FAULTS,
    SCHEDULER_HANGS,
    WAKES_SLOWLY,
    Mishap,
)
from core.simulation.server import FeedServer
from core.simulation.uncertain_scheduler import Moods
from core.triggers.errors import SchedulerUnavailableError
from handlers.simulation.process import Disturb, ProcessDiedError, Step

_STEPS_OF_AN_OPERATION = 3
_OUTAGES = (1, 3)
"""How many calls to the feed may fail in a row; the client itself makes three."""


_SECONDS = {WAKES_SLOWLY: (2.0, 12.0), DATABASE_HANGS: (3600.0, 3600.0), SCHEDULER_HANGS: (30.0, 45.0)}
"""How long one waits: for a database to wake, or to say anything; for a scheduler that is asked six times."""

_ASKS_THE_SCHEDULER = ("scheduler: is read", "scheduler: arms", "scheduler: fires", "scheduler: disarms")


class Misfortune:
    """Let each operation fail at a rate: calls to the feed and the scheduler, transactions, firings.

    A call to the feed meets one of `FEED_FAULTS`, alone or three times in a row. A transaction is cut off before
    it begins, before its commit or after it; or it begins when the database has woken, or not in the time that a
    run has. A call to the scheduler may hang until it is given up. At each step of each operation the process may
    die. A scheduler with `moods_at` the rate refuses calls, or does not answer when they are done; its triggers
    fire twice, or never.
    """

    def __init__(
        self,
        dice: random.Random,
        rate: float,
        server: FeedServer,
        mishaps: list[Mishap],
        *,
        wait: Callable[[float], Awaitable[None]],
    ) -> None:
        """Disturb by the dice; what is done is added to the mishaps; `wait` lets virtual seconds pass."""
        self._dice = dice
        self._rate = rate / _STEPS_OF_AN_OPERATION
        self._server = server
        self._mishaps = mishaps
        self._wait = wait

    def disturbance(self) -> Disturb:
        """Return what disturbs one process."""
        return self._disturb

    async def _disturb(self, step: Step) -> None:
        if step.name.startswith("feed") and step.name.endswith("asked") and self._happens(_STEPS_OF_AN_OPERATION):
            fault = FEED_FAULTS[self._dice.choice(sorted(FEED_FAULTS))]
            self._server.inject(*[fault] * self._dice.choice(_OUTAGES))
        if not self._happens(1):
            return
        kind = self._dice.choice(_kinds_at(step.name))
        self._mishaps.append(Mishap(step.at, kind, step.job, step.name))
        if kind == DIES:
            raise ProcessDiedError(step.name)
        if kind in _SECONDS:
            await self._wait(self._dice.uniform(*_SECONDS[kind]))
        if kind == SCHEDULER_HANGS:
            raise SchedulerUnavailableError("the scheduler did not answer in time")
        if kind == CUT_OFF:
            raise DatabaseUnreachableError("the connection was lost")

    def _happens(self, weight: int) -> bool:
        return self._dice.random() < self._rate * weight


def _kinds_at(step_name: str) -> tuple[str, ...]:
    """Return what may happen at a step, a kind as often as it is named."""
    if step_name == "transaction: begins":
        return CUT_OFF, DATABASE_HANGS, WAKES_SLOWLY, DIES
    if step_name.startswith("transaction"):
        return CUT_OFF, DIES
    if step_name.startswith(_ASKS_THE_SCHEDULER):
        return SCHEDULER_HANGS, DIES
    return (DIES,)


def moods_at(rate: float) -> Moods:
    """Return the moods of a scheduler of which each call, and each firing, fails at a rate."""
    return Moods(twice=rate, never=rate, throttled=rate / 2, applied_then_failed=rate / 4, conflict=rate / 4)
