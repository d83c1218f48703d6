"""What plans a run and what fires it: the trigger and the promise of whatever keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Trigger:
    """The next run of a job for a sport, and why then.

    `at` is aware UTC. `tier` is the tier that the run samples, None where nothing priced is planned.
    """

    job: str
    sport_key: str
    at: datetime
    reason: str
    tier: str | None = None


class TriggerBackend(Protocol):
    """Keep at most one pending trigger per job and sport, and fire it when its time comes.

    The promise: once `arm` has returned, the trigger fires at `at` or soon after it, at once when `at` is past,
    though nobody else acts. A fired trigger is no longer armed, and may be armed again from within its own run.
    It may fire twice; a run takes its slot to be safe.
    """

    async def arm(self, trigger: Trigger) -> None:
        """Make this the one pending trigger of its job and sport, in place of any other."""
        ...

    async def armed(self) -> list[Trigger]:
        """Return what is pending now, the earliest first."""
        ...

    async def disarm(self, job: str, sport_key: str) -> None:
        """Forget the pending trigger of the job and sport, if there is one."""
        ...
