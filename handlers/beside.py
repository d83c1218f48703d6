"""Work something out while something else is awaited: the database answers on a core of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def beside(awaited: Coroutine[Any, Any, A], work: Callable[[], B]) -> tuple[A, B]:
    """Return what is awaited, and what is worked out in a thread meanwhile.

    Where either fails, or both are given up, the awaited one is ended before the error is raised.

    Args:
        awaited: Has asked by its first pause for what it waits for.
        work: Touches nothing that the other one changes.
    """
    waiting = asyncio.ensure_future(awaited)
    try:
        await asyncio.sleep(0)
        done = await asyncio.to_thread(work)
        return await waiting, done
    finally:
        if not waiting.done():
            waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
