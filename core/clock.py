"""Where the time comes from: every instant in linekeeper is read from an injected clock, aware and in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved: for the demo, replays, simulation and tests."""

    def __init__(self, start: datetime) -> None:
        """Start at an aware instant; raises ValueError for a naive one."""
        if start.tzinfo is None:
            msg = f"a virtual clock starts at an aware instant, not at {start.isoformat()}"
            raise ValueError(msg)
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the virtual instant, aware, in UTC."""
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Move to a later instant; raises ValueError when it lies in the past."""
        if instant < self._now:
            msg = f"a clock does not run backwards: {instant.isoformat()} is before {self._now.isoformat()}"
            raise ValueError(msg)
        self._now = instant if instant.tzinfo is UTC else instant.astimezone(UTC)

    def advance(self, duration: timedelta) -> None:
        """Move forward by a duration."""
        self.advance_to(self._now + duration)
