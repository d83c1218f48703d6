"""Days of a collector in which every operation may fail: the feed, the scheduler, the database, the process."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.simulation.dice import dice
from core.simulation.market import SimulatedMarket
from core.simulation.mishaps import by_kind
from core.simulation.uncertain_scheduler import Moods
from core.triggers.base import Trigger
from handlers.registry import JOBS
from handlers.simulation.misfortune import Misfortune, moods_at
from handlers.simulation.process import leave_alone
from handlers.simulation.season_report import worse_closes
from handlers.simulation.world import World, open_world
from storage.closing import read_closes
from storage.database import Database
from tests.world.stored import d5_every_run_ended, query
from tests.world.sweeps import SPORT, START, verdict

_CALM = timedelta(hours=2)
_CLOSES = (
    "SELECT events.commence_time, max(snapshots.snapshot_time) FROM core_betting.events"
    " LEFT JOIN raw_data.odds_snapshots AS snapshots ON snapshots.event_id = events.id"
    " AND snapshots.snapshot_time < events.commence_time"
    " WHERE events.status <> 'cancelled' AND events.commence_time BETWEEN :since AND :until GROUP BY events.id"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a chaotic world came to: faults by kind, violations by guarantee, and how old its closes were."""

    seed: int
    faults: Mapping[str, int]
    violations: Mapping[str, list[str]]
    runs: int
    repairs: int
    closes: tuple[timedelta, ...]
    games: int


async def run_chaos(seed: int, database: Database, *, days: int, rate: float = 0.05) -> Outcome:
    """Run some days in which each operation fails at a rate, then a calm while; return what became of it."""
    random.seed(seed)  # the feed client's waits between attempts
    market = SimulatedMarket(seed, SPORT, START, days + 1)
    async with open_world(market, database, start=START, seed=seed, moods=moods_at(rate)) as world:
        misfortune = Misfortune(dice(seed, "misfortune"), rate, world.server, world.mishaps)
        world.disturbance = misfortune.disturbance
        await world.beat()
        await world.run_for(timedelta(days=days))
        ended = world.clock.now()
        violations = await _settle(world)
        closes = await query(world, _CLOSES, since=START + timedelta(hours=1), until=ended)
        return Outcome(
            seed=seed,
            faults=dict(by_kind(world.mishaps)),
            violations=violations,
            runs=len(world.invocations),
            repairs=sum(beat.repaired for beat in world.beats),
            closes=tuple(sorted(start - look for start, look in closes if look)),
            games=len(closes),
        )


async def _settle(world: World) -> dict[str, list[str]]:
    """Let the faults end, and every job run once more; return what breaks each guarantee."""
    world.disturbance = lambda: leave_alone
    world.scheduler.moods = Moods()
    await world.run_for(_CALM)
    alive = world.scheduler.pending()
    for job in JOBS:
        await world.invoke(Trigger(job, SPORT, world.clock.now(), "one more"))
    found = await verdict(world)
    found["C1"] += [f"{job} is not armed at the end" for job in sorted(set(JOBS) - alive)]
    found["D5"] += await d5_every_run_ended(world)
    found["closes explained"] = await _unexplained(world)
    return dict(sorted(found.items()))


async def _unexplained(world: World) -> list[str]:
    """Return the games whose last look was not fresh, though no fault kept it from being so."""
    async with world.app.database.transaction() as connection:
        closes = await read_closes(connection, START + timedelta(hours=1))
    return [f"{one.game}: {one.age} before" for one in worse_closes(world, closes) if not one.is_explained]


def age_shares(outcomes: list[Outcome], *limits: timedelta) -> list[float]:
    """Return which share of the games had a look at most so long before their start."""
    games = sum(one.games for one in outcomes)
    ages = [age for one in outcomes for age in one.closes]
    return [sum(age <= limit for age in ages) / games if games else 1.0 for limit in limits]
