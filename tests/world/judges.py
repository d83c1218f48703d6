"""Who finds that a promise is broken: a world, and the check that judges it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from inspect import isawaitable

from core.simulation.uncertain_scheduler import Moods
from handlers.simulation.process import ProcessDiedError, Step
from handlers.simulation.season_report import worse_closes
from handlers.simulation.world import World, open_world
from storage.closing import read_closes
from storage.database import Database
from tests.world import checks, knowing, spending, stored
from tests.world.beats import broken_by_a_death
from tests.world.databases import Fresh
from tests.world.findings import Findings
from tests.world.moving import MovedMarket
from tests.world.resuming import RUNS, Outage, c4_what_is_due_is_resumed
from tests.world.scenarios import ANSWERED, ASKED, HOUR, LEAD, MINUTE, OUTAGE_ENDS, at_last_look, dying_at
from tests.world.sweeps import START, market, ready_world, stall, verdict

Judge = Callable[[Fresh], Awaitable[list[str]]]
Check = Callable[[World], Findings | Awaitable[Findings]]
IN_TIME = timedelta(minutes=1)
_LOOKS = "SELECT fetched_at FROM operational.fetch_logs WHERE fetched_at >= :since AND fetched_at < :until"
_FIRST_START = "SELECT min(commence_time) FROM core_betting.events"
_LEDGER = "SELECT job, scheduled_at, started_at - scheduled_at FROM operational.job_runs ORDER BY started_at"


@dataclass(frozen=True)
class InWorld:
    """Lets a world come about, and judges it."""

    world: Callable[[Database], AbstractAsyncContextManager[World]]
    check: Check

    async def __call__(self, fresh: Fresh) -> list[str]:
        """Return what the check finds in the world."""
        async with fresh() as database, self.world(database) as world:
            found = self.check(world)
            return await found if isawaitable(found) else found

    @property
    def __name__(self) -> str:
        """What it judges, and where."""
        return f"{self.check.__name__} of a world {self.world.__name__}"


async def c3_runs_start_in_time(world: World) -> Findings:
    """Every run but the first of its job, which a heartbeat made up for, starts within the minute of its time."""
    found, seen = Findings(), set[str]()
    for job, at, late in await stored.query(world, _LEDGER):
        if job in seen:
            found.judge(timedelta(0) <= late <= IN_TIME, f"{job} of {at:%H:%M} started {late} after its time")
        seen.add(job)
    return found


async def c4_looks_come_as_published(world: World) -> Findings:
    """What is due by the README from the first look on comes by itself, where nothing is out of reach."""
    first = min(call.at for call in world.server.calls if call.endpoint == "odds")
    nothing = Outage("nothing", START, first, checks.resumes_within(world) + RUNS)
    return await c4_what_is_due_is_resumed(world, market(), nothing, is_scarce=False)


def c4_looks_resume_after_the_outage(world: World) -> Findings:
    """Looks and lists come again once the outage is over."""
    found = checks.c4_collection_resumes(world, "fetch-odds", OUTAGE_ENDS)
    return found.include(checks.c4_collection_resumes(world, "update-status", OUTAGE_ENDS))


def c4_what_died_is_made_up_for(world: World) -> Findings:
    """The job of the run that died works again once the turn of that is over."""
    died = next(one for one in world.invocations if isinstance(one.error, ProcessDiedError))
    return checks.c4_collection_resumes(world, died.trigger.job, checks.lease_runs_out(died))


async def c4_a_beat_that_died_is_made_up_for(fresh: Fresh) -> list[str]:
    """Let a heartbeat die at its first step, where the chain is broken; return what is broken after that."""
    async with fresh() as database:
        return await broken_by_a_death(Step(1, "scheduler: is read", START, frozenset(), "heartbeat"), database)


async def c4_a_last_look_that_died_is_made_up_for(fresh: Fresh) -> list[str]:
    """Let a last look die while it asks the feed; return what is broken when the game starts."""
    return await missed_after(dying_at(ASKED), fresh)


async def missed_after(disturb: Callable[[Step], Awaitable[None]], fresh: Fresh) -> list[str]:
    """Disturb a last look; return what is broken when the game starts."""
    async with fresh() as database, at_last_look(database) as (world, trigger, start):
        await world.invoke(trigger, disturb=disturb)
        await world.run_until(start)
        looks = await stored.query(world, _LOOKS, since=start - LEAD, until=start)
        missed = [] if looks else ["there was no look in the five minutes before the start"]
        return missed + [broken for found in (await verdict(world)).values() for broken in found]


async def closes_are_fresh_or_have_their_cause(fresh: Fresh) -> list[str]:
    """Let the trigger of a last look never fire; return the closes that are late, which that does not explain."""
    async with fresh() as database, open_world(market(), database, start=START) as world:
        await world.beat()
        await world.run_for(10 * MINUTE)
        ((start,),) = await stored.query(world, _FIRST_START)
        await world.run_until(start - 2 * LEAD)
        armed = next(one for one in await world.scheduler.armed() if one.job == "fetch-odds")
        world.scheduler.moods = Moods(never=1.0)
        await world.scheduler.arm(armed)
        world.scheduler.moods = Moods()
        await world.run_until(start + HOUR)
        async with world.app.database.transaction() as connection:
            closes = await read_closes(connection, START)
        late = {one.event_id: one for one in worse_closes(world, closes)}
        found = Findings()
        for close in closes:
            is_explained = close.event_id not in late or late[close.event_id].is_explained
            found.judge(is_explained, f"the last look was {close.age} before the start, and nothing tells why")
        return found


async def c6_a_game_moved_earlier_is_looked_at_in_time(fresh: Fresh) -> list[str]:
    """Move a game two hours ahead; return whether that is not known in time, or its last look is not in time."""
    source = MovedMarket(market(), at=START + 90 * MINUTE, earlier=2 * HOUR)
    async with fresh() as database, open_world(source, database, start=START) as world:
        scheduler = world.app.settings.scheduler
        await world.beat()
        await world.run_until(source.at + scheduler.status_interval + checks.FIRING)
        sql = "SELECT commence_time FROM core_betting.events WHERE id = :event_id"
        found, known = Findings(), await stored.query(world, sql, event_id=source.event_id)
        found.judge(known == [(source.moved_to,)], f"{known} is taken for the start, and not {source.moved_to}")
        await world.run_until(source.moved_to)
        looks = [call.at for call in world.server.calls if call.endpoint == "odds"]
        ago = source.moved_to - looks[-1]
        found.judge(ago <= scheduler.closing_lead, f"the last look was {ago} before the start")
        return found


async def c6_starts_are_as_listed(world: World) -> Findings:
    """The starts that are stored are those of the market."""
    return await knowing.c6_starts_are_as_listed(world, market())


async def c8_a_run_that_thaws_writes_nothing(fresh: Fresh) -> list[str]:
    """Freeze a look when it was answered, until its turn is over; return where it then wrote."""
    async with fresh() as database:
        wrote = await stall("fetch-odds", lambda step: step.name == ANSWERED, database)
    assert wrote is not None
    return wrote


async def d7_what_was_known_at_a_look_stays(fresh: Fresh) -> list[str]:
    """Read what is known at a look, and again as of then once others have followed."""
    async with fresh() as database, ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        at = world.clock.now()
        known = {at: await knowing.known_at(world, at)}
        await world.run_for(4 * HOUR)
        return await knowing.d7_what_was_known_stays(world, known)


async def d10_no_close_is_from_play(world: World) -> Findings:
    """The closes of the market's games are from before they began."""
    return await knowing.d10_no_close_is_from_play(world, market())


async def q2_only_closing_looks_touch_the_reserve(world: World) -> Findings:
    """What is kept of the credits is left to closing looks at the market."""
    return await spending.q2_only_closing_looks_touch_the_reserve(world, market())
