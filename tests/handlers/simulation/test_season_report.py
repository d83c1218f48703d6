"""What a report of a season says of the history of its world."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.simulation.market import SimulatedMarket
from core.simulation.mishaps import DIES, Mishap
from core.triggers.base import Trigger
from handlers.registry import JOBS
from handlers.scratch import Scratch
from handlers.simulation.invocations import Invocation
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.season_report import SeasonReport, read_season_report, worse_closes
from handlers.simulation.world import World, open_world
from storage.closing import Close
from storage.database import Database

NFL = "americanfootball_nfl"
START = datetime(2025, 11, 6, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Yield a world of one game night, without faults."""
    async with open_world(SimulatedMarket(3, NFL, START, 3), database, start=START, sport_key=NFL) as world:
        await world.beat()
        await world.run_for(DAY)
        yield world


async def read(world: World) -> SeasonReport:
    scratch = Scratch(world.app.database, "the url")
    return await read_season_report(
        world, scratch, seed=3, fault_rate=0, first_at=START, last_at=world.clock.now()
    )


async def test_a_night_is_reported_with_its_games_looks_and_credits(world: World) -> None:
    report = await read(world)
    assert report.coverage.events == 1
    assert (report.fresh, report.closing, report.worse) == (1.0, 1.0, ())
    assert report.looks == len([call for call in world.server.calls if call.endpoint == "odds"])
    assert report.credits == world.server.credits_used
    assert report.fixed_sampling_looks == 48
    assert sum(report.runs.values()) == sum(report.outcomes.values()) == len(world.invocations)
    assert report.heartbeats == len(world.beats)
    assert not report.is_wrong


async def test_a_close_that_no_mishap_explains_is_wrong(world: World) -> None:
    async with world.app.database.transaction() as connection:
        await connection.exec_driver_sql(
            "UPDATE raw_data.odds_snapshots SET snapshot_time = snapshot_time - '1 h'::interval"
        )
    report = await read(world)
    assert (report.fresh, report.unexplained) == (0.0, 1)
    assert report.missed == ("1 of 1 games had no look in the 35 min before the start",)
    assert report.is_wrong


async def test_late_closes_are_wrong_though_each_is_explained(world: World) -> None:
    report = replace(await read(world), worse=(), missed=("6 of 100 games had no look",))
    assert report.unexplained == 0
    assert report.is_wrong


async def test_heartbeats_that_fail_beside_it_explain_no_late_close(world: World) -> None:
    async with world.app.database.transaction() as connection:
        await connection.exec_driver_sql(
            "UPDATE raw_data.odds_snapshots SET snapshot_time = snapshot_time - '20 min'::interval"
        )
    failed = [
        beat._replace(error=ProcessDiedError("x"), mishaps=(Mishap(beat.at, DIES, "heartbeat"),))
        for beat in world.beats
    ]
    report = await read(replace(world, beats=failed))
    assert (len(report.worse), report.unexplained) == (1, 1)


async def test_a_look_that_a_run_claims_and_nobody_finds_is_lost(world: World) -> None:
    async with world.app.database.transaction() as connection:
        await connection.exec_driver_sql(
            "DELETE FROM operational.fetch_logs WHERE id IN (SELECT max(id) FROM operational.fetch_logs)"
        )
    report = await read(world)
    assert report.lost == 1
    assert report.is_wrong


async def test_two_looks_within_the_gap_are_doubled(world: World) -> None:
    async with world.app.database.transaction() as connection:
        await connection.exec_driver_sql(
            "UPDATE operational.fetch_logs SET fetched_at = (SELECT min(fetched_at) FROM operational.fetch_logs)"
            " + '1 min'::interval WHERE id IN (SELECT max(id) FROM operational.fetch_logs)"
        )
    assert (await read(world)).doubled == 1


async def test_a_job_without_a_trigger_at_the_end_is_wrong(world: World) -> None:
    await world.scheduler.disarm("fetch-odds", NFL)
    report = await read(world)
    assert report.unarmed == ("fetch-odds",)
    assert report.is_wrong
    assert set(JOBS) - set(report.unarmed) == {"fetch-scores", "update-status"}


async def test_a_run_that_the_platform_makes_again_is_a_retry(world: World) -> None:
    await world.invoke(Trigger("update-status", NFL, world.clock.now(), "again"), attempt=2)
    before = await read(replace(world, invocations=world.invocations[:-1]))
    assert (await read(world)).retries == before.retries + 1


@pytest.mark.parametrize(
    ("began", "explained"),
    [
        pytest.param(-2, True, id="before its next chance came"),
        pytest.param(2, False, id="late: the chance that came next was sound"),
    ],
)
async def test_a_look_has_chances_until_the_game_begins(world: World, began: int, explained: bool) -> None:
    start, minute = START + DAY, timedelta(minutes=1)
    died = [
        Invocation(
            Trigger("fetch-odds", NFL, start - 5 * minute, "planned", "closing"),
            *(attempt, at, at, None, ProcessDiedError("x"), (), (), (), (Mishap(at, DIES, "fetch-odds"),)),
        )
        for attempt, at in ((1, start - 4.5 * minute), (2, start - 3.5 * minute))
    ]
    close = Close("e1", NFL, "Bears", "Lions", start, start - 35 * minute, start + began * minute)
    (late,) = worse_closes(replace(world, invocations=died, beats=[], mishaps=[]), [close])
    assert late.is_explained is explained


@pytest.mark.parametrize(
    ("other_start", "explained"),
    [
        pytest.param(3, True, id="its last look waited for another game"),
        pytest.param(30, False, id="its last look waited for none"),
    ],
)
async def test_a_game_that_began_before_its_last_look_was_to_come_is_explained(
    world: World, other_start: int, explained: bool
) -> None:
    start, minute = START + DAY, timedelta(minutes=1)
    other_at = start + other_start * minute
    closes = [
        Close("e1", NFL, "Bears", "Lions", start, start - 27 * minute, start - 3.5 * minute),
        Close("e2", NFL, "Jets", "Bills", other_at, other_at - 5 * minute, other_at),
    ]
    (late,) = worse_closes(replace(world, invocations=[], beats=[], mishaps=[]), closes)
    assert late.is_explained is explained
