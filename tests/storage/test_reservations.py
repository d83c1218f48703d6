"""Credits set aside before a call: nobody else can spend them, and the dead do not keep them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.locks import CREDITS, take_lock
from storage.reservations import FORGOTTEN_AFTER, reserve_credits, settle_credits

Reserve = Callable[..., Awaitable[int | None]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def reserve(database: Database) -> Reserve:
    """Return what sets credits aside in a transaction of its own."""

    async def make(amount: int, spendable: int | None, now: datetime = NOON) -> int | None:
        async with database.transaction() as connection:
            await take_lock(connection, CREDITS)
            return await reserve_credits(connection, amount=amount, spendable=spendable, now=now, job_run_id=None)

    return make


@pytest.mark.parametrize(
    ("amount", "spendable", "granted"),
    [
        pytest.param(3, 3, True, id="the last credits can be had"),
        pytest.param(3, 2, False, id="more than there are cannot"),
        pytest.param(3, None, True, id="nothing is refused while the balance is not known"),
        pytest.param(0, 0, True, id="a free call needs none"),
    ],
)
async def test_credits_are_granted_while_there_are_some(
    reserve: Reserve, amount: int, spendable: int | None, granted: bool
) -> None:
    assert (await reserve(amount, spendable) is not None) is granted


async def test_what_is_set_aside_is_not_to_be_had_again_until_it_is_settled(
    reserve: Reserve, database: Database
) -> None:
    first = await reserve(3, 5)
    assert first is not None
    assert await reserve(3, 5) is None
    assert await reserve(2, 5) is not None
    async with database.transaction() as connection:
        await settle_credits(connection, first, NOON)
    assert await reserve(3, 5) is not None


async def test_q2_many_at_once_never_have_more_than_there_is(reserve: Reserve) -> None:
    granted = await asyncio.gather(*(reserve(3, 10) for _ in range(8)))
    assert sum(number is not None for number in granted) == 3


@pytest.mark.parametrize(
    ("age", "granted"),
    [
        pytest.param(FORGOTTEN_AFTER - timedelta(seconds=1), False, id="a dead run keeps them for a while"),
        pytest.param(FORGOTTEN_AFTER, True, id="then they are free"),
    ],
)
async def test_the_credits_of_a_dead_run_are_free_after_a_while(
    reserve: Reserve, age: timedelta, granted: bool
) -> None:
    await reserve(3, 3)
    assert (await reserve(3, 3, NOON + age) is not None) is granted


async def test_a_refusal_leaves_nothing_behind(reserve: Reserve, query: Any) -> None:
    await reserve(3, 2)
    assert await query("SELECT count(*) FROM operational.credit_reservations") == [(0,)]
