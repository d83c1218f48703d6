"""Credits around a call: set aside before it, settled after it, the reserve for closing looks alone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from core.errors import CreditsWithheldError
from core.feed.errors import FeedError, QuotaExhaustedError
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.credits import reserved_credits
from handlers.fetch_odds import look
from handlers.fetch_scores import ask_scores
from handlers.jobs import JobRun
from storage.calls import store_call
from storage.locks import CREDITS, take_lock
from storage.runs import RunOutcome, begin_run

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WAITING = (
    "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)
OPEN = "SELECT amount FROM operational.credit_reservations WHERE settled_at IS NULL"


async def a_run(world: Any, number: int = 0) -> JobRun:
    """Return a run of the ledger that holds no turn."""
    at = world.clock.now() + number * MINUTE
    async with world.app.database.transaction() as connection:
        taken = await begin_run(
            connection,
            job="fetch-odds",
            sport_key=world.feed.sport_key,
            scheduled_at=at,
            started_at=at,
            reason="by hand",
        )
    assert taken is not None
    return JobRun(Trigger("fetch-odds", world.feed.sport_key, at, "by hand"), taken)


async def spend(world: Any, left: int) -> None:
    """Leave so many credits on the account, as the next answer will tell."""
    world.server.account.used = world.server.account.plan_credits - left
    world.server.account.reset_if_due(world.clock.now())
    await world.fire("update-status")


async def test_credits_are_set_aside_during_the_call_and_settled_with_its_log(collect: Collect) -> None:
    world = await collect()
    run = await a_run(world)
    async with reserved_credits(world.app, run, 3) as number:
        assert await world.query(OPEN) == [(3,)]
        answer = await world.app.feed.events(world.feed.sport_key)
        async with world.app.database.transaction() as connection:
            await store_call(connection, answer, expected_credits=3, job_run_id=run.number, reservation=number)
        assert await world.query(OPEN) == []
    assert await world.query("SELECT job_run_id FROM operational.credit_reservations") == [(run.number,)]


@pytest.mark.parametrize("work", [look, partial(ask_scores, days_from=1)], ids=["a look", "results"])
async def test_what_was_asked_for_and_stored_leaves_nothing_set_aside(
    collect: Collect, work: Callable[..., Awaitable[object]]
) -> None:
    world = await collect()
    run = await a_run(world)
    await work(world.app, run)
    assert await world.query("SELECT job_run_id FROM operational.credit_reservations") == [(run.number,)]
    assert await world.query(OPEN) == []


async def test_a_call_that_fails_gives_them_back(collect: Collect) -> None:
    world = await collect()
    run = await a_run(world)
    with pytest.raises(ZeroDivisionError):
        async with reserved_credits(world.app, run, 3):
            raise ZeroDivisionError
    assert await world.query(OPEN) == []


@pytest.mark.parametrize(
    ("left", "closing", "granted"),
    [
        pytest.param(11, False, True, id="above the reserve anybody may spend"),
        pytest.param(10, False, False, id="q2: the reserve is untouchable"),
        pytest.param(10, True, True, id="q2: except for closing looks"),
        pytest.param(1, True, True, id="q2: down to the last credit"),
        pytest.param(0, True, False, id="q1: nothing is spent that is not there"),
    ],
)
async def test_the_reserve_is_a_tenth_of_the_plan_and_for_closing_looks_alone(
    collect: Collect, left: int, closing: bool, granted: bool
) -> None:
    world = await collect(plan_credits=100)
    await spend(world, left)
    run = await a_run(world)
    if granted:
        async with reserved_credits(world.app, run, 1, closing=closing):
            return
    with pytest.raises(CreditsWithheldError, match="the call costs 1 credit, and 0 are left for it"):
        async with reserved_credits(world.app, run, 1, closing=closing):
            raise AssertionError


async def test_q2_looks_at_once_cannot_spend_the_same_credits(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * DAY)
    world = await collect(plan_credits=100)
    await spend(world, 12)
    runs = [await a_run(world, number) for number in range(6)]
    world.server.inject(*[Fault("odds", delay=0.3)] * 6)
    ends = await asyncio.gather(*(look(world.app, run) for run in runs), return_exceptions=True)
    assert sum(isinstance(end, CreditsWithheldError) for end in ends) == 4
    assert world.server.account.remaining == 10
    assert await world.query(OPEN) == []


async def test_q2_what_is_left_is_read_when_nobody_else_can_set_it_aside(collect: Collect) -> None:
    world = await collect(plan_credits=100)
    await spend(world, 11)
    run = await a_run(world)

    async def reserve() -> None:
        async with reserved_credits(world.app, run, 1):
            raise AssertionError

    async with world.app.database.transaction() as another:
        await take_lock(another, CREDITS)
        waiting = asyncio.create_task(reserve())
        while not await world.query(WAITING):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        world.clock.advance(MINUTE)
        await spend(world, 10)
    with pytest.raises(CreditsWithheldError):
        await waiting


async def test_q1_a_withheld_call_is_not_made_and_the_run_says_why(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon - 5 * HOUR, listed=False, completed_at=noon - 2 * HOUR, score=(1, 0))
    world = await collect(plan_credits=100)
    await spend(world, 11)
    with pytest.raises(CreditsWithheldError, match="those kept for closing looks apart"):
        await ask_scores(world.app, await a_run(world), 1)
    assert world.calls("scores") == []


async def test_a_dead_run_keeps_its_credits_for_a_quarter_of_an_hour(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * DAY)
    world = await collect(plan_credits=100)
    await spend(world, 11)
    world.server.inject(Fault("odds", delay=30))
    killed = asyncio.create_task(look(world.app, await a_run(world)))
    await world.until_asked()
    await _execute(world, "CREATE RULE dead AS ON UPDATE TO operational.credit_reservations DO INSTEAD NOTHING")
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    await _execute(world, "DROP RULE dead ON operational.credit_reservations")
    world.clock.advance(14 * MINUTE)
    with pytest.raises(CreditsWithheldError):
        await look(world.app, await a_run(world))
    world.clock.advance(MINUTE)
    assert (await look(world.app, await a_run(world))).snapshots == 1


async def test_q3_out_of_credits_priced_calls_stop_and_free_ones_go_on(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    feed.add(noon + 8 * HOUR)
    world = await collect(plan_credits=100)
    await world.fire("update-status")
    world.server.account.used = 100
    await world.triggers.arm(Trigger("fetch-odds", feed.sport_key, noon, "as planned"))
    failures = await _run_until(world, noon + DAY)
    assert [type(failure) for failure in failures] == [QuotaExhaustedError]
    assert [call.status for call in world.calls("odds")] == [401]
    assert world.calls("scores") == []
    free = [call.at for call in world.calls("events")]
    assert max(later - sooner for sooner, later in pairwise(free)) <= 3 * HOUR
    assert {trigger.job for trigger in await world.triggers.armed()} == {
        "fetch-odds",
        "fetch-scores",
        "update-status",
    }


@pytest.mark.parametrize(
    "refused", [pytest.param(False, id="as the list told"), pytest.param(True, id="as a look was told")]
)
async def test_credits_that_come_back_out_of_turn_are_learnt_of_when_a_last_look_is_due(
    collect: Collect, feed: Any, noon: datetime, refused: bool
) -> None:
    """The account was empty at noon, and is topped up before the list is due again."""
    feed.add(noon + 25 * MINUTE)
    world = await collect(plan_credits=100)
    await world.fire("update-status")
    world.server.account.used = 100
    if not refused:
        await world.fire_after(3 * MINUTE, "update-status")
    await world.triggers.arm(Trigger("fetch-odds", feed.sport_key, world.clock.now(), "as planned"))
    assert len(await _run_until(world, noon + 10 * MINUTE)) == refused
    world.server.account.used = 0
    assert await _run_until(world, noon + 24 * MINUTE) == []
    looks = [call.at for call in world.calls("odds") if call.status == 200]
    assert [(feed.games[0].commence_time - at) // MINUTE for at in looks] == [5]


async def test_q3_a_feed_that_refuses_for_credits_without_saying_how_many_is_not_asked_in_a_tight_loop(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 3 * HOUR - MINUTE)
    world = await collect()
    world.server.inject(*[Fault("odds", status=401, error_code="OUT_OF_USAGE_CREDITS")] * 50)
    await world.triggers.arm(Trigger("fetch-odds", feed.sport_key, noon, "as planned"))
    await _run_until(world, noon + 3 * HOUR)
    assert len(world.calls("odds")) <= 6


async def test_the_monthly_reset_is_honoured(collect: Collect, feed: Any) -> None:
    end_of_month = datetime(2026, 1, 31, 20, tzinfo=UTC)
    feed.add(end_of_month + 12 * HOUR)
    world = await collect(at=end_of_month, plan_credits=100)
    world.server.account.reset_if_due(world.clock.now())
    world.server.account.used = 100
    assert (await world.fire()).outcome is RunOutcome.SKIPPED
    failures = await _run_until(world, end_of_month + 13 * HOUR)
    assert failures == []
    looks = [call.at for call in world.calls("odds")]
    assert looks
    assert min(looks) >= datetime(2026, 2, 1, tzinfo=UTC)
    assert {call.status for call in world.calls("odds")} == {200}


async def test_q1_a_month_is_never_overspent_and_the_closing_looks_are_had(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    for number in range(5):
        feed.add(noon + 6 * HOUR + number * 9 * HOUR)
    world = await collect(plan_credits=22)
    await world.triggers.arm(Trigger("update-status", feed.sport_key, noon, "as planned"))
    assert await _run_until(world, noon + 2 * DAY) == []
    assert world.server.credits_used <= 22
    looks = [call.at for call in world.calls("odds")]
    for game in feed.games:
        assert any(timedelta(0) < game.commence_time - at <= 5 * MINUTE for at in looks)


async def _run_until(world: Any, end: datetime) -> list[FeedError]:
    """Fire what is armed until an instant, while games end; return the failures of the feed on the way."""
    failures: list[FeedError] = []

    async def fire(trigger: Trigger) -> None:
        for game in world.feed.games:
            if game.listed and game.commence_time + 150 * MINUTE <= world.clock.now():
                game.listed, game.completed_at, game.score = False, world.clock.now(), (99, 98)
        try:
            await world.fire(trigger.job, trigger.at)
        except FeedError as error:
            failures.append(error)

    await world.triggers.run_until(end, fire)
    return failures


async def _execute(world: Any, sql: str) -> None:
    async with world.app.database.transaction() as connection:
        await connection.exec_driver_sql(sql)
