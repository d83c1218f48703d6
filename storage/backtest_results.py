"""Keep backtests in the schema `analytics`, and read them again: a run is one row, each of its bets one more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.models.analytics import SCHEMA, BacktestBet, BacktestRun
from storage.database import driver_of

_HIGHEST_NUMBER = 2**31 - 1
BET_COLUMNS: tuple[str, ...] = tuple(name for name in BacktestBet.model_fields if name != "run_id")
"""What a bet of a run has, in the order of the table."""


class KeptRun(NamedTuple):
    """A backtest in a list of them: shares are fractions, instants aware UTC."""

    id: int
    created_at: datetime
    strategy: str
    parameters: Mapping[str, Any]
    first_instant: datetime
    end_instant: datetime
    bets: int
    staked: float
    profit: float
    roi: float | None
    roi_low: float | None
    roi_high: float | None
    mean_clv: float | None
    max_drawdown: float | None


async def store_run(connection: AsyncConnection, run: Mapping[str, Any], bets: Sequence[Mapping[str, Any]]) -> int:
    """Store a backtest in the open transaction, and return its number.

    Args:
        connection: An open transaction.
        run: The columns of `analytics.backtest_runs` but its number; what is JSON there as JSON holds it.
        bets: Those of `analytics.backtest_bets` but the run's number, a row each.
    """
    stored = await connection.execute(insert(BacktestRun).values(run).returning(col(BacktestRun.id)))
    number: int = stored.scalars().one()  # type: ignore[assignment]
    await driver_of(connection).copy_records_to_table(
        BacktestBet.__tablename__,
        schema_name=SCHEMA,
        columns=["run_id", *BET_COLUMNS],
        records=[(number, *(bet[name] for name in BET_COLUMNS)) for bet in bets],
    )
    return number


async def read_run(connection: AsyncConnection, number: int) -> Mapping[str, Any] | None:
    """Return the columns of a backtest, or None where there is none of that number, however large."""
    if number > _HIGHEST_NUMBER:
        return None
    rows = await connection.execute(select(BacktestRun).where(col(BacktestRun.id) == number))
    found = rows.mappings().one_or_none()
    return None if found is None else {str(name): value for name, value in found.items()}


async def read_bets(connection: AsyncConnection, number: int) -> list[Mapping[str, Any]]:
    """Return the bets of a backtest in the order of placing."""
    query = select(BacktestBet).where(col(BacktestBet.run_id) == number).order_by(col(BacktestBet.number))
    return [
        {str(name): value for name, value in row.items()} for row in (await connection.execute(query)).mappings()
    ]


async def list_runs(connection: AsyncConnection, *, limit: int = 20) -> list[KeptRun]:
    """Return the newest backtests that were kept, the newest first."""
    columns = [getattr(BacktestRun, name) for name in KeptRun._fields]
    query = select(*columns).order_by(col(BacktestRun.id).desc()).limit(limit)
    return [KeptRun(*row) for row in await connection.execute(query)]
