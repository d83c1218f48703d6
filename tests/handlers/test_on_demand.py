"""What the user asks for is asked at once, whatever the plan says, and recorded."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.feed.errors import FeedRejectedError
from core.simulation.faults import Fault
from handlers.on_demand import Asked, ask_now
from storage.leases import read_standing

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("asked", "call", "cost"),
    [
        pytest.param(Asked.CURRENT, ("odds", "fetch-odds"), 1, id="odds cost markets times regions"),
        pytest.param(Asked.SCORES, ("scores", "fetch-scores"), 2, id="scores cost two"),
        pytest.param(Asked.EVENTS, ("events", "update-status"), 0, id="the list is free"),
    ],
)
async def test_it_is_one_call_and_one_run(
    collect: Collect, feed: Any, asked: Asked, call: tuple[str, str], cost: int
) -> None:
    endpoint, job = call
    world = await collect()
    feed.add(world.clock.now() + 8 * HOUR)
    report = await ask_now(world.app, feed.sport_key, asked)
    assert (report.error, report.credits_spent, report.credits_left) == (None, cost, 500 - cost)
    assert [call.endpoint for call in world.server.calls] == [endpoint]
    assert await world.runs() == [(job, "stored", f"asked for by the user: {asked}")]


async def test_the_plan_is_not_asked_and_nothing_is_armed(collect: Collect, feed: Any, noon: Any) -> None:
    feed.add(noon + 8 * HOUR)
    world = await collect()
    for _ in range(2):
        await ask_now(world.app, feed.sport_key, Asked.CURRENT)
        world.clock.advance(timedelta(minutes=1))
    assert len(world.calls("odds")) == 2
    assert await world.triggers.armed() == []
    assert await world.query("SELECT next_run_at FROM operational.job_runs") == [(None,), (None,)]


@pytest.mark.parametrize(
    ("by_hand", "planned_looks"),
    [
        pytest.param(
            {"bookmakers": ("draftkings",)}, 1, id="fewer bookmakers do not take the place of a planned look"
        ),
        pytest.param({"markets": ("h2h",)}, 1, id="nor do fewer markets"),
        pytest.param({}, 0, id="the same does"),
        pytest.param({"markets": ("h2h", "spreads", "totals")}, 0, id="and so does more"),
    ],
)
async def test_a_look_by_hand_counts_where_it_asks_for_all_that_the_plan_does(
    collect: Collect, feed: Any, noon: Any, by_hand: dict[str, Any], planned_looks: int
) -> None:
    feed.add(noon + 4 * timedelta(minutes=1))
    world = await collect(markets=("h2h", "spreads"))
    await world.fire("update-status")
    narrow = world.app.settings.collection.model_copy(update=by_hand)
    app = replace(world.app, settings=replace(world.app.settings, collection=narrow))
    assert (await ask_now(app, feed.sport_key, Asked.CURRENT)).error is None
    await world.fire_after(timedelta(seconds=30))
    assert len(world.calls("odds")) == 1 + planned_looks


async def test_a_failure_is_reported_and_recorded(collect: Collect, feed: Any) -> None:
    world = await collect()
    world.server.inject(Fault("odds", status=422, error_code="INVALID_REGION"))
    report = await ask_now(world.app, feed.sport_key, Asked.CURRENT)
    assert report.error is not None
    assert "INVALID_REGION" in report.error
    ((_, outcome, reason),) = await world.runs()
    assert (outcome, reason) == ("failed", f"asked for by the user: current: {report.error}")


async def test_failures_of_what_a_user_asks_for_do_not_slow_down_what_is_planned(
    collect: Collect, feed: Any, noon: Any
) -> None:
    feed.add(noon + timedelta(hours=2))
    world = await collect()
    await world.fire("update-status")
    for _ in range(4):
        world.server.inject(Fault("odds", status=422, error_code="INVALID_REGION"))
        assert (await ask_now(world.app, feed.sport_key, Asked.CURRENT)).error is not None
        world.clock.advance(timedelta(seconds=1))
    async with world.app.database.transaction() as connection:
        since = noon - timedelta(hours=1)
        standing = await read_standing(connection, "fetch-odds", feed.sport_key, now=noon, since=since)
    assert standing.of_late.died == 0
    world.server.inject(Fault("odds", status=422, error_code="INVALID_REGION"))
    with pytest.raises(FeedRejectedError):
        await world.fire()
    assert (await world.armed()).at == world.clock.now() + world.app.settings.scheduler.minimum_gap


async def test_an_answer_that_is_not_the_contract_fails_and_is_kept(collect: Collect, feed: Any) -> None:
    world = await collect()
    world.server.inject(Fault("scores", body=b'{"message": "hello"}'))
    report = await ask_now(world.app, feed.sport_key, Asked.SCORES)
    assert "does not fit its contract" in (report.error or "")
    ((kept,),) = await world.query("SELECT body IS NOT NULL FROM raw_data.api_responses")
    assert kept


async def test_s1_what_it_breaks_of_is_recorded_without_secrets(
    collect: Collect, feed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await collect()
    secrets = world.app.settings.secrets()

    def crash(_: bytes) -> None:
        raise RuntimeError(" ".join(secrets))

    monkeypatch.setattr("handlers.listing.parse_events", crash)
    with pytest.raises(RuntimeError):
        await ask_now(world.app, feed.sport_key, Asked.EVENTS)
    told = "asked for by the user: events: RuntimeError: ***"
    assert await world.runs() == [("update-status", "failed", told)]
