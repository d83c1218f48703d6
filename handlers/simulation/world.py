"""A world from one seed: the real handlers on a virtual clock, a platform that retries, a heartbeat, a feed."""

import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from core.clock import VirtualClock
from core.errors import LinekeeperError
from core.scope import Scope
from core.simulation.dice import dice
from core.simulation.mishaps import Mishap, name_of
from core.simulation.server import FeedServer
from core.simulation.source import FeedSource
from core.simulation.uncertain_scheduler import Moods, UncertainScheduler
from core.triggers.base import Trigger
from handlers.app import App
from handlers.heartbeat import check_chain
from handlers.jobs import JobReport
from handlers.runs import run_job
from handlers.simulation.process import Disturb, Process, ProcessDiedError, Step, leave_alone
from handlers.virtual import virtual_collector
from storage.database import Database

RUN_LIMIT = timedelta(minutes=5)
SCOPE = Scope.of(["h2h"], bookmakers=["draftkings", "fanduel"])
"""What a look asks for where nothing else is said: one credit's worth."""

HEARTBEAT = "heartbeat"
RETRIES = (timedelta(minutes=1), timedelta(minutes=2))
"""How long the platform waits before each retry of a failed invocation."""

Disturbance = Callable[[], Disturb]


@dataclass(frozen=True, slots=True)
class Invocation:
    """What became of one invocation: the steps it took, what it asked, what went wrong, and how it ended.

    `charged` are the credits that its calls cost by the feed's own meter.
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

    @property
    def slot(self) -> tuple[str, datetime]:
        """The job and the instant that it was planned for."""
        return self.trigger.job, self.trigger.at


class Beat(NamedTuple):
    """A heartbeat: what was armed when it had ended, how many jobs it mended, and whether it ended well.

    A job counts as armed while its trigger may still be on its way.
    """

    at: datetime
    armed: frozenset[str]
    repaired: int
    error: BaseException | None
    mishaps: tuple[Mishap, ...]


@dataclass
class World:
    """The collector and what surrounds it; `history` is what a guarantee is judged by."""

    app: App
    clock: VirtualClock
    server: FeedServer
    scheduler: UncertainScheduler
    disturbance: Disturbance = field(default=lambda: leave_alone)
    """Asked for every process that begins: what is to disturb it."""
    invocations: list[Invocation] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    """What has gone wrong on purpose, in the order in which it was decided."""
    keeps_steps: bool = True
    """Whether invocations keep the steps that they took: those of a season fill the memory."""
    _heart: Process | None = None
    _queue: list[tuple[datetime, int, Trigger | None, int]] = field(default_factory=list)
    _number: "count[int]" = field(default_factory=count)

    async def run_for(self, duration: timedelta) -> None:
        """Let everything happen that falls due within a virtual time."""
        await self.run_until(self.clock.now() + duration)

    async def run_until(self, end: datetime) -> None:
        """Let everything happen that falls due until a virtual instant."""
        while (at := self._next()) is not None and at <= end:
            self.clock.advance_to(max(at, self.clock.now()))
            if self.scheduler.next_delivery() == at:
                await self.invoke(self.scheduler.deliver())
                continue
            _, _, trigger, attempt = heapq.heappop(self._queue)
            if trigger is None:
                await self.beat()
            else:
                await self.invoke(trigger, attempt)
        self.clock.advance_to(max(end, self.clock.now()))

    async def invoke(self, trigger: Trigger, attempt: int = 1, disturb: Disturb | None = None) -> Invocation:
        """Run a job as the platform does: in a process of its own, and again where it fails."""
        process = Process(self.scheduler, disturb or self.disturbance(), trigger.job)
        mishaps_before, calls_before = len(self.mishaps), len(self.server.calls)
        began, report, error = self.clock.now(), None, None
        try:
            report = await run_job(process.app(self.app), trigger)
        except (ProcessDiedError, LinekeeperError) as failure:
            error = failure
            if attempt <= len(RETRIES):
                self._later(RETRIES[attempt - 1], trigger, attempt + 1)
        calls = self.server.calls[calls_before:]
        self.mishaps += [
            Mishap(call.at, name_of(call.fault), trigger.job, f"feed: {call.endpoint} asked")
            for call in calls
            if call.fault is not None
        ]
        made = Invocation(
            trigger,
            attempt,
            began,
            self.clock.now(),
            report,
            error,
            tuple(process.steps) if self.keeps_steps else (),
            tuple(process.asked),
            tuple(process.paid),
            tuple(self.mishaps[mishaps_before:]),
            sum(call.cost for call in calls),
        )
        self.invocations.append(made)
        return made

    async def beat(self) -> None:
        """Let the heartbeat look at the chain, and come again."""
        self._later(self.app.settings.scheduler.heartbeat_interval, None, 1)
        process = self._heart = self._living_heart()
        error, repaired, before = None, 0, len(self.mishaps)
        try:
            report = await check_chain(process.app(self.app))
            repaired = len(report.repaired) + len(report.failed)
        except (ProcessDiedError, LinekeeperError) as failure:
            error = failure
        armed = self.scheduler.pending() | self.scheduler.firing()
        self.beats.append(Beat(self.clock.now(), armed, repaired, error, tuple(self.mishaps[before:])))

    def _living_heart(self) -> Process:
        """Return the process of the heartbeat, warm from the last beat where it lived through that."""
        if self._heart is None or self._heart.is_dead:
            return Process(self.scheduler, self.disturbance(), HEARTBEAT)
        self._heart.begin_again(self.disturbance())
        return self._heart

    def _later(self, wait: timedelta, trigger: Trigger | None, attempt: int) -> None:
        heapq.heappush(self._queue, (self.clock.now() + wait, next(self._number), trigger, attempt))

    def _next(self) -> datetime | None:
        queued = self._queue[0][0] if self._queue else None
        return min((at for at in (queued, self.scheduler.next_delivery()) if at is not None), default=None)


@asynccontextmanager
async def open_world(
    source: FeedSource,
    database: Database,
    *,
    start: datetime,
    seed: int = 0,
    sport_key: str = "basketball_nba",
    scope: Scope = SCOPE,
    plan_credits: int = 20_000,
    moods: Moods | None = None,
) -> AsyncIterator[World]:
    """Yield a world at a virtual instant in which nothing has happened yet; everything follows from the seed.

    Args:
        source: What the feed lists.
        database: Where the collector stores; it has the schema and no rows.
        start: The first virtual instant, aware.
        seed: Of the scheduler's moods.
        sport_key: The sport to collect.
        scope: What every look asks for.
        plan_credits: The size of the account's plan.
        moods: How often the scheduler misbehaves; by default it fires up to a minute late, and that is all.
    """
    opened = virtual_collector(
        source,
        database,
        sport_key=sport_key,
        scope=scope,
        start=start,
        plan_credits=plan_credits,
    )
    async with opened as virtual:
        mishaps: list[Mishap] = []
        scheduler = UncertainScheduler(virtual.clock, dice(seed, "scheduler"), moods, mishaps)
        app = replace(virtual.app, triggers=scheduler, run_limit=RUN_LIMIT)
        yield World(app, virtual.clock, virtual.server, scheduler, mishaps=mishaps)
