"""Triggers on this machine's own event loop, by APScheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from typing import Any

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from core.triggers.base import Trigger

_OVERLAPPING_RUNS = 100


class LocalTriggers:
    """Fire triggers while this process lives.

    Pending triggers are kept in memory: after a restart the ledger says what is due. A run that outlasts its
    successor's instant does not hold it back, as nothing would on AWS: the slot and the lease decide between them.
    What `fire` raises ends that run alone; logging it is `fire`'s own task.
    """

    def __init__(self, fire: Callable[[Trigger], Awaitable[None]]) -> None:
        """Prepare to await `fire` with each trigger when its time comes."""
        self._fire = fire
        self._running: set[asyncio.Task[Any]] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    async def start(self) -> None:
        """Begin to fire; triggers armed before now that are past fire at once."""
        self._scheduler.start()

    async def stop(self, grace: timedelta = timedelta(seconds=10)) -> None:
        """Fire nothing more, let running fires end within the grace, and cancel those that do not."""
        self._scheduler.pause()
        await asyncio.sleep(0)
        running = self._running - {asyncio.current_task()}
        if running:
            await asyncio.wait(running, timeout=grace.total_seconds())
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)

    async def arm(self, trigger: Trigger) -> None:
        """Make this the one pending trigger of its job and sport, in place of any other."""
        await self.disarm(trigger.job, trigger.sport_key)
        self._scheduler.add_job(
            self._run,
            DateTrigger(trigger.at),
            args=(trigger,),
            id=_identity(trigger.job, trigger.sport_key),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=_OVERLAPPING_RUNS,
        )

    async def armed(self) -> list[Trigger]:
        """Return what is pending now, the earliest first."""
        triggers: list[Trigger] = [job.args[0] for job in self._scheduler.get_jobs()]
        return sorted(triggers, key=lambda trigger: (trigger.at, trigger.job, trigger.sport_key))

    async def fire(self, trigger: Trigger) -> None:
        """Have a trigger run at once, beside whatever is armed."""
        task = asyncio.create_task(self._run(trigger))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def disarm(self, job: str, sport_key: str) -> None:
        """Forget the pending trigger of the job and sport, if there is one."""
        try:
            self._scheduler.remove_job(_identity(job, sport_key))
        except JobLookupError:
            return

    async def _run(self, trigger: Trigger) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        await self._fire(trigger)


def _identity(job: str, sport_key: str) -> str:
    return f"{job}:{sport_key}"
