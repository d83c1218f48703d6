"""What a replay collected, as a value that can be shown or written as JSON."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.feed.credits import odds_cost
from handlers.plan_report import FIXED_SAMPLING
from handlers.scratch import Scratch
from handlers.virtual import VirtualCollector
from storage.closing import Close, read_closes
from storage.summary import Sizes, Totals, read_run_outcomes, read_sizes, read_statuses, read_totals


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
    """What a replay collected; `first_at` and `last_at` are virtual instants.

    `closing` is about the events that started in between. `bytes_per_quote_seen` counts quotes and selections with
    their indexes; None where no quote was seen. `look_cost` is in credits.
    """

    sport_key: str
    every_snapshot: bool
    first_at: datetime
    last_at: datetime
    totals: Totals
    sizes: Sizes
    statuses: Mapping[str, int]
    runs: Mapping[str, int]
    closing: ClosingCoverage
    look_cost: int
    fixed_sampling_looks: int
    share_of_fixed_sampling: float | None
    bytes_per_quote_seen: float | None
    database_url: str


def closing_coverage(closes: Sequence[Close]) -> ClosingCoverage:
    """Return how old the closing odds of some events were."""
    minutes = sorted(
        close.age / timedelta(minutes=1) for close in closes if close.age is not None and not close.is_missed
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
    fixed = round((now - first_at) / FIXED_SAMPLING)
    async with scratch.database.transaction() as connection:
        totals, sizes = await read_totals(connection), await read_sizes(connection)
        return ReplayReport(
            sport_key=sport_key,
            every_snapshot=every_snapshot,
            first_at=first_at,
            last_at=now,
            totals=totals,
            sizes=sizes,
            statuses=await read_statuses(connection),
            runs=await read_run_outcomes(connection),
            closing=closing_coverage(await read_closes(connection, first_at)),
            look_cost=odds_cost(collector.app.settings.collection.scope),
            fixed_sampling_looks=fixed,
            share_of_fixed_sampling=totals.looks / fixed if fixed else None,
            bytes_per_quote_seen=sizes.quotes_bytes / totals.quotes_seen if totals.quotes_seen else None,
            database_url=scratch.url,
        )
