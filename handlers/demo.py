"""A few simulated days through the collector, in seconds, into a database of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.scope import Scope
from core.settings.collecting import DEFAULT_BOOKMAKERS
from core.simulation.market import SimulatedMarket
from core.triggers.base import Trigger
from handlers.demo_report import DemoReport, read_demo_report
from handlers.replay_request import Progress
from handlers.scratch import Scratch
from handlers.virtual import virtual_collector

START = datetime(2025, 11, 6, 12, tzinfo=UTC)
"""A Thursday on which every simulated league is in season."""
PLAN_CREDITS = 20_000
_LISTED_AHEAD = 12
SCOPE = Scope.of(("h2h", "spreads", "totals"), bookmakers=DEFAULT_BOOKMAKERS)


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """What to simulate: so many days of a sport, in one of the worlds that a seed names."""

    sport_key: str
    days: int
    seed: int

    @property
    def end(self) -> datetime:
        """Return when the simulated days are over."""
        return START + timedelta(days=self.days)


def open_market(request: DemoRequest) -> SimulatedMarket:
    """Return the market of a demo; raises ConfigurationError for a sport that is not simulated."""
    return SimulatedMarket(request.seed, request.sport_key, START, request.days + _LISTED_AHEAD)


async def run_demo(request: DemoRequest, scratch: Scratch, progress: Progress) -> DemoReport:
    """Collect the simulated days, and report what happened.

    Raises:
        ConfigurationError: There is no simulated market of the sport.
    """
    market = open_market(request)
    async with virtual_collector(
        market,
        scratch.database,
        sport_key=request.sport_key,
        scope=SCOPE,
        start=START,
        plan_credits=PLAN_CREDITS,
    ) as collector:

        async def fire(trigger: Trigger) -> None:
            await collector.fire(trigger)
            progress(collector.clock.now())

        await collector.arm_all(request.sport_key)
        await collector.triggers.run_until(request.end, fire)
        return await read_demo_report(
            scratch,
            sport_key=request.sport_key,
            seed=request.seed,
            first_at=START,
            last_at=request.end,
            scope=SCOPE,
        )
