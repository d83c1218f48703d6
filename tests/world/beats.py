"""Crash the heartbeat at each of its steps, one by one, where it finds the whole chain broken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from core.triggers.base import Trigger
from core.triggers.schedule_requests import SOONEST
from handlers.registry import JOBS
from handlers.simulation.process import Step, die_at, leave_alone
from handlers.simulation.world import World, open_world
from storage.database import Database
from tests.world import checks
from tests.world.sweeps import SPORT, START, market, verdict

AFTERMATH = timedelta(minutes=10)
DUE = ("fetch-odds", "update-status")
"""What is due three hours after the list was read."""


@asynccontextmanager
async def broken_chain(database: Database) -> AsyncIterator[World]:
    """Yield a world that knows its games, in which no job is armed though some are due."""
    async with open_world(market(), database, start=START) as world:
        await world.invoke(Trigger("update-status", SPORT, START, "the world begins"))
        for job in JOBS:
            await world.scheduler.disarm(job, SPORT)
        world.clock.advance(timedelta(hours=3))
        yield world


async def steps_of_a_beat(database: Database) -> tuple[Step, ...]:
    """Return the steps of a heartbeat that mends the whole chain."""
    reached: list[Step] = []

    async def disturb(step: Step) -> None:
        reached.append(step)

    async with broken_chain(database) as world:
        world.disturbance = lambda: disturb
        await world.beat()
    return tuple(reached)


async def broken_by_a_death(step: Step, database: Database) -> list[str]:
    """Let a heartbeat die at a step, let the world go on, and return what is broken after that.

    What is due works again by the next heartbeat; or another job, which that one had run, has armed it by its plan
    before: then it fires as soon as a scheduler takes it.
    """
    async with broken_chain(database) as world:
        world.disturbance = lambda: die_at(step.number)
        died = await world.beat()
        world.disturbance = lambda: leave_alone
        await world.run_for(AFTERMATH)
        found = [what for broken in (await verdict(world)).values() for what in broken]
        within = world.app.settings.scheduler.heartbeat_interval + SOONEST + checks.FIRING
        for job in DUE:
            found += checks.c4_collection_resumes(world, job, died.at, within)
        found += [f"{job} is not armed" for job in sorted(set(JOBS) - world.scheduler.pending())]
        return [f"{step.number}, {step.name}: {what}" for what in found]
