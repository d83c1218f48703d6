"""What goes wrong in a simulated world on purpose, kept as it happens: what follows can be traced to it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from core.simulation.faults import Fault

NEVER_FIRES = "a trigger never fires"
FIRES_TWICE = "a trigger fires twice"
THROTTLES = "the scheduler throttles"
ANSWER_LOST = "the scheduler's answer is lost"
CUT_OFF = "the database is cut off"
DIES = "the process dies"
SCHEDULER_HANGS = "the scheduler hangs"
IN_CONFLICT = "the scheduler is in conflict"
DATABASE_HANGS = "the database hangs"
WAKES_SLOWLY = "the database wakes slowly"
ODD, PAGE = "the feed's answer is odd", "the feed's answer is a page"
FEED_FAULTS = {
    "the feed is down": Fault(status=503),
    "the feed asks to wait": Fault(status=429),
    "the feed hangs": Fault(delay=20, silent=True),
    "the feed's answer breaks off": Fault(reset=True),
    ODD: Fault(body=b'{"message": "odd"}'),
    PAGE: Fault(body=b"<html>"),
}
"""What a call to the feed may meet, by its name as a mishap."""


class Mishap(NamedTuple):
    """One thing that went wrong: when (aware, UTC), what, to which job, and at which step of its process.

    That of a trigger that never fires is at the instant at which it would have fired; it has no step.
    """

    at: datetime
    kind: str
    job: str
    step: str = ""

    @property
    def cannot_be_read(self) -> bool:
        """Whether it is an answer that came whole and is no use; a page in place of the free list is an outage."""
        return self.kind == ODD or (self.kind == PAGE and self.step != "feed: events asked")


def by_kind(mishaps: Iterable[Mishap]) -> Counter[str]:
    """Return how many mishaps there were of each kind."""
    return Counter(mishap.kind for mishap in mishaps)


def name_of(fault: Fault) -> str:
    """Return the name of a fault of the feed."""
    return next((name for name, known in FEED_FAULTS.items() if known == fault), "the feed fails")
