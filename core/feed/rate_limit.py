"""At most so many calls in any second."""

import time
from collections import deque
from collections.abc import Callable

_WINDOW_SECONDS = 1.0


class RateLimiter:
    """Hands out the instants of calls, so that no second holds more of them than allowed.

    It never sleeps itself: the caller waits for as long as it is told.
    """

    def __init__(self, calls_per_second: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Allow so many calls a second, counted on a monotonic source of seconds; fewer than one become slower."""
        if calls_per_second <= 0:
            msg = f"calls per second are more than 0, not {calls_per_second}"
            raise ValueError(msg)
        calls = max(1, int(calls_per_second))
        self._window = _WINDOW_SECONDS * calls / calls_per_second
        self._granted: deque[float] = deque(maxlen=calls)
        self._monotonic = monotonic

    def reserve(self, longest_wait: float | None = None) -> float | None:
        """Reserve the next call and return the seconds to wait for it.

        Args:
            longest_wait: In seconds; None for any.

        Returns:
            The wait, 0 for none; None, and nothing is reserved, when it would be longer than that.
        """
        now = self._monotonic()
        full = len(self._granted) == self._granted.maxlen
        at = max(now, self._granted[0] + self._window) if full else now
        if longest_wait is not None and at - now > longest_wait:
            return None
        self._granted.append(at)
        return at - now
