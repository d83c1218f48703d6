"""A run that was planned for an instant that has passed, and never came, is overdue."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.triggers.base import Trigger
from storage.database import Database
from storage.pending import overdue_runs, retry_to_come
from storage.runs import RunOutcome, begin_run, finish_run

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
JOB = ("fetch-odds", "basketball_nba")


async def ran(
    connection: Any, at: datetime, next_at: datetime | None, outcome: RunOutcome = RunOutcome.STORED
) -> None:
    """Record a run that planned the next one."""
    number = await begin_run(connection, job=JOB[0], sport_key=JOB[1], scheduled_at=at, started_at=at, reason="r")
    assert number is not None
    await finish_run(
        connection,
        number,
        finished_at=at,
        outcome=outcome,
        reason="r",
        next_run=None if next_at is None else Trigger(*JOB, next_at, "3 h sampling", "pregame"),
    )


async def test_a_planned_run_is_overdue_from_its_instant_on(database: Database) -> None:
    async with database.transaction() as connection:
        await ran(connection, NOON, NOON + HOUR)
        assert await overdue_runs(connection, NOON + HOUR / 2) == {}
        overdue = await overdue_runs(connection, NOON + HOUR)
    assert overdue == {JOB: Trigger(*JOB, NOON + HOUR, "3 h sampling", "pregame")}


async def test_a_run_that_came_is_not_overdue_though_it_never_ended(database: Database) -> None:
    async with database.transaction() as connection:
        await ran(connection, NOON, NOON + HOUR)
        await begin_run(
            connection, job=JOB[0], sport_key=JOB[1], scheduled_at=NOON + HOUR, started_at=NOON + HOUR, reason="r"
        )
        assert await overdue_runs(connection, NOON + 2 * HOUR) == {}


async def test_only_what_the_newest_run_planned_counts(database: Database) -> None:
    async with database.transaction() as connection:
        await ran(connection, NOON, NOON + 5 * HOUR)
        await ran(connection, NOON + HOUR, NOON + 2 * HOUR)
        assert await overdue_runs(connection, NOON + 3 * HOUR) == {
            JOB: Trigger(*JOB, NOON + 2 * HOUR, "3 h sampling", "pregame")
        }


@pytest.mark.parametrize(
    ("outcome", "asked_at", "is_to_come"),
    [
        pytest.param(RunOutcome.FAILED, NOON + HOUR / 2, True, id="until its instant"),
        pytest.param(RunOutcome.FAILED, NOON + HOUR, False, id="not from then on"),
        pytest.param(RunOutcome.STORED, NOON + HOUR / 2, False, id="not after a run that ended well"),
    ],
)
async def test_what_a_failure_planned_is_to_come(
    database: Database, outcome: RunOutcome, asked_at: datetime, is_to_come: bool
) -> None:
    async with database.transaction() as connection:
        await ran(connection, NOON, NOON + HOUR, outcome)
        retry = await retry_to_come(connection, *JOB, asked_at)
        assert await retry_to_come(connection, "fetch-scores", JOB[1], asked_at) is None
    assert retry == (Trigger(*JOB, NOON + HOUR, "3 h sampling", "pregame") if is_to_come else None)
