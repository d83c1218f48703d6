"""What a simulated season came to: a value that can be shown or written as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from core.feed.credits import odds_cost
from core.simulation.mishaps import Mishap, by_kind
from core.triggers.schedule_survey import FIRING
from handlers import fetch_odds
from handlers.plan_report import FIXED_SAMPLING
from handlers.registry import JOBS
from handlers.replay_report import ClosingCoverage, closing_coverage
from handlers.scratch import Scratch
from handlers.simulation.causes import History, Recovery, causes, history_of, put_off_until
from handlers.simulation.targets import CLOSING, FRESH, missed_targets, share_within
from handlers.simulation.world import World
from storage.closing import Close, read_closes
from storage.runs import RunOutcome
from storage.summary import read_totals
from storage.watching import read_looks


@dataclass(frozen=True, slots=True)
class WorseClose:
    """A game whose last look was not fresh, and the mishaps that caused that.

    `began_at` is when it began, where it did so before its last look was to come: the feed tells no sooner.
    """

    event_id: str
    game: str
    commence_time: datetime
    age: timedelta | None
    causes: tuple[Mishap, ...]
    began_at: datetime | None = None

    @property
    def is_explained(self) -> bool:
        """Tell whether it is known why."""
        return bool(self.causes) or self.began_at is not None


@dataclass(frozen=True, slots=True)
class SeasonReport:
    """A simulated season; instants are virtual, aware UTC.

    `fresh` and `closing` are the shares of games whose last look was at most 10 and 35 minutes before the start.
    `retries` are runs that the platform made again, `mended` those that met a mishap and ended well, `repairs` the
    jobs that a heartbeat armed or fired. `lost` and `doubled` are looks that a run claims and nobody finds, and
    looks within the minimum gap of one another. `unarmed` are the jobs without a trigger at the end, and `missed`
    the promises of the closes that were not kept.
    """

    sport_key: str
    seed: int
    fault_rate: float
    first_at: datetime
    last_at: datetime
    coverage: ClosingCoverage
    fresh: float | None
    closing: float | None
    worse: tuple[WorseClose, ...]
    missed: tuple[str, ...]
    looks: int
    credits: int
    look_cost: int
    fixed_sampling_looks: int
    runs: Mapping[str, int]
    outcomes: Mapping[str, int]
    retries: int
    mended: int
    heartbeats: int
    repairs: int
    mishaps: Mapping[str, int]
    lost: int
    doubled: int
    unarmed: tuple[str, ...]
    database_url: str

    @property
    def is_wrong(self) -> bool:
        """Tell whether something is wrong that must never be, or that must not be with so few faults."""
        return bool(self.lost or self.doubled or self.unarmed or self.unexplained or self.missed)

    @property
    def unexplained(self) -> int:
        """Return how many of the worse closes nothing explains."""
        return sum(not one.is_explained for one in self.worse)


async def read_season_report(
    world: World, scratch: Scratch, *, seed: int, fault_rate: float, first_at: datetime, last_at: datetime
) -> SeasonReport:
    """Return what became of a season between two virtual instants, from what is stored and what happened."""
    settings = world.app.settings
    (sport_key,) = settings.collection.sports
    async with scratch.database.transaction() as connection:
        closes = [one for one in await read_closes(connection, first_at) if one.commence_time <= last_at]
        looks = await read_looks(connection, sport_key)
        totals = await read_totals(connection)
    armed = world.scheduler.pending()
    ages, worse = [one.age for one in closes], worse_closes(world, closes)
    began_early = sum(one.began_at is not None for one in worse)
    return SeasonReport(
        sport_key=sport_key,
        seed=seed,
        fault_rate=fault_rate,
        first_at=first_at,
        last_at=last_at,
        coverage=closing_coverage(closes),
        fresh=share_within(ages, FRESH),
        closing=share_within(ages, CLOSING),
        worse=worse,
        missed=missed_targets(ages, fault_rate, began_early=began_early, late_starts=late_starts(worse)),
        looks=len(looks),
        credits=totals.credits_spent,
        look_cost=odds_cost(settings.collection.scope),
        fixed_sampling_looks=(last_at - first_at) // FIXED_SAMPLING,
        runs=dict(sorted(Counter(one.trigger.job for one in world.invocations).items())),
        outcomes=_outcomes(world),
        retries=sum(one.attempt > 1 for one in world.invocations),
        mended=sum(one.error is None and bool(one.mishaps) for one in world.invocations),
        heartbeats=len(world.beats),
        repairs=sum(beat.repaired for beat in world.beats),
        mishaps=dict(by_kind(world.mishaps).most_common()),
        lost=_lost(world, looks),
        doubled=_doubled(looks, settings.scheduler.minimum_gap),
        unarmed=tuple(sorted(set(JOBS) - armed)),
        database_url=scratch.url,
    )


def late_starts(worse: Iterable[WorseClose]) -> int:
    """Return how many starts those of some closes have whose games did not begin early."""
    return len({one.commence_time for one in worse if one.began_at is None})


def worse_closes(world: World, closes: Iterable[Close]) -> tuple[WorseClose, ...]:
    """Return those of some closes that were not fresh, and why."""
    scheduler = world.app.settings.scheduler
    closes, lead = tuple(closes), scheduler.closing_lead
    recovery = Recovery(scheduler.heartbeat_interval, scheduler.minimum_gap)
    due = [close.commence_time - lead for close in closes]
    history = history_of(world.invocations, world.beats, world.mishaps, recovery, due)
    return tuple(
        _explained(history, close, close.commence_time - lead)
        for close in closes
        if close.age is None or close.age > FRESH
    )


def _explained(history: History, close: Close, due: datetime) -> WorseClose:
    game, start = f"{close.away_team} at {close.home_team}", close.commence_time
    began_early = close.began_at is not None and close.began_at <= put_off_until(history, due) + FIRING
    until = start if close.began_at is None or began_early else min(start, close.began_at)
    return WorseClose(
        close.event_id,
        game,
        start,
        close.age,
        causes(history, due, until),
        close.began_at if began_early else None,
    )


def _outcomes(world: World) -> dict[str, int]:
    ended = Counter(
        one.report.outcome.value if one.report else RunOutcome.FAILED.value for one in world.invocations
    )
    return dict(sorted(ended.items()))


def _lost(world: World, looks: Sequence[datetime]) -> int:
    """Return how many runs say that they stored a look of which there is none."""
    stored = set(looks)
    claimed = [
        one
        for one in world.invocations
        if one.trigger.job == fetch_odds.NAME and one.report and one.report.outcome is RunOutcome.STORED
    ]
    return sum(not any(one.began <= at <= one.ended for at in stored) for one in claimed)


def _doubled(looks: Sequence[datetime], gap: timedelta) -> int:
    return sum(later - earlier < gap for earlier, later in pairwise(looks))
