"""Where a backtest may bet: a bookmaker that nobody knows is told before the run, which would bet nowhere."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.config import BacktestConfig
from core.errors import ConfigurationError
from storage.quoting_bookmakers import read_quoting_bookmakers


async def check_bookmakers(connection: AsyncConnection, config: BacktestConfig, markets: Sequence[str]) -> None:
    """Return where one of the run's bookmakers, or nobody at all, has odds of its games.

    Args:
        connection: An open connection.
        config: The run, its decision times settled.
        markets: Those that are looked at; none means all.

    Raises:
        ConfigurationError: Only others have; names them.
    """
    if not config.bookmakers:
        return
    quoting = await read_quoting_bookmakers(
        connection,
        config.start,
        config.end + timedelta(hours=max(config.decision_hours(()))),
        sports=config.sports,
        sources=config.sources,
        markets=markets,
    )
    if quoting and not {*quoting} & {*config.bookmakers}:
        named, on = ", ".join(config.bookmakers), f" on {', '.join(markets)}" if markets else ""
        which = f"no odds{on} are known of the run's games; there are those of {', '.join(quoting)}"
        raise ConfigurationError(f"bookmaker {named}: {which}")
