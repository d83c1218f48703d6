"""What is awaited and what is worked out go on at once, and neither outlives the other's failure."""

import asyncio
import threading

import pytest

from handlers.beside import beside

SECONDS = 30.0


async def test_both_go_on_at_the_same_time() -> None:
    loop = asyncio.get_running_loop()
    is_awaited, is_worked = threading.Event(), asyncio.Event()

    async def awaited() -> str:
        is_awaited.set()
        await asyncio.wait_for(is_worked.wait(), SECONDS)
        return "read"

    def work() -> bool:
        loop.call_soon_threadsafe(is_worked.set)
        return is_awaited.wait(SECONDS)

    assert await beside(awaited(), work) == ("read", True)


async def test_where_the_work_fails_its_error_is_raised_and_nothing_is_awaited_any_more() -> None:
    ended: list[str] = []

    async def awaited() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("awaited")

    def work() -> None:
        raise ValueError("it does not fit")

    with pytest.raises(ValueError, match="it does not fit"):
        await beside(awaited(), work)
    assert ended == ["awaited"]


async def test_where_what_is_awaited_fails_its_error_is_raised() -> None:
    async def awaited() -> None:
        raise ConnectionError("it is gone")

    with pytest.raises(ConnectionError, match="it is gone"):
        await beside(awaited(), lambda: None)


async def test_where_both_fail_the_error_of_the_work_is_raised() -> None:
    async def awaited() -> None:
        raise ConnectionError("it is gone")

    def work() -> None:
        raise ValueError("it does not fit")

    with pytest.raises(ValueError, match="it does not fit"):
        await beside(awaited(), work)


async def test_who_gives_up_waits_for_nothing() -> None:
    ended, let_go = asyncio.Event(), threading.Event()

    async def awaited() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    both = asyncio.ensure_future(beside(awaited(), lambda: let_go.wait(SECONDS)))
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(both, 0.05)
        assert ended.is_set()
    finally:
        let_go.set()
