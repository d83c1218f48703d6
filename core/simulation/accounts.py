"""The account behind an API key: its credits, reset on the first of each month, and its rate limit."""

from collections import deque
from datetime import datetime

from core.simulation.server_errors import out_of_credits, too_frequent

_WINDOW_SECONDS = 1.0


class Account:
    """Count what an account spends; every instant given is aware, in UTC, and not before the last."""

    def __init__(self, plan_credits: int, *, used: int = 0) -> None:
        """Start with some credits of the plan already used this month."""
        self.plan_credits = plan_credits
        self.used = used
        self._month: tuple[int, int] | None = None

    @property
    def remaining(self) -> int:
        """The credits left until the reset."""
        return self.plan_credits - self.used

    def reset_if_due(self, at: datetime) -> None:
        """Give the whole plan back in a new month."""
        month = at.year, at.month
        if self._month is not None and month != self._month:
            self.used = 0
        self._month = month

    def admit(self) -> None:
        """Refuse a priced request when nothing is left."""
        if self.remaining <= 0:
            raise out_of_credits()

    def charge(self, cost: int) -> None:
        """Take the credits of an answer, refusing it when they do not suffice."""
        if cost > self.remaining:
            raise out_of_credits()
        self.used += cost


class RateLimit:
    """At most so many requests in any second of real time."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._admitted: deque[float] = deque()

    def admit(self, now: float) -> None:
        """Refuse a request over the limit; `now` is in monotonic seconds. A refused request does not count."""
        while self._admitted and now - self._admitted[0] >= _WINDOW_SECONDS:
            self._admitted.popleft()
        if len(self._admitted) >= self._per_second:
            raise too_frequent()
        self._admitted.append(now)
