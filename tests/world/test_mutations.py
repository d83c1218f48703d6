"""Break the collector on purpose: each promise's own check must then find what is broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.errors import FeedUnavailableError
from core.feed.values import FeedAnswer
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.simulation.process import Step
from storage.calls import store_call
from storage.database import Database
from storage.leases import free_generation
from storage.recent_runs import RecentRuns
from storage.runs import begin_run
from tests.world import checks, spending, stored
from tests.world.databases import Fresh
from tests.world.scenarios import (
    after_database_outage,
    broken_by_stale_trigger,
    changed_by_redoing,
    exhausted,
    fired_again,
    in_reserve,
    run_away,
    strayed,
)
from tests.world.sweeps import SPORT, crash, market, ready_world, stall, steps_of

ASKED = "feed: odds asked"
ANSWERED = "feed: odds answered"


async def nothing(*_: Any, **__: Any) -> None:
    """Do nothing in place of what is broken."""


async def step_named(name: str, job: str, fresh: Fresh) -> Step:
    async with fresh() as database:
        return next(step for step in await steps_of(job, database) if step.name == name)


def without_unique_slot() -> Callable[..., Any]:
    """Return a ledger that takes every delivery of a trigger for a slot of its own."""
    number = count(1)

    async def begin(connection: AsyncConnection, *, scheduled_at: datetime, **values: Any) -> int | None:
        slot = scheduled_at + timedelta(microseconds=next(number))
        return await begin_run(connection, scheduled_at=slot, **values)

    return begin


async def test_c1_is_seen_to_break_without_the_fallback(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    step = await step_named(ANSWERED, "fetch-odds", fresh)
    monkeypatch.setattr("handlers.runs.arm_fallback", nothing)
    async with fresh() as database:
        assert "C1" in (await crash("fetch-odds", step._replace(number=step.number - 2), database)).broken


async def test_c2_is_seen_to_break_without_the_unique_slot(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.runs.begin_run", without_unique_slot())
    async with fired_again(database) as world:
        assert checks.c2_a_slot_fetches_once_per_attempt(world) != []


async def test_c4_is_seen_to_break_where_a_turn_never_ends(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_free(connection: AsyncConnection, job: str, sport_key: str, now: datetime) -> int | None:
        held = await connection.execute(text("SELECT 1 FROM operational.job_leases WHERE job_run_id > 0"))
        return None if held.first() else await free_generation(connection, job, sport_key, now)

    step = await step_named(ASKED, "fetch-odds", fresh)
    monkeypatch.setattr("handlers.runs.free_generation", never_free)
    async with fresh() as database:
        assert "C4" in (await crash("fetch-odds", step, database)).broken


async def test_c4_is_seen_to_break_where_the_heartbeat_trusts_a_fallback(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.triggers.base.Trigger.is_fallback", property(lambda _: False))
    async with after_database_outage(database) as (world, ended):
        assert checks.c4_collection_resumes(world, "fetch-odds", ended) != []


async def test_c4_is_seen_to_break_where_the_heartbeat_fires_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.simulation.uncertain_scheduler.UncertainScheduler.fire", nothing)
    async with after_database_outage(database) as (world, ended):
        assert checks.c4_collection_resumes(world, "fetch-odds", ended) != []


async def test_c5_is_seen_to_break_where_a_run_looks_whatever_the_plan_says(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.fetch_odds._is_due", lambda *_: True)
    async with strayed(database) as world:
        assert await checks.c5_no_runaway(world) != []


async def test_c5_is_seen_to_break_where_nobody_counts_the_runs_of_a_day(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(*_: object) -> RecentRuns:
        return RecentRuns(0, 0, None)

    monkeypatch.setattr("handlers.runs.runs_since", none)
    async with run_away(database) as world:
        assert await checks.c5_no_more_runs_a_day_than_allowed(world) != []


async def test_c7_is_seen_to_break_where_no_run_is_stale(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.runs.STALE_AFTER", timedelta(days=9))
    assert await broken_by_stale_trigger(database) != []


async def test_c8_is_seen_to_break_without_the_check_of_the_lease(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = await step_named(ANSWERED, "fetch-odds", fresh)
    monkeypatch.setattr("handlers.writing.hold_lease", nothing)
    async with fresh() as database:
        assert await stall("fetch-odds", step, database)


async def test_d1_is_seen_to_break_where_failures_are_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.keeping.keep_failure", nothing)
    async with ready_world("fetch-odds", database) as (world, trigger):
        world.server.inject(Fault("odds", body=b"odd"))
        await world.invoke(trigger)
        assert await stored.d1_bodies_are_kept(world, [b"odd"]) != []


async def test_d2_is_seen_to_break_where_a_quote_is_changed(database: Database) -> None:
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        async with world.app.database.transaction() as connection:
            await connection.execute(text("UPDATE core_betting.quotes SET price = price + 5 WHERE price > 0"))
        assert await stored.d2_rows_follow_from_raw(world) != []


async def test_d3_is_seen_to_break_without_the_unique_slot(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.runs.begin_run", without_unique_slot())
    assert await changed_by_redoing("update-status", database) != []


async def test_d4_is_seen_to_break_where_a_call_is_not_logged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.fetch_odds.store_call", nothing)
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        assert await stored.d4_nothing_without_its_origin(world) != []


async def test_d5_is_seen_to_break_where_nobody_ends_a_dead_run(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = await step_named(ASKED, "fetch-odds", fresh)
    harmless = "SELECT CAST(:now AS timestamptz), CAST(:job_run_id AS bigint)"
    monkeypatch.setattr("storage.leases._BURY", harmless)
    monkeypatch.setattr("handlers.heartbeat.end_expired_runs", nothing)
    monkeypatch.setattr("handlers.update_status.end_expired_runs", nothing)
    async with fresh() as database:
        assert "D5" in (await crash("fetch-odds", step, database)).broken


async def test_q1_is_seen_to_break_where_a_balance_is_made_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def made_up(connection: AsyncConnection, answer: FeedAnswer, **values: Any) -> None:
        rich = answer.credits._replace(remaining=99_999)
        await store_call(connection, replace(answer, credits=rich), **values)

    monkeypatch.setattr("handlers.fetch_odds.store_call", made_up)
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) != []


async def test_q1_is_seen_to_break_where_a_paid_answer_that_breaks_off_is_not_booked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.odds_request.keep_failure", nothing)
    async with ready_world("fetch-odds", database) as (world, trigger):
        world.server.inject(Fault("odds", reset=True))
        await world.invoke(trigger)
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) != []


async def test_q1_is_seen_to_break_where_a_paid_answer_that_breaks_off_is_bought_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.feed.client._may_pass", lambda error: isinstance(error, FeedUnavailableError))
    async with ready_world("fetch-odds", database) as (world, trigger):
        world.server.inject(Fault("odds", reset=True))
        await world.invoke(trigger)
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) != []


async def test_q1_is_seen_to_break_where_nobody_asks_what_the_balance_pays_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.fetch_odds._is_due", lambda *_: True)
    monkeypatch.setattr("handlers.credits.spendable_credits", lambda *_, **__: None)
    async with exhausted(database) as world:
        await world.invoke(Trigger("fetch-odds", SPORT, world.clock.now(), "asked for anyway"))
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) != []


async def test_q2_is_seen_to_break_without_a_reserve(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.planning.credits._reserve", lambda *_: 0)
    async with in_reserve(database) as world:
        assert await spending.q2_only_closing_looks_touch_the_reserve(world, market()) != []


async def test_q3_is_seen_to_break_where_the_balance_of_a_refusal_is_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.odds_request.keep_failure", nothing)
    async with exhausted(database) as world:
        assert spending.q3_no_tight_loop(world) != []
