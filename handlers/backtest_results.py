"""Keep the result of a backtest in Postgres, and read it again as it was."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.result import BacktestResult
from core.errors import ConfigurationError
from storage.backtest_results import BET_COLUMNS, read_bets, read_run, store_run

_AS_JSON = ("parameters", "config", "quality", "metrics", "breakdowns", "equity")


async def keep_result(connection: AsyncConnection, result: BacktestResult, at: datetime) -> int:
    """Keep a result in the open transaction, and return the number by which it is read again.

    Args:
        connection: An open transaction.
        result: What a run found.
        at: When it is kept, aware, in UTC.
    """
    metrics = result.metrics
    as_json = result.model_dump(mode="json", include=set(_AS_JSON))
    run = {
        **as_json,
        "created_at": at,
        "strategy": result.strategy,
        "first_instant": result.config.start,
        "end_instant": result.config.end,
        "bets": metrics.bets,
        "staked": metrics.staked,
        "profit": metrics.profit,
        "roi": metrics.roi.value,
        "roi_low": metrics.roi.low,
        "roi_high": metrics.roi.high,
        "mean_clv": metrics.mean_clv.value,
        "max_drawdown": metrics.max_drawdown.value,
    }
    return await store_run(connection, run, [bet.model_dump(include=set(BET_COLUMNS)) for bet in result.bets])


async def kept_result(connection: AsyncConnection, number: int) -> BacktestResult:
    """Return a result that was kept, equal to what it was.

    Raises:
        ConfigurationError: There is none of that number.
    """
    run = await read_run(connection, number)
    if run is None:
        msg = f"there is no backtest {number}: odds backtest show lists those that were kept"
        raise ConfigurationError(msg)
    bets = [
        {**{name: bet[name] for name in BET_COLUMNS}, "quote_age": bet["decided_at"] - bet["seen_at"]}
        for bet in await read_bets(connection, number)
    ]
    return BacktestResult.model_validate(
        {**{name: run[name] for name in _AS_JSON}, "strategy": run["strategy"], "bets": bets}
    )
