"""What a job is: its work, which returns a report, and its plan, which says when it runs next."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.triggers.base import Trigger
from handlers.app import App
from storage.leases import Lease
from storage.runs import RunOutcome


class JobRun(NamedTuple):
    """One run of a job: what fired it, its number in the ledger, and its turn, where it has to keep one."""

    trigger: Trigger
    number: int
    lease: Lease | None = None


class JobReport(NamedTuple):
    """How a run ended: stored or skipped, why, and what it counted."""

    outcome: RunOutcome
    reason: str
    counts: Mapping[str, Any]


Work = Callable[[App, JobRun], Awaitable[JobReport]]
Plan = Callable[[App, str], Awaitable[Trigger]]


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work that plans its own next run.

    `plan` takes the sport and returns the job's next trigger. `also_plans` names jobs whose next run may have
    moved because of what this one learned; they are armed anew when it has.
    """

    name: str
    work: Work
    plan: Plan
    also_plans: tuple[str, ...] = ()
