"""Dice that decide, for every operation of every process, whether it fails, and how."""

import random

from core.errors import DatabaseUnreachableError
from core.simulation.mishaps import CUT_OFF, DIES, FEED_FAULTS, Mishap
from core.simulation.server import FeedServer
from core.simulation.uncertain_scheduler import Moods
from handlers.simulation.process import Disturb, ProcessDiedError, Step

_STEPS_OF_AN_OPERATION = 3
_OUTAGES = (1, 3)
"""How many calls to the feed may fail in a row; the client itself makes three."""


class Misfortune:
    """Let each operation fail at a rate: calls to the feed and the scheduler, transactions, firings.

    A call to the feed meets one of `FEED_FAULTS`, alone or three times in a row. A transaction is cut off before
    it begins, before its commit or after it. At each step of each operation the process may die. A scheduler with
    `moods_at` the rate refuses calls, or does not answer when they are done; its triggers fire twice, or never.
    """

    def __init__(self, dice: random.Random, rate: float, server: FeedServer, mishaps: list[Mishap]) -> None:
        """Disturb by the dice; what is done is added to the mishaps."""
        self._dice = dice
        self._rate = rate / _STEPS_OF_AN_OPERATION
        self._server = server
        self._mishaps = mishaps

    def disturbance(self) -> Disturb:
        """Return what disturbs one process."""
        return self._disturb

    async def _disturb(self, step: Step) -> None:
        if step.name.startswith("feed") and step.name.endswith("asked") and self._happens(_STEPS_OF_AN_OPERATION):
            fault = FEED_FAULTS[self._dice.choice(sorted(FEED_FAULTS))]
            self._server.inject(*[fault] * self._dice.choice(_OUTAGES))
        if not self._happens(1):
            return
        if step.name.startswith("transaction") and self._dice.random() < 0.5:  # noqa: PLR2004
            self._mishaps.append(Mishap(step.at, CUT_OFF, step.job, step.name))
            raise DatabaseUnreachableError("the connection was lost")
        self._mishaps.append(Mishap(step.at, DIES, step.job, step.name))
        raise ProcessDiedError(step.name)

    def _happens(self, weight: int) -> bool:
        return self._dice.random() < self._rate * weight


def moods_at(rate: float) -> Moods:
    """Return the moods of a scheduler of which each call, and each firing, fails at a rate."""
    return Moods(twice=rate, never=rate, throttled=rate / 2, applied_then_failed=rate / 2)
