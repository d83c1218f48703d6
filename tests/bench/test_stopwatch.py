"""Time within calls counts once, and time outside of them does not."""

import asyncio
from types import SimpleNamespace

import pytest

from tests.bench.stopwatch import Stopwatch


class Spent:
    """Seconds that a test spends."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.watch = Stopwatch(lambda: self.seconds)

    async def spend(self, seconds: float) -> None:
        """Spend some, and give way to others."""
        self.seconds += seconds
        await asyncio.sleep(0)


async def test_what_a_call_takes_counts_and_what_comes_between_does_not() -> None:
    spent = Spent()
    call = spent.watch.around(spent.spend)
    await call(1)
    await spent.spend(10)
    await call(2)
    assert spent.watch.within == 3


async def test_a_call_within_a_call_counts_once() -> None:
    spent = Spent()
    inner = spent.watch.around(spent.spend)

    async def both() -> None:
        await spent.spend(1)
        await inner(2)

    await spent.watch.around(both)()
    assert spent.watch.within == 3


async def test_calls_beside_one_another_count_once() -> None:
    spent = Spent()
    call = spent.watch.around(spent.spend)
    await asyncio.gather(call(1), call(2))
    assert spent.watch.within == 3


async def test_a_call_that_fails_took_its_time_too() -> None:
    spent = Spent()

    async def fail() -> None:
        await spent.spend(1)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await spent.watch.around(fail)()
    await spent.spend(10)
    assert spent.watch.within == 1


async def test_a_call_that_is_no_more_is_told() -> None:
    spent = Spent()
    owner = SimpleNamespace(spend=spent.spend)
    spent.watch.watch(owner, "spend")
    await owner.spend(1)
    assert spent.watch.within == 1
    with pytest.raises(AttributeError, match="renamed"):
        spent.watch.watch(owner, "renamed")
