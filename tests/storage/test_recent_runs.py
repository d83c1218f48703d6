"""How much a job has run of late."""

from datetime import UTC, datetime, timedelta

from core.triggers.base import Trigger
from storage.database import Database
from storage.leases import read_standing
from storage.recent_runs import RecentRuns, failures_in_a_row
from storage.runs import RunOutcome, begin_run, finish_run

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
JOB, SPORT = "fetch-odds", "basketball_nba"


async def ran(
    database: Database,
    at: datetime,
    outcome: RunOutcome,
    *,
    job: str = JOB,
    sport: str = SPORT,
    next_run: Trigger | None = None,
) -> None:
    async with database.transaction() as connection:
        number = await begin_run(
            connection, job=job, sport_key=sport, scheduled_at=NOON, started_at=at, reason="as planned"
        ) or await begin_run(connection, job=job, sport_key=sport, scheduled_at=at, started_at=at, reason="again")
        assert number is not None
        await finish_run(
            connection,
            number,
            finished_at=at,
            outcome=outcome,
            reason="so it went",
            next_run=next_run,
        )


async def recent(database: Database, since: datetime) -> RecentRuns:
    async with database.transaction() as connection:
        return (await read_standing(connection, JOB, SPORT, now=since, since=since)).of_late


async def test_a_job_that_never_ran_has_no_runs(database: Database) -> None:
    assert await recent(database, NOON) == RecentRuns(0, None, 0)


async def test_a_slot_is_one_run_and_each_of_its_attempts_may_die(database: Database) -> None:
    await ran(database, NOON, RunOutcome.FAILED)
    await ran(database, NOON + HOUR, RunOutcome.FAILED)
    assert await recent(database, NOON - HOUR) == RecentRuns(1, NOON + HOUR, 2)


async def test_runs_that_ended_well_or_planned_what_follows_have_not_died(database: Database) -> None:
    await ran(database, NOON, RunOutcome.STORED)
    await ran(database, NOON + HOUR, RunOutcome.SKIPPED)
    retry = Trigger(JOB, SPORT, NOON + 3 * HOUR, "the run before failed")
    await ran(database, NOON + 2 * HOUR, RunOutcome.FAILED, next_run=retry)
    assert await recent(database, NOON - HOUR) == RecentRuns(3, NOON + 2 * HOUR, 0)


async def test_only_what_began_since_and_only_the_job_of_the_sport_counts(database: Database) -> None:
    await ran(database, NOON, RunOutcome.STORED)
    await ran(database, NOON + 2 * HOUR, RunOutcome.STORED, job="fetch-scores")
    await ran(database, NOON + 2 * HOUR, RunOutcome.STORED, sport="icehockey_nhl")
    assert await recent(database, NOON) == RecentRuns(0, None, 0)


async def in_a_row(database: Database) -> int:
    async with database.transaction() as connection:
        return await failures_in_a_row(connection, JOB, SPORT, NOON - HOUR)


async def test_failures_are_in_a_row_until_a_run_ends_well(database: Database) -> None:
    await ran(database, NOON - 2 * HOUR, RunOutcome.FAILED)
    assert await in_a_row(database) == 0
    for number in range(1, 4):
        await ran(database, NOON + number * HOUR, RunOutcome.FAILED)
    await ran(database, NOON + HOUR, RunOutcome.STORED, sport="icehockey_nhl")
    assert await in_a_row(database) == 2
    await ran(database, NOON + 4 * HOUR, RunOutcome.SKIPPED)
    assert await in_a_row(database) == 0
    await ran(database, NOON + 5 * HOUR, RunOutcome.FAILED)
    assert await in_a_row(database) == 1
