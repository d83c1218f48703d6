"""What is to happen in a simulated world, in the order of its virtual instants, and the processes at work in it.

One process works at a time. Where it waits, the others go on whose instants come first: runs overlap, and the same
seed makes the same world.
"""

import asyncio
import heapq
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Generic, TypeVar

from core.clock import VirtualClock

Happening = Callable[[], Awaitable[None]]
T = TypeVar("T")


class Worker(Generic[T]):
    """A piece of work that may wait for virtual instants while others work."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        """Keep the work until it is begun."""
        self._work = work
        self._task: asyncio.Task[None] | None = None
        self._stopped: asyncio.Future[None] | None = None
        self._resumed: asyncio.Future[None] | None = None
        self._outcome: tuple[T | None, BaseException | None] | None = None

    @property
    def is_done(self) -> bool:
        """Whether the work has ended."""
        return self._outcome is not None

    @property
    def result(self) -> T:
        """Return what the work returned, or raise what it raised."""
        if self._outcome is None:
            raise RuntimeError("the work has not ended")
        result, error = self._outcome
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    async def go_on(self) -> None:
        """Work until the end, or the next wait.

        What ends at once, as most heartbeats do, needs no task: a season has a quarter of a million of these.
        """
        if self._task is None:
            try:
                awaited = self._work.send(None)
            except StopIteration as end:
                self._outcome = end.value, None
                return
            except BaseException as error:  # told to whoever awaits the work
                self._outcome = None, error
                return
            self._stopped = asyncio.get_running_loop().create_future()
            if self._resumed is not None:
                self._stop()
            self._task = asyncio.create_task(self._do(_rest(self._work, awaited)))
            await asyncio.sleep(0)  # a task that has not begun would not hear that it is cancelled
        else:
            self._stopped = asyncio.get_running_loop().create_future()
            if self._resumed is not None and not self._resumed.done():
                self._resumed.set_result(None)
        await self._stopped

    async def wait(self) -> None:
        """Stop, and return when the work is to go on; whatever works on its behalf may wait for it."""
        self._resumed = asyncio.get_running_loop().create_future()
        self._stop()
        await self._resumed

    def cancel(self) -> None:
        """Have a cancellation met by the wait at which the work stands."""
        if self._task is None:
            self._work.close()
        elif not self.is_done:
            self._task.cancel()

    async def abandon(self) -> None:
        """Give the work up."""
        self.cancel()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _do(self, rest: Awaitable[T]) -> None:
        try:
            self._outcome = await rest, None
        except BaseException as error:  # told to whoever awaits the work
            self._outcome = None, error
        finally:
            self._stop()

    def _stop(self) -> None:
        if self._stopped is not None and not self._stopped.done():
            self._stopped.set_result(None)


@types.coroutine
def _rest(work: Coroutine[Any, Any, T], awaited: object) -> Generator[Any, Any, T]:
    """Do the rest of work that has begun without a task, and awaits something."""
    try:
        while True:
            try:
                told = yield awaited
            except BaseException as error:  # the work's to hear
                awaited = work.throw(error)
            else:
                awaited = work.send(told)
    except StopIteration as end:
        result: T = end.value
        return result


class Agenda:
    """Let happen what falls due, each at its instant, and let workers wait for theirs."""

    def __init__(self, clock: VirtualClock) -> None:
        """Begin with nothing to come; `on_switch` is called whenever another worker, or none, is at work."""
        self.clock = clock
        self.at_work: Worker[Any] | None = None
        self.on_switch: Callable[[], None] = lambda: None
        self._standing: dict[Worker[Any], object] = {}
        self._queue: list[tuple[datetime, int, Happening]] = []
        self._number = count()

    def later(self, wait: timedelta, happening: Happening) -> None:
        """Have something happen when a time has passed."""
        heapq.heappush(self._queue, (self.clock.now() + wait, next(self._number), happening))

    def next_at(self) -> datetime | None:
        """Return when something happens next."""
        return self._queue[0][0] if self._queue else None

    async def next_happens(self) -> None:
        """Let happen what is next, now."""
        _, _, happening = heapq.heappop(self._queue)
        await happening()

    async def let(self, worker: Worker[Any]) -> None:
        """Let a worker work until its end, or its next wait; raises what it raises."""
        before = self.at_work
        self._switch(worker)
        self._standing.pop(worker, None)
        try:
            await worker.go_on()
        except asyncio.CancelledError:  # not the worker's: it stands where it is, in the middle of a call perhaps
            self._standing.setdefault(worker, None)
            raise
        finally:
            self._switch(before)
        if worker.is_done:
            _ = worker.result

    def passes(self, seconds: float, *, until_next: datetime | None) -> bool:
        """Let virtual seconds pass at once, where nothing else is due in them; tell whether that was so.

        Args:
            seconds: How long.
            until_next: When something happens besides what the agenda knows of; None for nothing.
        """
        wakes = self.clock.now() + timedelta(seconds=seconds)
        if self.at_work is not None:
            if until_next is not None and until_next <= wakes:
                return False
            if self._queue and self._queue[0][0] <= wakes:
                return False
        self.clock.advance_to(wakes)
        return True

    async def wait(self, seconds: float, *, until_next: datetime | None) -> None:
        """Let virtual seconds pass for the worker at work; others work meanwhile, where something is due."""
        worker = self.at_work
        if self.passes(seconds, until_next=until_next) or worker is None:
            return

        waiting = object()

        async def wake() -> None:
            if self._standing.get(worker) is waiting:
                await self.let(worker)

        self.later(timedelta(seconds=seconds), wake)
        self._standing[worker] = waiting
        await worker.wait()

    async def cancel(self, worker: Worker[Any]) -> None:
        """Cancel a worker that waits."""
        if worker in self._standing:
            worker.cancel()
            await self.let(worker)

    async def abandon(self) -> None:
        """Give up whatever still waits."""
        for worker in tuple(self._standing):
            await worker.abandon()
        self._standing.clear()

    def _switch(self, worker: Worker[Any] | None) -> None:
        self.on_switch()
        self.at_work = worker
