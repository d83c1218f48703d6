"""What is judged at the end of a world is seen to break: each promise by a collector that does not keep it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.simulation.faults import Fault
from core.simulation.mishaps import FEED_FAULTS, ODD
from core.triggers.base import Trigger
from handlers.simulation.process import Step
from handlers.simulation.world import World
from storage.database import Database
from storage.leases import free_generation
from storage.runs import begin_run
from tests.world import checks, endings, knowing, stored
from tests.world.findings import Findings
from tests.world.sweeps import SPORT, market, ready_world
from tests.world.test_mutations import ASKED, nothing, without_unique_slot

MINUTE = timedelta(minutes=1)


async def judged(
    database: Database,
    judge: Callable[[World], Awaitable[Findings]],
    *,
    changed: str = "",
    late: timedelta = timedelta(0),
    disturb: Callable[[World], Callable[[Step], Awaitable[None]]] | None = None,
    fault: Fault | None = None,
) -> Findings:
    """Return what is found once a look was taken, or tried, and what it stored was changed."""
    async with ready_world("fetch-odds", database) as (world, trigger):
        if fault is not None:
            world.server.inject(fault)
        world.clock.advance(late)
        await world.invoke(trigger, disturb=disturb and disturb(world))
        if changed:
            async with world.app.database.transaction() as connection:
                await connection.execute(text(changed))
        return await judge(world)


async def known_since_the_look(world: World, *, changed: str) -> Findings:
    at = world.clock.now()
    known = {at: await knowing.known_at(world, at)}
    async with world.app.database.transaction() as connection:
        await connection.execute(text(changed))
    return await knowing.d7_what_was_known_stays(world, known)


async def c6(world: World) -> Findings:
    return await knowing.c6_starts_are_as_listed(world, market())


async def d10(world: World) -> Findings:
    return await knowing.d10_no_close_is_from_play(world, market())


def another_meanwhile(world: World) -> Callable[[Step], Awaitable[None]]:
    """Return what lets another run of the job come and go while the first asks the feed."""

    async def disturb(step: Step) -> None:
        if step.name == ASKED:
            world.clock.advance(MINUTE)
            await world.invoke(Trigger("fetch-odds", SPORT, world.clock.now(), "another"))
            world.clock.advance(MINUTE)

    return disturb


async def test_c3_is_seen_to_break_where_a_run_is_said_to_have_begun_in_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def in_time(connection: AsyncConnection, *, started_at: datetime, **values: Any) -> int | None:
        del started_at
        return await begin_run(connection, started_at=values["scheduled_at"], **values)

    assert await judged(database, checks.c3_lateness_is_recorded, late=5 * MINUTE) == []
    monkeypatch.setattr("handlers.runs.begin_run", in_time)
    async with ready_world("fetch-scores", database) as (world, trigger):
        world.clock.advance(5 * MINUTE)
        await world.invoke(trigger)
        assert await checks.c3_lateness_is_recorded(world) != []


async def test_c6_is_seen_to_break_where_a_start_is_not_the_listed_one(database: Database) -> None:
    late = "UPDATE core_betting.events SET commence_time = commence_time + '3 h'::interval"
    found = await judged(database, c6, changed=late)
    assert len(found) == found.judged > 5


async def test_c7_is_seen_to_break_where_no_run_is_stale(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.runs.STALE_AFTER", timedelta(days=9))
    assert await judged(database, endings.c7_stale_triggers_are_skipped) != []


async def test_c8_is_seen_to_break_where_a_turn_keeps_nobody_away_and_is_not_checked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always_free(connection: AsyncConnection, job: str, sport_key: str, now: datetime) -> int | None:
        return await free_generation(connection, job, sport_key, now + timedelta(days=1))

    monkeypatch.setattr("handlers.runs.free_generation", always_free)
    monkeypatch.setattr("handlers.writing.hold_lease", nothing)
    assert await judged(database, checks.c8_turns_do_not_overlap, disturb=another_meanwhile) != []


async def test_c8_holds_where_another_run_comes_while_one_is_at_work(database: Database) -> None:
    assert await judged(database, checks.c8_turns_do_not_overlap, disturb=another_meanwhile) == []


async def test_d1_is_seen_to_break_where_odd_answers_are_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.keeping.keep_failure", nothing)
    assert await judged(database, stored.d1_odd_answers_are_kept, fault=FEED_FAULTS[ODD]) != []


async def test_d3_is_seen_to_break_without_the_unique_slot(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.runs.begin_run", without_unique_slot())
    assert await judged(database, endings.d3_redoing_changes_nothing) != []


async def test_d7_is_seen_to_break_where_a_quote_is_rewritten(database: Database) -> None:
    async def rewritten(world: World) -> Findings:
        return await known_since_the_look(world, changed="UPDATE core_betting.quotes SET price = price + 5")

    assert await judged(database, rewritten) != []


async def test_d10_is_seen_to_break_where_a_close_is_from_after_the_start(database: Database) -> None:
    begun = (
        "UPDATE core_betting.events"
        " SET status = 'live', scheduled_commence_time = scheduled_commence_time - '2 days'::interval"
    )
    found = await judged(database, d10, changed=begun)
    assert len(found) == found.judged > 5
