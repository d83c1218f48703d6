"""One process of the collector, which may be disturbed, or die, at every await of its collaborators.

A step is reached before a call takes effect and after it did; a transaction has a step before it begins, before
its commit and after it. What dies is dead: nothing that it would still do, in a `finally` say, has effect. A death
within a transaction is the one before its commit: the database forgets either.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.client import FeedClient
from core.feed.errors import FeedError
from core.feed.values import FeedAnswer
from core.simulation.mishaps import Mishap
from core.simulation.server import Call
from core.simulation.uncertain_scheduler import UncertainScheduler
from core.triggers.base import Trigger
from handlers.app import App
from storage.database import Database

_HOLDS_LOCKS = "transaction: commits"


class ProcessDiedError(BaseException):
    """The process is gone: no `except Exception` hears of it."""


class Step(NamedTuple):
    """One await of the process of a job: what it waits for, when, and what was to fire by itself then."""

    number: int
    name: str
    at: datetime
    pending: frozenset[str]
    job: str

    @property
    def is_outside_transactions(self) -> bool:
        """Whether the process holds no lock of the database here."""
        return self.name != _HOLDS_LOCKS


Disturb = Callable[[Step], Awaitable[None]]


async def leave_alone(step: Step) -> None:
    """Disturb nothing."""


def die_at(number: int) -> Disturb:
    """Return what kills a process at one of its steps."""

    async def disturb(step: Step) -> None:
        if step.number == number:
            raise ProcessDiedError(step.name)

    return disturb


@dataclass
class Process:
    """The steps of one process, the endpoints of the feed that it asked, those that it paid for, what it met."""

    scheduler: UncertainScheduler
    disturb: Disturb = leave_alone
    job: str = ""
    pause: Callable[[], Awaitable[None] | None] | None = None
    """Lets the time pass that a call takes, before each step at which the process holds no lock: at once, or by
    what it returns, where other things happen in that time."""
    steps: list[Step] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    is_dead: bool = False
    is_out_of_time: bool = False
    _made: tuple[App, App] | None = None

    def app(self, app: App) -> App:
        """Return the same app, its collaborators reached step by step."""
        if self._made is None or self._made[0] is not app:
            stepped = replace(
                app,
                database=cast(Database, _SteppedDatabase(app.database, self)),
                feed=cast(FeedClient, _SteppedFeed(app.feed, self)),
                triggers=_SteppedTriggers(self.scheduler, self),
            )
            self._made = app, stepped
        return self._made[1]

    def begin_again(self, disturb: Disturb) -> None:
        """Serve one more invocation, as a process does that is kept warm."""
        self.disturb = disturb
        self.steps.clear()
        self.asked.clear()
        self.paid.clear()
        self.mishaps.clear()
        self.calls.clear()
        self.is_out_of_time = False

    async def reach(self, name: str) -> None:
        """Take a step, and meet what is to happen there."""
        if self.pause is not None and name != _HOLDS_LOCKS:
            passing = self.pause()
            if passing is not None:
                await passing
        if self.is_dead:
            raise ProcessDiedError(name)
        step = Step(len(self.steps) + 1, name, self.scheduler.now(), self.scheduler.pending(), self.job)
        self.steps.append(step)
        try:
            await self.disturb(step)
        except ProcessDiedError:
            self.is_dead = True
            raise


class _SteppedDatabase:
    def __init__(self, database: Database, process: Process) -> None:
        self._database = database
        self._process = process

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._stepped(self._database.transaction)

    def one_by_one(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._stepped(self._database.one_by_one)

    @asynccontextmanager
    async def _stepped(
        self, opened: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    ) -> AsyncIterator[AsyncConnection]:
        await asyncio.sleep(0)  # what follows may ask which task it is of
        await self._process.reach("transaction: begins")
        async with opened() as connection:
            yield connection
            await self._process.reach(_HOLDS_LOCKS)
        await self._process.reach("transaction: committed")


class _SteppedFeed:
    def __init__(self, feed: FeedClient, process: Process) -> None:
        self._feed = feed
        self._process = process

    def __getattr__(self, endpoint: str) -> Callable[..., Awaitable[FeedAnswer]]:
        async def ask(*arguments: object, **options: object) -> FeedAnswer:
            await self._process.reach(f"feed: {endpoint} asked")
            self._process.asked.append(endpoint)
            try:
                answer: FeedAnswer = await getattr(self._feed, endpoint)(*arguments, **options)
            except FeedError as error:
                if error.was_charged:
                    self._process.paid.append(endpoint)
                raise
            if answer.credits.last:
                self._process.paid.append(endpoint)
            await self._process.reach(f"feed: {endpoint} answered")
            return answer

        return ask


class _SteppedTriggers:
    def __init__(self, scheduler: UncertainScheduler, process: Process) -> None:
        self._scheduler = scheduler
        self._process = process

    async def arm(self, trigger: Trigger) -> None:
        await self._process.reach(f"scheduler: arms {trigger.job}")
        await self._scheduler.arm(trigger)
        await self._process.reach(f"scheduler: armed {trigger.job}")

    async def armed(self) -> list[Trigger]:
        await self._process.reach("scheduler: is read")
        armed = await self._scheduler.armed()
        await self._process.reach("scheduler: was read")
        return armed

    async def fire(self, trigger: Trigger) -> None:
        await self._process.reach(f"scheduler: fires {trigger.job}")
        await self._scheduler.fire(trigger)
        await self._process.reach(f"scheduler: fired {trigger.job}")

    async def disarm(self, job: str, sport_key: str) -> None:
        await self._process.reach(f"scheduler: disarms {job}")
        await self._scheduler.disarm(job, sport_key)
        await self._process.reach(f"scheduler: disarmed {job}")
