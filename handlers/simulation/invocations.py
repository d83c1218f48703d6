"""What became of the runs and the heartbeats of a simulated world: a promise is judged by these."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.simulation.mishaps import Mishap
from core.triggers.base import Trigger
from handlers.jobs import JobReport
from handlers.simulation.process import Step


@dataclass(frozen=True, slots=True)
class Invocation:
    """What became of one invocation: the steps it took, what it asked, what went wrong, and how it ended.

    `charged` are the credits that its calls cost by the feed's own meter, `looked_at` is when it first asked for
    odds: it may have waited for its turn.
    """

    trigger: Trigger
    attempt: int
    began: datetime
    ended: datetime
    report: JobReport | None
    error: BaseException | None
    steps: tuple[Step, ...]
    asked: tuple[str, ...]
    paid: tuple[str, ...]
    mishaps: tuple[Mishap, ...]
    charged: int = 0
    looked_at: datetime | None = None

    @property
    def slot(self) -> tuple[str, datetime]:
        """The job and the instant that it was planned for."""
        return self.trigger.job, self.trigger.at


class Beat(NamedTuple):
    """A heartbeat: when it began and ended, what was armed then, how many jobs it mended, and if it ended well.

    A job counts as armed while its trigger may still be on its way, if only when the heartbeat began.
    `unarmed` are those that it told of as such.
    """

    began: datetime
    at: datetime
    armed: frozenset[str]
    repaired: int
    error: BaseException | None
    mishaps: tuple[Mishap, ...]
    unarmed: frozenset[str] = frozenset()
