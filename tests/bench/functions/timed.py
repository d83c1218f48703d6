"""The function of a job, telling how much of the processor its invocation took outside of all calls."""

import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from core.triggers import eventbridge
from handlers.functions import fetch_odds

CALLS = (
    (asyncpg, ("connect",)),
    (asyncpg.Connection, ("execute", "fetch", "prepare", "reset", "close")),
    (PreparedStatement, ("fetch", "fetchrow", "fetchmany")),
    (aiohttp.ClientSession, ("_request", "close")),
    (aiohttp.ClientResponse, ("read",)),
    (eventbridge, ("persist",)),
)
"""What talks to Postgres, to the feed and to AWS."""


class Stopwatch:
    """Adds up the thread's processor time within calls; a call within a call counts once."""

    def __init__(self) -> None:
        self.within = 0.0
        self._depth = 0
        self._entered = 0.0

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Return the call, timed."""

        @functools.wraps(call)
        async def timed(*arguments: Any, **options: Any) -> Any:
            if self._depth == 0:
                self._entered = time.thread_time()
            self._depth += 1
            try:
                return await call(*arguments, **options)
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self.within += time.thread_time() - self._entered

        return timed


WATCH = Stopwatch()
for owner, names in CALLS:
    for name in names:
        setattr(owner, name, WATCH.around(getattr(owner, name)))


def handler(event: object, context: Any) -> dict[str, Any]:
    """Run the job, and return what it said beside the milliseconds."""
    begun, within = time.thread_time(), WATCH.within
    said = fetch_odds(event, context)
    spent = time.thread_time() - begun
    calls = WATCH.within - within
    return {"said": dict(said), "milliseconds": (spent - calls) * 1000, "in_calls": calls * 1000}
