"""Days of a collector in which every operation may fail: the feed, the scheduler, the database, the process."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.simulation.dice import dice
from core.simulation.market import SimulatedMarket
from core.simulation.mishaps import by_kind
from core.triggers.base import Trigger
from handlers.registry import JOBS
from handlers.simulation.misfortune import Misfortune, moods_at
from handlers.simulation.season import STEP_SECONDS
from handlers.simulation.season_report import WorseClose, worse_closes
from handlers.simulation.world import World, open_world
from storage.closing import Close, read_closes
from storage.database import Database
from tests.world import endings
from tests.world.findings import PROMISES, Findings
from tests.world.knowing import (
    Known,
    c6_starts_are_as_listed,
    d7_what_was_known_stays,
    d10_no_close_is_from_play,
    known_at,
)
from tests.world.plans import make_scarce, plan_of
from tests.world.resuming import c4_what_is_due_is_resumed, outlast_an_outage
from tests.world.spending import q2_only_closing_looks_touch_the_reserve
from tests.world.stored import d5_every_run_ended
from tests.world.sweeps import SPORT, verdict

_CALM = timedelta(hours=2)
_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a chaotic world came to: faults by kind, what was found of each promise, and its closes."""

    seed: int
    faults: Mapping[str, int]
    found: Mapping[str, Findings]
    runs: int
    repairs: int
    ages: tuple[timedelta | None, ...]
    worse: tuple[WorseClose, ...]

    @property
    def violations(self) -> dict[str, list[str]]:
        """Return what breaks each promise that is broken."""
        return {name: list(found) for name, found in self.found.items() if found}


def unjudged(outcomes: Iterable[Outcome]) -> list[str]:
    """Return the promises of which no world had a single case, so that nothing was found out of them."""
    judged = {name for outcome in outcomes for name, found in outcome.found.items() if found.judged}
    return [f"{name}: {promise}" for name, promise in PROMISES.items() if name not in judged]


async def run_chaos(seed: int, database: Database, *, days: int, rate: float = 0.05) -> Outcome:
    """Run some days in which each operation fails at a rate, then an outage, then a calm while.

    Return what became of it: the faults are those of the days. Where credits are short, the closes are judged that
    come after the reset.
    """
    random.seed(seed)  # the feed client's waits between attempts
    plan = plan_of(seed, days)
    market = SimulatedMarket(seed, SPORT, plan.start, days + 1)
    opened = open_world(
        market,
        database,
        start=plan.start,
        seed=seed,
        plan_credits=plan.credits,
        moods=moods_at(rate),
        step_seconds=STEP_SECONDS,
    )
    async with opened as world:
        misfortune = Misfortune(dice(seed, "misfortune"), rate, world.server, world.mishaps, wait=world.wait)
        world.disturbance = misfortune.disturbance
        if plan.is_scarce:
            world.disturbance = make_scarce(world, misfortune.disturbance)
        await world.beat()
        known: Known = {}
        for _ in range(2 * days):
            await world.run_for(_HALF_A_DAY)
            known[world.clock.now()] = await known_at(world, world.clock.now())
        ended = world.clock.now()
        faults = dict(by_kind(world.mishaps))
        outage = await outlast_an_outage(world, seed)
        await world.run_for(_CALM)
        resumed = await c4_what_is_due_is_resumed(world, market, outage, is_scarce=plan.is_scarce)
        found = {**await _settle(world, market, known), "C4": resumed}
        closes = await _closes(world, plan.closes_from, ended)
        worse = worse_closes(world, closes)
        found["closes"] = _explained(closes, worse)
        return Outcome(
            seed=seed,
            faults=faults,
            found={name: found[name] for name in PROMISES},
            runs=len(world.invocations),
            repairs=sum(beat.repaired for beat in world.beats),
            ages=tuple(close.age for close in closes),
            worse=worse,
        )


async def _settle(world: World, market: SimulatedMarket, known: Known) -> dict[str, Findings]:
    """Let every job run once more; return what was found of each promise."""
    found = await verdict(world)
    for job in JOBS:
        found["C1"].judge(job in world.scheduler.pending(), f"{job} is not armed at the end")
    found["C6"] = await c6_starts_are_as_listed(world, market)
    found["D7"] = await d7_what_was_known_stays(world, known)
    found["D10"] = await d10_no_close_is_from_play(world, market)
    found["Q2"] = await q2_only_closing_looks_touch_the_reserve(world, market)
    found["D3"] = await endings.d3_redoing_changes_nothing(world)
    found["C7"] = await endings.c7_stale_triggers_are_skipped(world)
    found["D1"] = await endings.d1_an_odd_answer_is_kept(world)
    for job in JOBS:
        await world.invoke(Trigger(job, SPORT, world.clock.now(), "one more"))
    found["D5"].include(await d5_every_run_ended(world))
    return found


async def _closes(world: World, since: datetime, ended: datetime) -> list[Close]:
    async with world.app.database.transaction() as connection:
        closes = await read_closes(connection, since)
    return [close for close in closes if close.commence_time <= ended]


def _explained(closes: Iterable[Close], worse: Iterable[WorseClose]) -> Findings:
    """Judge of every game whether its last look was fresh, or else whether faults kept it from being so."""
    late, found = {one.event_id: one for one in worse}, Findings()
    for close in closes:
        is_explained = close.event_id not in late or late[close.event_id].is_explained
        game = f"{close.away_team} at {close.home_team}"
        found.judge(is_explained, f"{game}: {close.age} before, and no fault tells why")
    return found
