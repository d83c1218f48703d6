"""A collector on a virtual clock: the real jobs, fired in order, against a server of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.errors import ConfigurationError
from core.scope import Scope
from core.simulation.faults import Fault
from core.simulation.market import SimulatedMarket
from handlers.virtual import virtual_collector
from storage.database import Database

NOON = datetime(2025, 11, 6, 12, tzinfo=UTC)
SPORT = "basketball_nba"
SCOPE = Scope.of(["h2h"], bookmakers=["pinnacle", "draftkings"])


async def ledger(database: Database) -> Sequence[tuple[str, str]]:
    async with database.transaction() as connection:
        rows = await connection.execute(text("SELECT job, outcome FROM operational.job_runs ORDER BY id"))
        return [(job, outcome) for job, outcome in rows]


async def test_once_all_are_armed_each_job_plans_its_own_next_run(database: Database) -> None:
    market = SimulatedMarket(7, SPORT, NOON, 2)
    async with virtual_collector(
        market, database, sport_key=SPORT, scope=SCOPE, start=NOON, plan_credits=500
    ) as collector:
        await collector.arm_all(SPORT)
        await collector.triggers.run_until(NOON, collector.fire)
        armed = await collector.triggers.armed()
    assert await ledger(database) == [("update-status", "stored"), ("fetch-odds", "stored")]
    assert {trigger.job for trigger in armed} == {"update-status", "fetch-scores", "fetch-odds"}
    assert all(trigger.at > NOON for trigger in armed)


async def test_the_chain_goes_on_after_a_feed_that_was_down(database: Database) -> None:
    market = SimulatedMarket(7, SPORT, NOON, 2)
    async with virtual_collector(
        market, database, sport_key=SPORT, scope=SCOPE, start=NOON, plan_credits=500
    ) as collector:
        collector.server.inject(*[Fault("odds", status=503)] * 3)
        await collector.arm_all(SPORT)
        await collector.triggers.run_until(NOON + timedelta(hours=1), collector.fire)
    outcomes = [outcome for job, outcome in await ledger(database) if job == "fetch-odds"]
    assert outcomes[:2] == ["failed", "stored"]


async def test_a_retry_waits_on_the_virtual_clock_alone(database: Database) -> None:
    market = SimulatedMarket(7, SPORT, NOON, 2)
    async with virtual_collector(
        market, database, sport_key=SPORT, scope=SCOPE, start=NOON, plan_credits=500
    ) as collector:
        collector.server.inject(Fault("odds", status=503))
        await collector.app.feed.odds(SPORT, SCOPE)
        assert NOON < collector.clock.now() < NOON + timedelta(minutes=1)


async def test_the_scope_asked_for_is_the_one_given_whatever_the_settings_say(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGIONS", "uk")
    monkeypatch.setenv("SPORTS", "soccer_epl")
    market = SimulatedMarket(7, SPORT, NOON, 2)
    async with virtual_collector(
        market, database, sport_key=SPORT, scope=SCOPE, start=NOON, plan_credits=500
    ) as collector:
        assert collector.app.settings.collection.scope == SCOPE
        assert collector.app.settings.collection.sports == (SPORT,)


async def test_a_setting_that_there_is_not_is_refused(database: Database) -> None:
    market = SimulatedMarket(7, SPORT, NOON, 2)
    collector = virtual_collector(
        market,
        database,
        sport_key=SPORT,
        scope=SCOPE,
        start=NOON,
        plan_credits=500,
        overrides={"SCHEDULER_NAP": "1"},
    )
    with pytest.raises(ConfigurationError, match="SCHEDULER_NAP"):
        await collector.__aenter__()
