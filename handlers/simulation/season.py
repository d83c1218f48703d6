"""A whole season of a simulated league on the virtual clock, in which every operation may fail."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.simulation.dice import dice
from core.simulation.leagues import league_of
from core.simulation.market import SimulatedMarket
from core.simulation.uncertain_scheduler import Moods
from handlers.replay_request import Progress
from handlers.scratch import Scratch
from handlers.simulation.misfortune import Misfortune, moods_at
from handlers.simulation.process import leave_alone
from handlers.simulation.season_report import SeasonReport, read_season_report
from handlers.simulation.world import World, open_world

YEAR = 2025
PLAN_CREDITS = 20_000
STEP_SECONDS = 0.3
"""How long a step of a process takes on average: a run of ten seconds may meet another."""

_BEFORE = timedelta(days=3)
_CALM = timedelta(hours=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeasonRequest:
    """The season of a league, or its first days, in one of the worlds that a seed names.

    `fault_rate` is the share of operations that fail.
    """

    sport_key: str
    seed: int
    fault_rate: float
    days: int | None = None

    @property
    def start(self) -> datetime:
        """Return when the collector starts: a few days before the season's first."""
        month, day = league_of(self.sport_key).season[0]
        return datetime(YEAR, month, day, 12, tzinfo=UTC) - _BEFORE

    @property
    def end(self) -> datetime:
        """Return when the season, or what is asked of it, is over."""
        (first_month, _), (month, day) = league_of(self.sport_key).season
        last = datetime(YEAR + (month < first_month), month, day, 12, tzinfo=UTC) + _DAY
        return last if self.days is None else min(last, self.start + self.days * _DAY)


async def simulate_season(request: SeasonRequest, scratch: Scratch, progress: Progress) -> SeasonReport:
    """Collect a season through faults, then let these end; report what was captured and what became of the rest.

    Raises:
        ConfigurationError: There is no simulated league of the sport.
    """
    random.seed(request.seed)  # the feed client's waits between attempts
    days = (request.end - request.start).days + 1
    market = SimulatedMarket(request.seed, request.sport_key, request.start, days)
    opened = open_world(
        market,
        scratch.database,
        start=request.start,
        seed=request.seed,
        sport_key=request.sport_key,
        plan_credits=PLAN_CREDITS,
        moods=moods_at(request.fault_rate),
        step_seconds=STEP_SECONDS,
    )
    async with scratch.database.keeping_one(), opened as world:
        world.keeps_steps = False
        chance = dice(request.seed, "misfortune")
        misfortune = Misfortune(chance, request.fault_rate, world.server, world.mishaps, wait=world.wait)
        world.disturbance = misfortune.disturbance
        await world.beat()
        while world.clock.now() < request.end:
            await world.run_until(min(world.clock.now() + _DAY, request.end))
            progress(min(world.clock.now(), request.end))
        await _calm_down(world)
        return await read_season_report(
            world,
            scratch,
            seed=request.seed,
            fault_rate=request.fault_rate,
            first_at=request.start,
            last_at=request.end,
        )


async def _calm_down(world: World) -> None:
    """Let the faults end, and the chain find its way back."""
    world.disturbance = lambda: leave_alone
    world.scheduler.moods = Moods()
    await world.run_for(_CALM)
