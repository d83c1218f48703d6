"""What a replay collected, as a value that can be shown or written as JSON."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.scratch import Scratch
from handlers.virtual import VirtualCollector
from storage.closing import Close, read_closes
from storage.summary import Sizes, Totals, read_run_outcomes, read_sizes, read_statuses, read_totals

_MISSED_BEYOND = timedelta(hours=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClosingCoverage:
    """How old the closing odds were: over the events that started, in minutes; None where no event had any.

    `missed` counts the events not looked at within the hour before their start.
    """

    events: int
    missed: int
    median_minutes: float | None
    percentile_95_minutes: float | None
    worst_minutes: float | None


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay collected; `first_at` and `last_at` are virtual instants."""

    sport_key: str
    every_snapshot: bool
    first_at: datetime
    last_at: datetime
    totals: Totals
    sizes: Sizes
    statuses: Mapping[str, int]
    runs: Mapping[str, int]
    closing: ClosingCoverage
    fixed_sampling_looks: int
    database_url: str


def closing_coverage(closes: Sequence[Close]) -> ClosingCoverage:
    """Return how old the closing odds of some events were."""
    minutes = sorted(
        close.age / timedelta(minutes=1)
        for close in closes
        if close.age is not None and close.age <= _MISSED_BEYOND
    )
    return ClosingCoverage(
        events=len(closes),
        missed=len(closes) - len(minutes),
        median_minutes=statistics.median(minutes) if minutes else None,
        percentile_95_minutes=minutes[max(-(-95 * len(minutes) // 100) - 1, 0)] if minutes else None,
        worst_minutes=minutes[-1] if minutes else None,
    )


async def read_report(
    collector: VirtualCollector, scratch: Scratch, *, sport_key: str, first_at: datetime, every_snapshot: bool
) -> ReplayReport:
    """Return what a replay collected, from what is stored."""
    now = collector.clock.now()
    async with scratch.database.transaction() as connection:
        return ReplayReport(
            sport_key=sport_key,
            every_snapshot=every_snapshot,
            first_at=first_at,
            last_at=now,
            totals=await read_totals(connection),
            sizes=await read_sizes(connection),
            statuses=await read_statuses(connection),
            runs=await read_run_outcomes(connection),
            closing=closing_coverage(await read_closes(connection, _BEGINNING)),
            fixed_sampling_looks=round((now - first_at) / timedelta(minutes=30)),
            database_url=scratch.url,
        )
