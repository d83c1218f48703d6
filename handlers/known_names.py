"""What a backtest asks for that has no odds: unknown names and times are told before it runs to nothing."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.config import BacktestConfig
from analytics.strategies.base import Parameters
from core.errors import ConfigurationError
from handlers.known_span import known_span
from storage.known_sports import read_known_sports
from storage.quoted_names import read_quoted_names

_USUAL = frozenset({"h2h", "spreads", "totals"})
"""The markets whose names are not asked for: a run on them without odds says so by its counts."""

_USUALLY_FAIR = BacktestConfig.model_fields["fair_bookmakers"].default
"""Of those, a user's own feed may well have none: where all are silent, every bookmaker is asked."""

_log = structlog.get_logger(__name__)


async def check_asked(
    connection: AsyncConnection, config: BacktestConfig, markets: Sequence[str], parameters: Iterable[Parameters]
) -> None:
    """Return where there are odds of what is asked for; log those names that have none beside others that have.

    Names that have none are accepted where nothing at all is known to compare with.

    Args:
        connection: An open connection.
        config: The run, its decision times settled.
        markets: Those that are looked at; none means all.
        parameters: Of every strategy that is to run: their bookmakers must have odds as well.

    Raises:
        ConfigurationError: Of its time there are no odds, or of its sports, or by all bookmakers or on all markets
            that it names, those of each parameter and the fair ones by themselves; names them.
    """
    await check_sports(connection, config.sports)
    span = await known_span(connection, config.sports, config.sources)
    span.check(config.start, config.end)
    fair = () if config.fair_bookmakers == _USUALLY_FAIR else config.fair_bookmakers
    by_parameter = dict.fromkeys(named for one in parameters for named in one.bookmakers_named().items())
    if not (config.bookmakers or fair or by_parameter) and _USUAL.issuperset(markets):
        return
    last_start = config.end + timedelta(hours=max(config.decision_hours(())))
    quoted = await read_quoted_names(
        connection, config.start, last_start, sports=config.sports, sources=config.sources
    )
    if not _USUAL.issuperset(markets):
        on_all = sorted({one.market_key for one in quoted})
        _check("market", markets, on_all, "the run's games have no such odds")
    by = sorted({one.bookmaker_key for one in quoted if not markets or one.market_key in markets})
    on = f" on {', '.join(markets)}" if markets else ""
    lacks = f"no odds{on} are known of the run's games"
    _check("bookmaker", config.bookmakers, by, lacks)
    _check("bookmaker", fair, by, lacks, of="fair_bookmakers: ")
    for name, keys in by_parameter:
        _check("bookmaker", keys, by, lacks, of=f"parameter {name}: ")


async def check_sports(connection: AsyncConnection, sports: Sequence[str]) -> None:
    """Return where none is named, or a game is known of some, and log the others; raises ConfigurationError."""
    if sports:
        _check("sport", sports, await read_known_sports(connection), "no game is known")


def _check(what: str, named: Sequence[str], known: Sequence[str], lacks: str, *, of: str = "") -> None:
    strange = [name for name in named if name not in known]
    if not known or not strange:
        return
    told = f"{lacks}; there are those {'on' if what == 'market' else 'of'} {', '.join(known)}"
    if len(strange) == len(named):
        raise ConfigurationError(f"{of}{what} {', '.join(strange)}: {told}")
    _log.warning("backtest.unknown_name", **{what: strange}, reason=f"{of}{told}")
