"""The credits of chaotic worlds: half of them have enough, half run out of them until the month turns."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from handlers.simulation.process import Disturb, Step
from handlers.simulation.world import Disturbance, World
from tests.world.scenarios import ASKED
from tests.world.sweeps import START

HOUR = timedelta(hours=1)
RESET = datetime(2026, 2, 1, tzinfo=UTC)
LAST_HOURS = 8 * HOUR
"""How much of the last day that was asked for is before the reset: then somebody else spends what is left."""

RESERVES = 1.5
"""What a scarce account has left, as a multiple of what is kept for closing looks."""


class Plan(NamedTuple):
    """The size of a plan, when its world begins, and from when on each game is to have its last look."""

    credits: int
    start: datetime
    closes_from: datetime
    is_scarce: bool


def plan_of(seed: int, days: int) -> Plan:
    """Return the plan of the world of a seed: every second pair of seeds is short of credits."""
    if seed // 2 % 2:
        start = RESET - LAST_HOURS - (days - 1) * timedelta(days=1)
        return Plan(200, start, RESET + HOUR, is_scarce=True)
    return Plan(20_000, START, START + HOUR, is_scarce=False)


def make_scarce(world: World, disturbance: Disturbance) -> Disturbance:
    """Leave half as much again as the reserve, twice: at first, and in the last hours before the reset.

    Return what then lets somebody else spend that while a look is on its way, which is refused: the account was
    thought to pay for it.
    """
    account = world.server.account
    left = int(RESERVES * account.plan_credits * world.app.settings.scheduler.credit_reserve)

    async def top_up() -> None:
        account.used = account.plan_credits - left

    account.used = account.plan_credits - left
    world.agenda.later(RESET - LAST_HOURS - world.clock.now(), top_up)

    def begin() -> Disturb:
        disturb = disturbance()

        async def disturb_and_spend(step: Step) -> None:
            await disturb(step)
            if step.name == ASKED and RESET - LAST_HOURS <= step.at < RESET:
                account.used = account.plan_credits

        return disturb_and_spend

    return begin
