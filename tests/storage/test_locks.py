"""Locks that end with their transaction."""

import asyncio

from storage.database import Database
from storage.locks import CREDITS, of_sport, take_lock

NBA, NHL = of_sport("basketball_nba"), of_sport("icehockey_nhl")


async def test_a_lock_is_held_by_one_at_a_time_and_who_takes_another_does_not_wait(database: Database) -> None:
    async def take(lock: int) -> None:
        async with database.transaction() as connection:
            await take_lock(connection, lock)

    async with database.transaction() as holder:
        await take_lock(holder, NBA)
        for other in (NHL, CREDITS):
            await asyncio.wait_for(take(other), timeout=5)
        waiting = asyncio.create_task(take(NBA))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
    await asyncio.wait_for(waiting, timeout=5)


async def test_a_lock_may_be_taken_again_by_who_has_it(database: Database) -> None:
    async with database.transaction() as holder:
        await take_lock(holder, NBA)
        await asyncio.wait_for(take_lock(holder, NBA), timeout=5)
