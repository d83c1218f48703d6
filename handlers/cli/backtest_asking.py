"""What `odds backtest run`, `sweep` and `walk-forward` are asked in the same words, declared once."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

from analytics.backtesting.brought import Brought
from analytics.backtesting.config import BacktestConfig
from core.clock import SystemClock
from handlers.cli.backtest_brought import read_brought
from handlers.cli.backtest_options import (
    BookmakerKeys,
    DecideAt,
    End,
    Money,
    ParameterValues,
    PlayerFile,
    RegulationFile,
    SettingValues,
    SourceNames,
    SportKeys,
    Stake,
    Start,
    StrategyName,
    config_values,
    read_config,
)
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a backtest is asked for, as the options give it."""

    strategy: StrategyName
    parameters: ParameterValues = None
    start: Start = None
    end: End = None
    sports: SportKeys = None
    sources: SourceNames = None
    decide_at: DecideAt = None
    bookmakers: BookmakerKeys = None
    bankroll: Money = None
    stake: Stake = None
    player_results: PlayerFile = None
    regulation_scores: RegulationFile = None
    settings: SettingValues = None

    def __post_init__(self) -> None:
        """Refuse a setting that cannot be read, before a database is opened."""
        self.values()

    def values(self) -> dict[str, Any]:
        """Return what is asked of a run, without its time; raises ConfigurationError for what cannot be read."""
        return config_values(
            sports=self.sports,
            sources=self.sources,
            decide_at=self.decide_at,
            bookmakers=self.bookmakers,
            bankroll=self.bankroll,
            stake=self.stake,
            settings=self.settings,
        )

    async def config(self, database: Database) -> BacktestConfig:
        """Return the run's config, its time that of the data where none is given; raises ConfigurationError."""
        now = SystemClock().now()
        return await read_config(database, self.values(), start=self.start, end=self.end, now=now)

    def brought(self) -> Brought:
        """Return what the feed does not tell; raises ConfigurationError for a file that cannot be read."""
        return read_brought(self.player_results, self.regulation_scores)


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes the options of `Asked` beside its own, those it must be given first."""
    own = list(signature(command).parameters.values())[1:]
    shared = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.default is MISSING else field.default,
            annotation=field.type,
        )
        for field in fields(Asked)
    ]
    taken = sorted([*shared, *own], key=lambda parameter: parameter.default is not Parameter.empty)

    @wraps(command)
    def asks(**given: Any) -> None:  # noqa: ANN401
        asked = Asked(**{parameter.name: given.pop(parameter.name) for parameter in shared})
        command(asked, **given)

    asks.__signature__ = Signature(taken)  # type: ignore[attr-defined]
    asks.__annotations__ = {parameter.name: parameter.annotation for parameter in taken}
    return asks
