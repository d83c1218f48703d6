"""Keep the result of a backtest in Postgres, and read it again as it was."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.commission import USUAL_PERCENT
from analytics.backtesting.result import BacktestResult
from core.errors import ConfigurationError
from storage.backtest_results import BET_COLUMNS, read_bets, read_run, store_run

_AS_JSON = ("parameters", "config", "quality", "metrics", "breakdowns", "equity")
_NO_METRICS = {"deflated_sharpe"}
"""What runs had among their metrics that a single run has no longer."""


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

    One that was kept before exchanges were known to take commission paid none.

    Raises:
        ConfigurationError: There is none of that number.
    """
    run = await read_run(connection, number)
    if run is None:
        msg = f"there is no backtest {number}: odds backtest show lists those that were kept"
        raise ConfigurationError(msg)
    as_json = {name: run[name] for name in _AS_JSON}
    as_json["metrics"] = {name: value for name, value in run["metrics"].items() if name not in _NO_METRICS}
    as_json["config"] = {"commission": dict.fromkeys(USUAL_PERCENT, 0.0), **run["config"]}
    bets = [
        {**{name: bet[name] for name in BET_COLUMNS}, "quote_age": bet["decided_at"] - bet["seen_at"]}
        for bet in await read_bets(connection, number)
    ]
    return BacktestResult.model_validate({**as_json, "strategy": run["strategy"], "bets": bets})
