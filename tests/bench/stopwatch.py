"""What of the processor's time was spent within calls, and so was not the caller's own."""

import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any


class Stopwatch:
    """Adds up the thread's processor time within calls; one within or beside another counts once."""

    def __init__(self, read_seconds: Callable[[], float] = time.thread_time) -> None:
        """Read seconds of the thread's processor time."""
        self.within = 0.0
        self._read_seconds = read_seconds
        self._depth = 0
        self._entered = 0.0

    def watch(self, owner: Any, *names: str) -> None:
        """Time some calls of an owner from now on; raises AttributeError where it has no such call."""
        for name in names:
            setattr(owner, name, self.around(getattr(owner, name)))

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Return the call, timed."""

        @functools.wraps(call)
        async def timed(*arguments: Any, **options: Any) -> Any:
            if self._depth == 0:
                self._entered = self._read_seconds()
            self._depth += 1
            try:
                return await call(*arguments, **options)
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self.within += self._read_seconds() - self._entered

        return timed
