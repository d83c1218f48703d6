"""A clock of ours that differs from the scheduler's: nothing begins without a fallback, and no close is late."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from core.clock import Clock
from handlers.simulation.world import World, open_world
from storage.closing import read_closes
from storage.database import Database
from tests.world.checks import c1_a_trigger_always_exists
from tests.world.sweeps import START, market

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Skewed:
    """A clock that is ahead of another; less than nothing is behind."""

    clock: Clock
    ahead: timedelta

    def now(self) -> datetime:
        """Return the instant that this clock tells."""
        return self.clock.now() + self.ahead


async def collected(world: World, ahead: timedelta) -> World:
    """Let a world go by a clock of its own until its first games have started."""
    world.app = replace(world.app, clock=Skewed(world.clock, ahead))
    await world.beat()
    await world.run_for(12 * HOUR)
    return world


@pytest.mark.parametrize("seconds", [-45, -5, 45])
async def test_c1_and_c3_hold_whatever_our_clock_tells(database: Database, seconds: int) -> None:
    async with open_world(market(), database, start=START) as world:
        await collected(world, timedelta(seconds=seconds))
        found = c1_a_trigger_always_exists(world)
        assert found == []
        assert found.judged > 100
        async with world.app.database.transaction() as connection:
            closes = await read_closes(connection, START + 2 * HOUR)
        assert len(closes) > 5
        assert all(close.age is not None and close.age <= 10 * MINUTE for close in closes)
        looks = [one for one in world.invocations if one.trigger.job == "fetch-odds"]
        assert [one for one in looks if not one.asked] == [], "none came before its time, and left it at that"
