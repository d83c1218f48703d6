"""What plans a run and what fires it: the trigger and the promise of whatever keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

FALLBACK = "fallback: "
AFTER_FAILURE = "the run before failed"
BY_HAND = "asked for by the user"
"""How the reason of a run begins that no trigger fired."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The next run of a job for a sport, and why then.

    `at` is aware UTC. `tier` is the tier that the run samples, None where nothing priced is planned. `reason` is a
    sentence; that of a fallback begins with `FALLBACK`, that of a retry ends with `AFTER_FAILURE`. `tries` counts
    how often the heartbeat has had the job run since a run of it last armed what comes next.
    """

    job: str
    sport_key: str
    at: datetime
    reason: str
    tier: str | None = None
    tries: int = 0

    @property
    def is_fallback(self) -> bool:
        """Whether it stands in for a plan that was not made: it was armed so that the chain goes on."""
        return self.reason.startswith(FALLBACK)

    @property
    def is_retry(self) -> bool:
        """Whether it follows a failure, at an instant of its own choice: the plan alone would be sooner."""
        return self.reason.endswith(AFTER_FAILURE)


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

    async def fire(self, trigger: Trigger) -> None:
        """Have a trigger run at once, whatever is armed, and leave that as it is; do not wait for the run."""
        ...
