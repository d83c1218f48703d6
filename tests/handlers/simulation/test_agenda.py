"""Workers go on one at a time, in the order of the instants for which they wait."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import VirtualClock
from handlers.simulation.agenda import Agenda, Worker

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


class Bench:
    """An agenda, and what was said by its workers."""

    def __init__(self) -> None:
        self.agenda = Agenda(VirtualClock(NOON))
        self.said: list[tuple[str, float]] = []

    async def waits(self, name: str, *seconds: float) -> str:
        """Wait again and again, and say each time how late it is."""
        for one in seconds:
            await self.agenda.wait(one, until_next=None)
            self.said.append((name, (self.agenda.clock.now() - NOON).total_seconds()))
        return name

    async def all_happens(self) -> None:
        """Let happen whatever is to come."""
        while (at := self.agenda.next_at()) is not None:
            self.agenda.clock.advance_to(max(at, self.agenda.clock.now()))
            await self.agenda.next_happens()

    def begins(self, seconds: float, worker: Worker[str]) -> None:
        """Have a worker begin when a time has passed."""
        self.agenda.later(timedelta(seconds=seconds), lambda: self.agenda.let(worker))


async def test_what_waits_while_others_are_due_lets_them_go_on() -> None:
    bench = Bench()
    first, second = Worker(bench.waits("first", 3.5, 3)), Worker(bench.waits("second", 1, 1, 3))
    bench.begins(0, first)
    bench.begins(1, second)
    await bench.all_happens()
    assert bench.said == [("second", 2), ("second", 3), ("first", 3.5), ("second", 6), ("first", 6.5)]
    assert (first.result, second.result) == ("first", "second")


async def test_nobody_waits_where_nothing_else_is_due() -> None:
    bench = Bench()
    worker = Worker(bench.waits("alone", 5))
    await bench.agenda.let(worker)
    assert worker.is_done
    assert bench.agenda.clock.now() == NOON + timedelta(seconds=5)


async def test_what_is_cancelled_meets_that_at_its_wait_and_may_wait_again() -> None:
    bench = Bench()

    async def cleans_up() -> str:
        try:
            return await bench.waits("never", 100)
        except asyncio.CancelledError:
            return await bench.waits("cleaned up", 2)

    worker = Worker(cleans_up())
    bench.begins(0, worker)
    bench.agenda.later(timedelta(seconds=10), lambda: bench.agenda.cancel(worker))
    bench.begins(11, Worker(bench.waits("another", 1)))
    await bench.all_happens()
    assert worker.result == "cleaned up"
    assert sorted(bench.said) == [("another", 12), ("cleaned up", 12)]


async def test_what_a_worker_raises_is_raised_where_it_went_on() -> None:
    async def fails() -> None:
        raise ValueError("of its own")

    bench = Bench()
    with pytest.raises(ValueError, match="of its own"):
        await bench.agenda.let(Worker(fails()))


async def test_what_is_given_up_does_nothing_more() -> None:
    bench = Bench()
    worker = Worker(bench.waits("given up", 5, 5))
    bench.begins(0, worker)
    bench.agenda.later(timedelta(seconds=5), lambda: asyncio.sleep(0))
    bench.agenda.later(timedelta(seconds=6), bench.agenda.abandon)
    await bench.all_happens()
    assert bench.said == [("given up", 5)]
    assert worker.is_done


async def test_what_is_broken_off_at_its_work_can_be_given_up() -> None:
    bench = Bench()
    ended: list[str] = []

    async def asks_a_server() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            ended.append("told")
            raise

    letting = asyncio.create_task(bench.agenda.let(Worker(asks_a_server())))
    for _ in range(3):
        await asyncio.sleep(0)
    letting.cancel()
    await asyncio.gather(letting, return_exceptions=True)
    assert ended == []
    await bench.agenda.abandon()
    assert ended == ["told"]


async def test_every_switch_of_the_worker_at_work_is_told() -> None:
    bench = Bench()
    at_work: list[bool] = []
    bench.agenda.on_switch = lambda: at_work.append(bench.agenda.at_work is not None)
    await bench.agenda.let(Worker(bench.waits("alone", 5)))
    assert at_work == [False, True]
