"""Transactions of a run: all or nothing, and nothing once its turn is over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import LeaseLostError
from core.triggers.base import Trigger
from handlers.jobs import JobRun
from handlers.writing import writing
from storage.leases import Lease

Collect = Callable[..., Awaitable[Any]]
MARK = text("INSERT INTO operational.credit_ledger (recorded_at, endpoint, expected) VALUES (now(), '/mark', 0)")
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
