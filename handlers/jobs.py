"""What a job is: its work, which returns a report, and its plan, which says when it runs next."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from core.triggers.base import Trigger
from handlers.app import App
from storage.leases import Lease
from storage.runs import RunOutcome
from storage.schedule import SportState

STORING_TIME = timedelta(seconds=1)
"""How long before its turn ends a run waits for no answer any more: it has to be stored."""


class JobRun(NamedTuple):
    """One run of a job: what fired it, its number in the ledger, and its turn, where it has to keep one."""

    trigger: Trigger
    number: int
    lease: Lease | None = None

    @property
    def answer_by(self) -> datetime | None:
        """Return until when an answer of the feed can still be stored; None where the run keeps no turn."""
        return self.lease.expires_at - STORING_TIME if self.lease else None


class JobReport(NamedTuple):
    """How a run ended: stored or skipped, why, and what it counted."""

    outcome: RunOutcome
    reason: str
    counts: Mapping[str, Any]


Work = Callable[[App, JobRun], Awaitable[JobReport]]
Plan = Callable[[App, SportState], Awaitable[Trigger]]


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work that plans its own next run.

    `plan` returns the job's next trigger by what is known of its sport. `also_plans` names jobs whose next run may
    have moved because of what this one learned; they are armed anew when it has.
    """

    name: str
    work: Work
    plan: Plan
    also_plans: tuple[str, ...] = ()
