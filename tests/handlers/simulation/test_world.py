"""A world of its own: time passes, the platform tries again, the heartbeat comes, and a seed decides all of it."""

from datetime import UTC, datetime, timedelta
from functools import cache

from core.simulation.market import SimulatedMarket
from core.triggers.base import Trigger
from handlers.simulation.process import ProcessDiedError, die_at
from handlers.simulation.world import World, open_world
from storage.database import Database

NFL = "americanfootball_nfl"
START = datetime(2025, 11, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@cache
def market() -> SimulatedMarket:
    return SimulatedMarket(3, NFL, START, 6)


def attempts(world: World) -> list[tuple[int, timedelta]]:
    first = world.invocations[0]
    return [(one.attempt, one.began - first.began) for one in world.invocations if one.slot == first.slot]


async def test_the_heartbeat_alone_starts_the_collector_of_the_sport(database: Database) -> None:
    async with open_world(market(), database, start=START, sport_key=NFL) as world:
        await world.beat()
        await world.run_for(3 * HOUR)
        assert world.clock.now() == START + 3 * HOUR
        assert {call.sport_key for call in world.server.calls} == {NFL}
        assert {call.endpoint for call in world.server.calls} >= {"events", "odds"}
        interval = world.app.settings.scheduler.heartbeat_interval
        assert len(world.beats) == 3 * HOUR // interval + 1


async def test_a_run_that_dies_is_run_again_after_one_minute_and_after_two_more(database: Database) -> None:
    async with open_world(market(), database, start=START, sport_key=NFL) as world:
        world.disturbance = lambda: die_at(1)
        died = await world.invoke(Trigger("update-status", NFL, START, "the world begins"))
        await world.run_for(HOUR)
        assert isinstance(died.error, ProcessDiedError)
        assert attempts(world) == [(1, 0 * MINUTE), (2, MINUTE), (3, 3 * MINUTE)]


async def test_a_run_that_ends_well_is_not_run_again(database: Database) -> None:
    async with open_world(market(), database, start=START, sport_key=NFL) as world:
        await world.invoke(Trigger("update-status", NFL, START, "the world begins"))
        await world.run_for(10 * MINUTE)
        assert attempts(world) == [(1, 0 * MINUTE)]
