"""What the collector's own schedule costs and brings over a season, judged from the recording itself."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from tests.bench.figure import Figure, percentile
from tests.bench.material import Material
from tests.bench.replaying import DATABASE, run_replay
from tests.bench.server import BenchServer
from tests.bench.survey import Surveyed, last_listings, survey

_FIXED_SAMPLING = timedelta(minutes=30)
_MOST_SHARE = 0.2
_MOST_MEDIAN_MINUTES = 6
_MOST_P95_MINUTES = 10
_LISTED_WITHIN = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_LAST_LOOKS = (
    "SELECT event_id, max(snapshot_time) FROM raw_data.odds_snapshots"
    " WHERE commence_time > snapshot_time GROUP BY event_id"
)


async def schedule_figures(server: BenchServer, material: Material) -> list[Figure]:
    """Return how often the schedule looked over the season, and how near to each start."""
    replayed = run_replay(server, material)
    connection = await server.connect(DATABASE)
    try:
        last_looks: dict[str, datetime] = dict(await connection.fetch(_LAST_LOOKS))
    finally:
        await connection.close()
    surveyed = survey(material.recording)
    looks = replayed.report["totals"]["looks"]
    fixed = (surveyed[-1].fetched_at - surveyed[0].fetched_at) / _FIXED_SAMPLING
    return [
        Figure(
            "own schedule: looks, against one every 30 minutes",
            f"{looks / fixed:.1%}",
            f"≤ {_MOST_SHARE:.0%}",
            looks / fixed <= _MOST_SHARE,
            f"odds replay of the whole recording: {looks:,} answered calls against {fixed:,.0f}",
        ),
        *_closing_figures(surveyed, last_looks),
    ]


def _closing_figures(surveyed: Sequence[Surveyed], last_looks: Mapping[str, datetime]) -> list[Figure]:
    fetched = [answer.fetched_at for answer in surveyed]
    near = {
        event_id: listing.commence_time
        for event_id, listing in last_listings(surveyed).items()
        if listing.commence_time - listing.fetched_at <= _LISTED_WITHIN
    }
    looked = {event_id: last_looks[event_id] for event_id in near if event_id in last_looks}
    ages = [(near[event_id] - at) / _MINUTE for event_id, at in looked.items()]
    behind = [
        (near[event_id] - fetched[bisect_right(fetched, at) - 1]) / _MINUTE for event_id, at in looked.items()
    ]
    missed = len(near) - sum(age <= _LISTED_WITHIN / _MINUTE for age in ages)
    method = (
        f"the {len(near)} games that the recording lists within an hour of their start, the start being the one "
        f"it gave last before it had passed, read from the file; no look can bring what was not recorded, so the "
        f"recorded answer behind the last look stands beside it"
    )
    return [
        Figure(
            "own schedule: last look to start, median / p95, missed",
            f"{median(ages):.1f} / {percentile(ages, 0.95):.1f} min, {missed}",
            f"≤ {_MOST_MEDIAN_MINUTES} / {_MOST_P95_MINUTES} min, 0",
            median(ages) <= _MOST_MEDIAN_MINUTES and percentile(ages, 0.95) <= _MOST_P95_MINUTES and missed == 0,
            method,
        ),
        Figure(
            "the recorded answer behind it to start, median / p95",
            f"{median(behind):.1f} / {percentile(behind, 0.95):.1f} min",
            "",
            None,
            method,
        ),
    ]
