"""A world from one seed: the real handlers on a virtual clock, a platform that retries, a heartbeat, a feed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.clock import VirtualClock
from core.errors import DeadlineError, LinekeeperError
from core.scope import Scope
from core.simulation.dice import dice
from core.simulation.mishaps import Mishap, name_of
from core.simulation.server import FeedServer
from core.simulation.source import FeedSource
from core.simulation.uncertain_scheduler import Moods, UncertainScheduler
from core.triggers.base import Trigger
from handlers.app import App
from handlers.heartbeat import check_chain
from handlers.runs import run_job
from handlers.runtime import CLOSING_TIME
from handlers.simulation.agenda import Agenda, Worker
from handlers.simulation.invocations import Beat, Invocation
from handlers.simulation.process import Disturb, Process, ProcessDiedError, leave_alone
from handlers.virtual import virtual_collector
from storage.database import Database

RUN_LIMIT = timedelta(minutes=5)
T = TypeVar("T")
SCOPE = Scope.of(["h2h"], bookmakers=["draftkings", "fanduel"])
"""What a look asks for where nothing else is said: one credit's worth."""

HEARTBEAT = "heartbeat"
_NONE: frozenset[str] = frozenset()
RETRIES = (timedelta(minutes=1), timedelta(minutes=2))
"""How long the platform waits before each retry of a failed invocation."""

Disturbance = Callable[[], Disturb]


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
    step_seconds: Callable[[], float] | None = None
    """How long each step takes; None where all of them take no time, and so only waiting runs overlap."""
    _heart: Process | None = None
    _processes: dict[Worker[Any], Process] = field(default_factory=dict)
    _seen: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        """Let no mishap and no call go without the process that met it."""
        self.agenda = Agenda(self.clock)
        self.agenda.on_switch = self._tell_at_work

    async def run_for(self, duration: timedelta) -> None:
        """Let everything happen that falls due within a virtual time."""
        await self.run_until(self.clock.now() + duration)

    async def run_until(self, end: datetime) -> None:
        """Let everything happen that falls due until a virtual instant."""
        while (at := self._next()) is not None and at <= end:
            await self._happen(at)
        self.clock.advance_to(max(end, self.clock.now()))

    async def wait(self, seconds: float) -> None:
        """Let virtual seconds pass for the process at work, while others go on."""
        await self.agenda.wait(seconds, until_next=self.scheduler.next_delivery())

    async def invoke(self, trigger: Trigger, attempt: int = 1, disturb: Disturb | None = None) -> Invocation:
        """Run a job as the platform does, in a process of its own, and again where it fails; return its end."""
        return await self._see_through(await self._begin_run(trigger, attempt, disturb))

    async def beat(self) -> Beat:
        """Let the heartbeat look at the chain, and come again; return its end."""
        return await self._see_through(await self._begin_beat())

    async def abandon(self) -> None:
        """Give up what is still at work."""
        for process in self._processes.values():
            process.is_dead = True
        await self.agenda.abandon()

    async def _see_through(self, worker: Worker[T]) -> T:
        while not worker.is_done:
            at = self._next()
            if at is None:
                raise RuntimeError("a process waits for an instant that never comes")
            await self._happen(at)
        return worker.result

    async def _happen(self, at: datetime) -> None:
        self.clock.advance_to(max(at, self.clock.now()))
        if self.scheduler.next_delivery() == at:
            await self._begin_run(self.scheduler.deliver())
        else:
            await self.agenda.next_happens()

    async def _begin_run(
        self, trigger: Trigger, attempt: int = 1, disturb: Disturb | None = None
    ) -> Worker[Invocation]:
        process = Process(self.scheduler, disturb or self.disturbance(), trigger.job, self._pause())
        return await self._begin(process, self._run(process, trigger, attempt))

    async def _begin_beat(self) -> Worker[Beat]:
        async def again() -> None:
            await self._begin_beat()

        self.agenda.later(self.app.settings.scheduler.heartbeat_interval, again)
        heart, self._heart = self._heart, None
        if heart is None or heart.is_dead:
            heart = Process(self.scheduler, self.disturbance(), HEARTBEAT, self._pause())
        else:
            heart.begin_again(self.disturbance())
        return await self._begin(heart, self._beat(heart))

    async def _begin(self, process: Process, work: Coroutine[Any, Any, T]) -> Worker[T]:
        """Begin what a process does; when its time is up it is cancelled, as the runtime does with a run."""
        worker = Worker(work)
        self._processes[worker] = process

        async def time_is_up() -> None:
            process.is_out_of_time = not worker.is_done
            await self.agenda.cancel(worker)

        await self.agenda.let(worker)
        if not worker.is_done:
            self.agenda.later(RUN_LIMIT - CLOSING_TIME, time_is_up)
        return worker

    async def _run(self, process: Process, trigger: Trigger, attempt: int) -> Invocation:
        began = self.clock.now()
        report, error = await _ended(process, run_job(process.app(self.app), trigger))
        if error is not None and attempt <= len(RETRIES):

            async def again() -> None:
                await self._begin_run(trigger, attempt + 1)

            self.agenda.later(RETRIES[attempt - 1], again)
        self._end(process)
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
            tuple(process.mishaps),
            sum(call.cost for call in process.calls),
            min((call.at for call in process.calls if call.endpoint == "odds"), default=None),
        )
        self.invocations.append(made)
        return made

    async def _beat(self, heart: Process) -> Beat:
        began, on_their_way = self.clock.now(), self.scheduler.firing()
        report, error = await _ended(heart, check_chain(heart.app(self.app)))
        repaired = len(report.repaired) + len(report.failed) if report else 0
        unarmed = frozenset(name.partition(" ")[0] for name in report.unarmed) if report else _NONE
        armed, firing = self.scheduler.pending(), self.scheduler.firing()
        if firing or on_their_way:
            armed = armed | firing | on_their_way
        self._end(heart)
        made = Beat(began, self.clock.now(), armed, repaired, error, tuple(heart.mishaps), unarmed)
        self.beats.append(made)
        self._heart = heart
        return made

    def _end(self, process: Process) -> None:
        """Let a process know all that it met, the faults of the feed too."""
        self._tell_at_work()
        met = [
            Mishap(call.at, name_of(call.fault), process.job, f"feed: {call.endpoint} asked")
            for call in process.calls
            if call.fault is not None
        ]
        self.mishaps += met
        self._tell_at_work()
        if self.agenda.at_work is not None:
            del self._processes[self.agenda.at_work]

    def _tell_at_work(self) -> None:
        """Let the process at work know the mishaps and the calls that there were since another was."""
        mishaps, calls = self._seen
        self._seen = len(self.mishaps), len(self.server.calls)
        if self._seen != (mishaps, calls) and self.agenda.at_work in self._processes:
            process = self._processes[self.agenda.at_work]
            process.mishaps += self.mishaps[mishaps:]
            process.calls += self.server.calls[calls:]

    def _pause(self) -> Callable[[], Awaitable[None] | None] | None:
        step_seconds = self.step_seconds
        if step_seconds is None:
            return None

        def pause() -> Awaitable[None] | None:
            seconds = step_seconds()
            if self.agenda.passes(seconds, until_next=self.scheduler.next_delivery()):
                return None
            return self.wait(seconds)

        return pause

    def _next(self) -> datetime | None:
        at, delivery = self.agenda.next_at(), self.scheduler.next_delivery()
        if at is None or (delivery is not None and delivery < at):
            return delivery
        return at


async def _ended(process: Process, work: Coroutine[Any, Any, T]) -> tuple[T | None, BaseException | None]:
    """Return what a process came to, or what ended it."""
    try:
        return await work, None
    except (ProcessDiedError, LinekeeperError) as failure:
        return None, failure
    except asyncio.CancelledError:
        if not process.is_out_of_time:
            raise
        return None, DeadlineError("the invocation did not end in the time that it had")


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
    step_seconds: float = 0,
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
        step_seconds: How long a step of a process takes on average; 0 where none takes time.
    """

    async def wait(seconds: float) -> None:
        await world.wait(seconds)

    opened = virtual_collector(
        source,
        database,
        sport_key=sport_key,
        scope=scope,
        start=start,
        plan_credits=plan_credits,
        sleep=wait,
    )
    async with opened as virtual:
        mishaps: list[Mishap] = []
        scheduler = UncertainScheduler(virtual.clock, dice(seed, "scheduler"), moods, mishaps)
        app = replace(virtual.app, triggers=scheduler, run_limit=RUN_LIMIT)
        world = World(app, virtual.clock, virtual.server, scheduler, mishaps=mishaps)
        if step_seconds:
            chance = dice(seed, "seconds")
            world.step_seconds = lambda: chance.expovariate(1 / step_seconds)
        try:
            yield world
        finally:
            await world.abandon()
