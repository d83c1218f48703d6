"""A run whose database is lost on the way, at every message that it sends: cut before it arrives, or after."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.database_url import parse_database_url
from core.errors import DatabaseLostError, DatabaseUnreachableError, StorageError
from storage.database import Database
from tests.wire.wire import Wire, number, wire_to
from tests.world.stored import ORPHANS

AHEAD = timedelta(hours=100)
BETWEEN_LOOKS = timedelta(hours=49)
LIMIT_SECONDS = 0.5

Collect = Callable[..., Awaitable[Any]]


async def collector(collect: Collect, feed: Any, noon: Any, database_url: str, wire: Wire) -> Any:
    """Return a collector that knows one game, days ahead, and reaches its database by the wire."""
    feed.add(noon + AHEAD)
    database = Database(replace(parse_database_url(database_url), port=wire.port), pooled=True)
    world = await collect(into=database)
    await until_next_look(world)
    return world


async def until_next_look(world: Any) -> None:
    """Let the time pass until a look is due, the game being put off as long, and disarm that."""
    world.clock.advance(BETWEEN_LOOKS)
    world.feed.games[0].commence_time = world.clock.now() + AHEAD
    await world.fire("update-status")
    await world.triggers.disarm("fetch-odds", world.feed.sport_key)


async def half_written(world: Any) -> list[str]:
    """Return what is stored without that to which it belongs."""
    return [what for what, sql in ORPHANS.items() if await world.query(sql) != [(0,)]]


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["cut_before", "cut_after"])
async def test_c1_d4_wherever_the_connection_is_cut_the_chain_is_armed_and_nothing_is_half_written(
    collect: Collect, feed: Any, noon: Any, database_url: str, fault: str
) -> None:
    async with wire_to(parse_database_url(database_url).port) as wire:
        world = await collector(collect, feed, noon, database_url, wire)
        failures: list[StorageError] = []
        cut_at = 0
        while True:
            cut_at += 1
            setattr(wire, fault, number(cut_at))
            try:
                await world.fire()
            except StorageError as error:
                failures.append(error)
            was_cut = getattr(wire, fault) is None
            wire.mend()
            assert await world.armed() is not None, cut_at
            assert await half_written(world) == [], cut_at
            if not was_cut:
                break
            await until_next_look(world)
        await world.app.database.close()
    assert {type(failure) for failure in failures} == {DatabaseLostError}
    assert cut_at > len(failures) > 20


@pytest.mark.slow
async def test_r3_whichever_message_is_swallowed_first_a_run_given_up_ends_at_once(
    collect: Collect, feed: Any, noon: Any, database_url: str
) -> None:
    """The server's silence never outlasts a deadline: not in a statement, a commit, a rollback or a close."""
    async with wire_to(parse_database_url(database_url).port) as wire:
        world = await collector(collect, feed, noon, database_url, wire)
        waited = []
        for swallowed in range(1, 36, 2):
            wire.swallow_from = number(swallowed)
            with suppress(TimeoutError):
                async with asyncio.timeout(LIMIT_SECONDS):
                    began = time.monotonic()
                    await world.fire()
            waited.append(time.monotonic() - began)
            wire.mend()
            assert await world.armed() is not None, swallowed
            await until_next_look(world)
        assert (await world.fire()).outcome == "stored"
        await world.app.database.close()
    assert max(waited) < LIMIT_SECONDS + 1
    assert sum(seconds > LIMIT_SECONDS for seconds in waited) > 10


async def test_a_database_that_refuses_fails_the_run_and_leaves_the_chain_armed(
    collect: Collect, feed: Any, noon: Any, database_url: str
) -> None:
    async with wire_to(parse_database_url(database_url).port) as wire:
        world = await collector(collect, feed, noon, database_url, wire)
        await world.app.database.engine.dispose()
        await wire.refuse()
        with pytest.raises(DatabaseUnreachableError, match="cannot connect"):
            await world.fire()
        await wire.listen()
        assert await world.armed() is not None
        assert (await world.fire()).outcome == "stored"
        await world.app.database.close()


async def test_a_database_that_takes_seconds_to_wake_is_waited_for(
    collect: Collect, feed: Any, noon: Any, database_url: str
) -> None:
    async with wire_to(parse_database_url(database_url).port) as wire:
        world = await collector(collect, feed, noon, database_url, wire)
        await world.app.database.engine.dispose()
        wire.sleep(3)
        assert (await world.fire()).outcome == "stored"
        await world.app.database.close()
