"""What was spent, by run and by day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.triggers.base import Trigger
from storage.credits import DaySpending, credits_charged, read_spending
from storage.database import Database
from storage.runs import begin_run

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def charge(connection: Any, at: datetime, charged: int | None, run: int | None = None) -> None:
    await connection.execute(
        text(
            "INSERT INTO operational.credit_ledger (job_run_id, recorded_at, endpoint, expected, charged)"
            " VALUES (:run, :at, '/v4/sports/x/odds', 3, :charged)"
        ),
        {"run": run, "at": at, "charged": charged},
    )


async def test_a_day_of_utc_adds_up_what_its_calls_were_charged(database: Database) -> None:
    async with database.transaction() as connection:
        for at, charged in [
            (NOON, 3),
            (NOON + HOUR, 2),
            (NOON + HOUR, 0),
            (NOON + HOUR, None),
            (NOON + 12 * HOUR, 3),
        ]:
            await charge(connection, at, charged)
        spending = await read_spending(connection, NOON - 24 * HOUR)
    assert spending == [DaySpending(date(2026, 1, 10), 5, 2), DaySpending(date(2026, 1, 11), 3, 1)]


@pytest.mark.parametrize(
    ("charges", "total"), [pytest.param([3, 2], 5, id="its calls"), pytest.param([], 0, id="no call")]
)
async def test_a_run_is_charged_for_its_own_calls(database: Database, charges: list[int], total: int) -> None:
    trigger = Trigger("fetch-odds", "basketball_nba", NOON, "as planned")
    async with database.transaction() as connection:
        number = await begin_run(
            connection,
            job=trigger.job,
            sport_key=trigger.sport_key,
            scheduled_at=NOON,
            started_at=NOON,
            reason=trigger.reason,
        )
        assert number is not None
        for each in charges:
            await charge(connection, NOON, each, number)
        await charge(connection, NOON, 7)
        assert await credits_charged(connection, number) == total
