"""A world of its own: time passes, the platform tries again, the heartbeat comes, and a seed decides all of it."""

from datetime import UTC, datetime, timedelta
from functools import cache

from core.errors import DeadlineError
from core.feed.errors import FeedUnavailableError
from core.simulation.market import SimulatedMarket
from core.simulation.mishaps import FEED_FAULTS, ODD
from core.simulation.uncertain_scheduler import Moods
from core.triggers.base import Trigger
from handlers.runtime import CLOSING_TIME
from handlers.simulation.process import ProcessDiedError, Step, die_at
from handlers.simulation.world import RUN_LIMIT, World, open_world
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


async def test_runs_that_are_delivered_at_the_same_time_overlap_step_by_step(database: Database) -> None:
    opened = open_world(market(), database, start=START, sport_key=NFL, step_seconds=1)
    async with opened as world:
        await world.beat()
        await world.run_for(3 * MINUTE)
        spans = {(one.trigger.job, one.began, one.ended) for one in world.invocations}
        assert any(
            began < other_began < ended
            for job, began, ended in spans
            for other, other_began, _ in spans
            if job != other
        )


async def test_two_deliveries_of_a_trigger_meet_and_one_of_them_leaves_it(database: Database) -> None:
    opened = open_world(market(), database, start=START, sport_key=NFL, step_seconds=1, moods=Moods(twice=1))
    async with opened as world:
        await world.beat()
        await world.run_for(HOUR)
        assert "another run is at work" in {one.report.reason for one in world.invocations if one.report}


async def test_a_run_that_waits_too_long_is_cut_off_when_its_time_is_up_and_run_again(database: Database) -> None:
    async with open_world(market(), database, start=START, sport_key=NFL) as world:

        async def disturb(step: Step) -> None:
            if step.name == "transaction: begins":
                await world.wait(3600)

        await world.beat()
        cut_off = await world.invoke(Trigger("update-status", NFL, START, "the world begins"), disturb=disturb)
        assert isinstance(cut_off.error, DeadlineError)
        assert cut_off.ended - cut_off.began == RUN_LIMIT - CLOSING_TIME
        await world.run_for(5 * MINUTE)
        retried = [one.began for one in world.invocations if one.slot == cut_off.slot and one.attempt == 2]
        assert cut_off.ended + MINUTE in retried


async def test_each_process_knows_what_it_met_itself(database: Database) -> None:
    opened = open_world(market(), database, start=START, sport_key=NFL, step_seconds=1)
    async with opened as world:
        world.server.inject(FEED_FAULTS[ODD])
        await world.beat()
        await world.run_for(3 * MINUTE)
        met = {one.trigger.job: one.mishaps for one in world.invocations if one.mishaps}
        assert {job: [mishap.kind for mishap in mishaps] for job, mishaps in met.items()} == {
            world.mishaps[0].job: [ODD]
        }


async def test_a_feed_that_hangs_is_given_up_after_a_while(database: Database) -> None:
    async with open_world(market(), database, start=START, sport_key=NFL) as world:
        world.server.inject(*[FEED_FAULTS["the feed hangs"]] * 3)
        hung = await world.invoke(Trigger("update-status", NFL, START, "the world begins"))
        assert isinstance(hung.error, FeedUnavailableError)
        assert hung.ended - hung.began >= timedelta(seconds=60)
        assert hung.charged == 0


async def test_a_trigger_that_may_be_on_its_way_when_a_heartbeat_begins_counts_as_armed_for_it(
    database: Database,
) -> None:
    async def slow(step: Step) -> None:
        if step.name == "scheduler: was read":
            await world.wait(2)

    async with open_world(market(), database, start=START, sport_key=NFL, moods=Moods(never=1)) as world:
        for job, hours in (("fetch-scores", 9), ("update-status", 9), ("fetch-odds", 1)):
            await world.scheduler.arm(Trigger(job, NFL, START + hours * HOUR, "planned"))
        world.clock.advance(HOUR + timedelta(seconds=59))
        world.disturbance = lambda: slow
        beat = await world.beat()
        assert "fetch-odds" not in world.scheduler.pending() | world.scheduler.firing()
        assert "fetch-odds" in beat.armed
