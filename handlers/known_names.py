"""The sports, bookmakers and markets that a backtest names: unknown ones are told before it runs to nothing."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.config import BacktestConfig
from core.errors import ConfigurationError
from storage.known_sports import read_known_sports
from storage.quoted_names import read_quoted_names

_USUAL = frozenset({"h2h", "spreads", "totals"})
"""The markets whose names are not asked for: a run on them without odds says so by its counts."""

_log = structlog.get_logger(__name__)


async def check_names(connection: AsyncConnection, config: BacktestConfig, markets: Sequence[str]) -> None:
    """Return where a game of a sport is known, and odds of a bookmaker and on a market; log the others of each.

    It returns as well where nothing at all is known to compare with.

    Args:
        connection: An open connection.
        config: The run, its decision times settled.
        markets: Those that are looked at; none means all.

    Raises:
        ConfigurationError: Only others are known; names them.
    """
    if config.sports:
        _check("sport", config.sports, await read_known_sports(connection), "no game is known")
    if not config.bookmakers and _USUAL.issuperset(markets):
        return
    last_start = config.end + timedelta(hours=max(config.decision_hours(())))
    quoted = await read_quoted_names(
        connection, config.start, last_start, sports=config.sports, sources=config.sources
    )
    if not _USUAL.issuperset(markets):
        on_all = sorted({one.market_key for one in quoted})
        _check("market", markets, on_all, "the run's games have no such odds")
    if config.bookmakers:
        by = sorted({one.bookmaker_key for one in quoted if not markets or one.market_key in markets})
        on = f" on {', '.join(markets)}" if markets else ""
        _check("bookmaker", config.bookmakers, by, f"no odds{on} are known of the run's games")


def _check(what: str, named: Sequence[str], known: Sequence[str], lacks: str) -> None:
    strange = [name for name in named if name not in known]
    if not known or not strange:
        return
    told = f"{lacks}; there are those {'on' if what == 'market' else 'of'} {', '.join(known)}"
    if len(strange) == len(named):
        raise ConfigurationError(f"{what} {', '.join(strange)}: {told}")
    _log.warning("backtest.unknown_name", **{what: strange}, reason=told)
