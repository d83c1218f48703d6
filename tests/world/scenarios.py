"""Worlds in trouble that more than one test judges: those of the promises, and those of what breaks them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import DatabaseUnreachableError
from core.triggers.base import Trigger
from handlers.simulation.process import Step, leave_alone
from handlers.simulation.world import World, open_world
from storage.database import Database
from tests.world import stored
from tests.world.sweeps import SPORT, START, market, ready_world

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


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
async def after_database_outage(database: Database) -> AsyncIterator[tuple[World, datetime]]:
    """Yield a world an hour after five hours without a database, and when these were over."""
    async with open_world(market(), database, start=START) as world:
        await world.beat()
        await world.run_for(HOUR)
        world.disturbance = lambda: no_database
        await world.run_for(5 * HOUR)
        world.disturbance = lambda: leave_alone
        ended = world.clock.now()
        await world.run_for(HOUR)
        yield world, ended


async def no_database(step: Step) -> None:
    """Let no transaction begin."""
    if step.name == "transaction: begins":
        raise DatabaseUnreachableError("the database cannot be reached")


async def broken_by_stale_trigger(database: Database) -> list[str]:
    """Fire a look that is two hours late; return what is wrong with how that was met."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        stale = Trigger("fetch-odds", SPORT, trigger.at - 2 * HOUR, "long past")
        done = await world.invoke(stale)
        sql = "SELECT outcome FROM operational.job_runs WHERE scheduled_at = :at AND reason LIKE 'stale: %'"
        recorded = await stored.query(world, sql, at=stale.at)
        broken = [] if recorded == [("skipped",)] else ["the stale run is not recorded as skipped"]
        broken += ["the stale run asked the feed"] if done.asked else []
        soon = [
            one
            for one in await world.scheduler.armed()
            if one.job == stale.job and one.at <= done.ended + 5 * MINUTE
        ]
        return broken if soon else [*broken, "nothing is armed at once"]


async def changed_by_redoing(job: str, database: Database) -> list[str]:
    """Run a job, then fire every trigger of the past once more; return the tables that that changed."""
    async with ready_world(job, database) as (world, trigger):
        await world.invoke(trigger)
        before = await stored.rows(world)
        for one in tuple(world.invocations):
            await world.invoke(one.trigger)
        after = await stored.rows(world)
        return [table for table, was in before.items() if after[table] != was]
