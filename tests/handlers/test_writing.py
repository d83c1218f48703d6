"""Transactions of a run: all or nothing, and nothing once its turn is over."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import LeaseLostError
from core.triggers.base import Trigger
from handlers.fetch_odds import look
from handlers.fetch_scores import ask_scores
from handlers.jobs import JobRun
from handlers.listing import read_listing
from handlers.writing import writing
from storage.leases import Lease
from storage.locks import CREDITS, of_sport, take_lock
from storage.runs import begin_run

Collect = Callable[..., Awaitable[Any]]
MARK = text("INSERT INTO operational.credit_ledger (recorded_at, endpoint, expected) VALUES (now(), '/mark', 0)")
WAITING = (
    "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)
MARKS = "SELECT count(*) FROM operational.credit_ledger"


async def a_run(world: Any, generation: int | None) -> JobRun:
    """Return a run with a turn of this number, where the database is at its first; None for no turn at all."""
    now = world.clock.now()
    async with world.app.database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO operational.job_leases (job, sport_key, generation, expires_at)"
                " VALUES ('fetch-odds', 'basketball_nba', 1, :now) ON CONFLICT DO NOTHING"
            ),
            {"now": now},
        )
    lease = generation and Lease("fetch-odds", "basketball_nba", generation, now + timedelta(minutes=15))
    return JobRun(Trigger("fetch-odds", "basketball_nba", now, "as planned"), 1, lease or None)


@pytest.mark.parametrize(
    "generation", [pytest.param(1, id="its own turn"), pytest.param(None, id="a run that needs no turn")]
)
async def test_a_run_writes_while_it_has_its_turn(collect: Collect, generation: int | None) -> None:
    world = await collect()
    async with writing(world.app, await a_run(world, generation)) as connection:
        await connection.execute(MARK)
    assert await world.query(MARKS) == [(1,)]


async def test_c8_without_its_turn_it_writes_nothing(collect: Collect) -> None:
    world = await collect()
    run = await a_run(world, 1)
    await world.query("UPDATE operational.job_leases SET generation = 2 RETURNING 1")
    with pytest.raises(LeaseLostError):
        async with writing(world.app, run) as connection:
            await connection.execute(MARK)
    assert await world.query(MARKS) == [(0,)]


async def test_what_fails_half_way_writes_nothing(collect: Collect) -> None:
    world = await collect()
    run = await a_run(world, 1)
    with pytest.raises(IntegrityError):  # noqa: PT012
        async with writing(world.app, run) as connection:
            await connection.execute(MARK)
            await connection.execute(text("INSERT INTO operational.credit_ledger (endpoint) VALUES (NULL)"))
    assert await world.query(MARKS) == [(0,)]


async def waits(world: Any, work: Awaitable[object], lock: int) -> None:
    """Make sure that work waits for a lock while another has it, and goes on after that."""
    async with world.app.database.transaction() as another:
        await take_lock(another, lock)
        working = asyncio.ensure_future(work)
        while not await world.query(WAITING):
            await asyncio.sleep(0.01)
            assert not working.done()
    await asyncio.wait_for(working, 5)


@pytest.mark.parametrize(
    "generation", [pytest.param(1, id="with its turn"), pytest.param(None, id="a run that needs no turn")]
)
async def test_a_run_waits_for_the_lock_that_it_names(collect: Collect, generation: int | None) -> None:
    world = await collect()
    run = await a_run(world, generation)

    async def write() -> None:
        async with writing(world.app, run, lock=CREDITS):
            pass

    await waits(world, write(), CREDITS)


@pytest.mark.parametrize(
    "work", [look, read_listing, partial(ask_scores, days_from=1)], ids=["odds", "the free list", "results"]
)
async def test_answers_about_a_sport_are_stored_one_after_the_other(
    collect: Collect, work: Callable[..., Awaitable[object]]
) -> None:
    world = await collect()
    sport_key, now = world.feed.sport_key, world.clock.now()
    async with world.app.database.transaction() as connection:
        number = await begin_run(
            connection, job="by-hand", sport_key=sport_key, scheduled_at=now, started_at=now, reason="by hand"
        )
    assert number is not None
    run = JobRun(Trigger("fetch-odds", sport_key, now, "by hand"), number)
    await waits(world, work(world.app, run), of_sport(sport_key))
