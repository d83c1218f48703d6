"""Worlds in trouble that more than one test judges: those of the promises, and those of what breaks them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import DatabaseUnreachableError
from core.simulation.faults import Fault
from core.simulation.mishaps import FEED_FAULTS, ODD
from core.triggers.base import Trigger
from handlers.at_once import TRIES
from handlers.due import next_trigger
from handlers.simulation.process import ProcessDiedError, Step, leave_alone
from handlers.simulation.world import World, open_world
from storage.database import Database
from tests.world.stored import query
from tests.world.sweeps import AFTERMATH, SPORT, START, UNTIL_READY, market, ready_world

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LEAD = timedelta(minutes=5)
ASKED = "feed: odds asked"
ANSWERED = "feed: odds answered"
OUTAGE_ENDS = START + 6 * HOUR


@asynccontextmanager
async def looked(database: Database) -> AsyncIterator[World]:
    """Yield a world in which a look was taken."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        yield world


@asynccontextmanager
async def ready(database: Database) -> AsyncIterator[World]:
    """Yield a world that is about to take a look."""
    async with ready_world("fetch-odds", database) as (world, _):
        yield world


@asynccontextmanager
async def late(database: Database) -> AsyncIterator[World]:
    """Yield a world in which the results were asked for five minutes after their time."""
    async with ready_world("fetch-scores", database) as (world, trigger):
        world.clock.advance(5 * MINUTE)
        await world.invoke(trigger)
        yield world


@asynccontextmanager
async def calm(database: Database) -> AsyncIterator[World]:
    """Yield a world after ten hours without faults."""
    async with open_world(market(), database, start=START) as world:
        await world.beat()
        await world.run_for(10 * HOUR)
        yield world


@asynccontextmanager
async def off_season(database: Database) -> AsyncIterator[World]:
    """Yield a world in which no game is listed, nor will be for months."""
    async with open_world(market(), database, start=START - timedelta(days=90)) as world:
        await world.beat()
        await world.run_for(3 * MINUTE)
        yield world


@asynccontextmanager
async def oddly_answered(database: Database) -> AsyncIterator[World]:
    """Yield a world in which a look was answered with what cannot be read."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        world.server.inject(FEED_FAULTS[ODD])
        await world.invoke(trigger)
        yield world


@asynccontextmanager
async def broken_off(database: Database) -> AsyncIterator[World]:
    """Yield a world in which the answer to a look broke off when it had been paid for."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        world.server.inject(Fault("odds", reset=True))
        await world.invoke(trigger)
        yield world


@asynccontextmanager
async def met_by_another(database: Database) -> AsyncIterator[World]:
    """Yield a world in which a run of the job came while another asked the feed, and one when that had ended."""
    async with ready_world("fetch-odds", database) as (world, trigger):

        async def another() -> None:
            world.clock.advance(MINUTE)
            await world.invoke(Trigger("fetch-odds", SPORT, world.clock.now(), "another"))
            world.clock.advance(MINUTE)

        async def disturb(step: Step) -> None:
            if step.name == ASKED:
                await another()

        await world.invoke(trigger, disturb=disturb)
        await another()
        yield world


@asynccontextmanager
async def died_asking(database: Database) -> AsyncIterator[World]:
    """Yield a world some time after a look died while it asked the feed."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger, disturb=dying_at(ASKED))
        await world.run_for(AFTERMATH)
        await world.invoke(Trigger("fetch-odds", SPORT, world.clock.now(), "one more"))
        yield world


def dying_at(name: str) -> Callable[[Step], Awaitable[None]]:
    """Return what kills a process at the first of its steps that has a name."""

    async def disturb(step: Step) -> None:
        if step.name == name:
            raise ProcessDiedError(name)

    return disturb


@asynccontextmanager
async def at_last_look(database: Database) -> AsyncIterator[tuple[World, Trigger, datetime]]:
    """Yield a world five minutes before its first start, the trigger of the last look, and that start."""
    async with open_world(market(), database, start=START) as world:
        await world.invoke(Trigger("update-status", SPORT, START, "the world begins"))
        for name in UNTIL_READY:
            await world.scheduler.disarm(name, SPORT)
        ((start,),) = await query(world, "SELECT min(commence_time) FROM core_betting.events")
        world.clock.advance_to(start - LEAD)
        for name in UNTIL_READY:
            await world.scheduler.arm(await next_trigger(world.app, name, SPORT))
        await world.beat()
        await world.scheduler.disarm("fetch-odds", SPORT)
        yield world, Trigger("fetch-odds", SPORT, world.clock.now(), "last look", "closing"), start


@asynccontextmanager
async def in_play(database: Database) -> AsyncIterator[World]:
    """Yield a world an hour after its first start, which others followed."""
    async with at_last_look(database) as (world, trigger, start):
        await world.invoke(trigger)
        await world.run_until(start + HOUR)
        yield world


@asynccontextmanager
async def not_stored(database: Database) -> AsyncIterator[World]:
    """Yield a world in which no try to store the answer of a last look could be committed."""
    async with at_last_look(database) as (world, trigger, _):
        cuts_left = 0

        async def disturb(step: Step) -> None:
            nonlocal cuts_left
            if step.name == ANSWERED:
                cuts_left = TRIES
            if cuts_left and step.name == "transaction: commits":
                cuts_left -= 1
                raise DatabaseUnreachableError("cut off")

        await world.invoke(trigger, disturb=disturb)
        yield world


@asynccontextmanager
async def in_reserve(database: Database) -> AsyncIterator[World]:
    """Yield a world a day on, whose account had half as much again as the reserve at the beginning."""
    async with open_world(market(), database, start=START, plan_credits=40) as world:
        world.server.account.used = 33
        await world.beat()
        await world.run_for(24 * HOUR)
        yield world


@asynccontextmanager
async def exhausted(database: Database) -> AsyncIterator[World]:
    """Yield a world some hours after a look met an account that somebody else had emptied."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        world.server.account.used = world.server.account.plan_credits
        await world.invoke(trigger)
        await world.run_for(6 * HOUR)
        yield world


@asynccontextmanager
async def asked_once_more(database: Database) -> AsyncIterator[World]:
    """Yield a world in which another look was fired at when the account was known to be empty."""
    async with exhausted(database) as world:
        await world.invoke(Trigger("fetch-odds", SPORT, world.clock.now(), "asked for anyway"))
        yield world


@asynccontextmanager
async def fired_again(database: Database) -> AsyncIterator[World]:
    """Yield a world in which the trigger of the list, and that of a look, were delivered three times."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        for job in ("update-status", "fetch-odds"):
            for _ in range(3):
                await world.invoke(Trigger(job, SPORT, trigger.at, "delivered again"))
        yield world


@asynccontextmanager
async def strayed(database: Database) -> AsyncIterator[World]:
    """Yield a world in which a stray trigger fired a minute after a look."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        world.clock.advance(MINUTE)
        await world.invoke(Trigger("fetch-odds", SPORT, world.clock.now(), "a stray"))
        yield world


@asynccontextmanager
async def run_away(database: Database) -> AsyncIterator[World]:
    """Yield a world in which a job was fired 30 times within two hours, where 24 runs a day are allowed."""
    async with open_world(market(), database, start=START) as world:
        settings = world.app.settings
        scheduler = settings.scheduler.model_copy(update={"runs_a_day": 24})
        world.app = replace(world.app, settings=replace(settings, scheduler=scheduler))
        for _ in range(30):
            await world.invoke(Trigger("update-status", SPORT, world.clock.now(), "once more"))
            world.clock.advance(4 * MINUTE)
        yield world


@asynccontextmanager
async def after_database_outage(database: Database) -> AsyncIterator[World]:
    """Yield a world an hour after five hours without a database, which were over at `OUTAGE_ENDS`."""
    async with open_world(market(), database, start=START) as world:
        await world.beat()
        await world.run_for(HOUR)
        world.disturbance = lambda: no_database
        await world.run_for(5 * HOUR)
        world.disturbance = lambda: leave_alone
        await world.run_for(HOUR)
        yield world


async def no_database(step: Step) -> None:
    """Let no transaction begin."""
    if step.name == "transaction: begins":
        raise DatabaseUnreachableError("the database cannot be reached")
