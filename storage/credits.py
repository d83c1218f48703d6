"""What the account spent: by run and by day."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_OF_RUN = text("SELECT coalesce(sum(charged), 0) FROM operational.credit_ledger WHERE job_run_id = :run_number")
_BY_DAY = text(
    "SELECT CAST(recorded_at AT TIME ZONE 'UTC' AS date) AS day, sum(charged), count(*) FILTER (WHERE charged > 0)"
    " FROM operational.credit_ledger WHERE recorded_at >= :since GROUP BY day HAVING sum(charged) > 0 ORDER BY day"
)


class DaySpending(NamedTuple):
    """The credits charged on a day (UTC), and the calls that they paid for."""

    day: date
    credits: int
    calls: int


async def credits_charged(connection: AsyncConnection, run_number: int) -> int:
    """Return what the calls of a run were charged."""
    return int((await connection.execute(_OF_RUN, {"run_number": run_number})).scalar_one())


async def read_spending(connection: AsyncConnection, since: datetime) -> list[DaySpending]:
    """Return what was spent on each day with priced calls since an instant, the oldest first."""
    rows = await connection.execute(_BY_DAY, {"since": since})
    return [DaySpending(day, int(credits), calls) for day, credits, calls in rows]
