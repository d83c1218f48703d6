"""The credits of chaotic worlds: half of them have enough, half run out of them until the month turns."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from handlers.simulation.world import World
from tests.world.sweeps import START

HOUR = timedelta(hours=1)
RESET = datetime(2026, 2, 1, tzinfo=UTC)
LAST_HOURS = 8 * HOUR
"""How much of the last day that was asked for is before the reset."""

SPENT_BY_OTHERS = 2 * HOUR
"""How long before the reset somebody else spends what is left."""

RESERVES = 1.5
"""What a scarce account has left at first, as a multiple of what is kept for closing looks."""


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


def make_scarce(world: World) -> None:
    """Leave half as much again as the reserve, and let somebody else spend the rest before the reset."""
    account = world.server.account
    reserve = account.plan_credits * world.app.settings.scheduler.credit_reserve
    account.used = account.plan_credits - int(RESERVES * reserve)

    async def spend_the_rest() -> None:
        account.used = account.plan_credits

    world.agenda.later(RESET - SPENT_BY_OTHERS - world.clock.now(), spend_the_rest)
