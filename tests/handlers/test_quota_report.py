"""What is left, what was spent, and what will be needed."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.quota_report import read_quota
from storage.credits import DaySpending

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)


async def test_the_account_is_told_by_the_newest_answer(collect: Collect, feed: Any, noon: Any) -> None:
    feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    quota = await read_quota(world.app)
    assert quota.balance is not None
    assert (quota.balance.remaining, quota.balance.plan_size) == (499, 500)
    assert quota.balance.resets_at == datetime(2026, 2, 1, tzinfo=UTC)
    assert quota.spending == (DaySpending(noon.date(), 1, 1),)
    assert quota.look_cost == 1
    assert quota.dropped == {feed.sport_key: ()}
    assert "499 of 500 are left" in quota.forecast


async def test_before_the_first_answer_nothing_is_known(collect: Collect, feed: Any) -> None:
    world = await collect()
    quota = await read_quota(world.app)
    assert (quota.reading, quota.balance, quota.spending) == (None, None, ())
    assert "not known" in quota.forecast


async def test_what_the_credits_do_not_allow_is_told_by_sport(collect: Collect, feed: Any, noon: Any) -> None:
    for day in range(1, 8):
        feed.add(noon + day * 24 * HOUR)
    world = await collect(plan_credits=40)
    await world.fire("update-status")
    assert (await read_quota(world.app)).dropped[feed.sport_key]
