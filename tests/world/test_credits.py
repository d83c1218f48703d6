"""The promises of the credits, where the plan is small or somebody else has spent it."""

from datetime import timedelta

from sqlalchemy import text

from core.simulation.faults import Fault
from handlers.simulation.world import open_world
from storage.database import Database
from tests.world import spending
from tests.world.scenarios import exhausted, in_reserve
from tests.world.sweeps import START, market, ready_world

HOUR = timedelta(hours=1)


async def test_q1_a_small_plan_is_not_overspent(database: Database) -> None:
    async with open_world(market(), database, start=START, plan_credits=12) as world:
        await world.beat()
        await world.run_for(24 * HOUR)
        assert 0 < world.server.credits_used <= 12
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) == []
        assert {call.status for call in world.server.calls} == {200}


async def test_q1_what_cannot_be_used_is_paid_for_and_booked(database: Database) -> None:
    spoilt = [Fault("odds", reset=True), Fault("odds", body=b"{"), Fault("odds", body=b"<html>")]
    async with open_world(market(), database, start=START) as world:
        world.server.inject(*spoilt)
        await world.beat()
        await world.run_for(12 * HOUR)
        paid = [call.cost for call in world.server.calls if call.fault is not None]
        assert paid == [1] * len(spoilt)
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) == []


async def test_q1_what_cannot_be_stored_is_paid_for_once_a_fallback_interval_and_booked(
    database: Database,
) -> None:
    async with ready_world("fetch-odds", database) as (world, trigger):
        async with world.app.database.transaction() as connection:
            await connection.execute(text("ALTER TABLE core_betting.quotes ADD CHECK (price = 0) NOT VALID"))
        before = len(world.server.calls)
        await world.invoke(trigger)
        await world.run_for(HOUR - timedelta(minutes=1))
        assert [call.cost for call in world.server.calls[before:] if call.cost] == [1, 1]
        assert await spending.q1_spend_is_booked_and_within_the_plan(world) == []


async def test_q2_the_reserve_is_left_to_closing_looks(database: Database) -> None:
    async with in_reserve(database) as world:
        assert world.server.account.remaining < 4
        assert await spending.q2_only_closing_looks_touch_the_reserve(world, market()) == []


async def test_q3_an_exhausted_account_is_asked_once_and_the_free_endpoints_go_on(database: Database) -> None:
    async with exhausted(database) as world:
        assert [call.status for call in world.server.calls if call.endpoint == "odds"] == [401]
        assert spending.q3_no_tight_loop(world) == []
        free = [call.at for call in world.server.calls if call.endpoint == "events"]
        assert world.clock.now() - free[-1] < 4 * HOUR
