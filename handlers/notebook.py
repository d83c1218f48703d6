"""The data in a notebook: frames of events, odds and closing lines, from the database that the settings name."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.player_results import PlayerResults
from analytics.backtesting.result import BacktestResult
from analytics.frames import Library, closing_lines_frame, events_frame, odds_frame
from analytics.strategies.base import BettingStrategy
from analytics.strategies.registry import strategy_named
from core.config import load_settings
from handlers.backtesting import NO_PLAYERS, run_backtest
from handlers.cli.opening import located, opened_database
from storage.database import Database
from storage.readers import OddsReader


class Notebook:
    """Reads frames of pandas, or of polars where it is made with `library="polars"`."""

    def __init__(self, database: Database, library: Library = "pandas") -> None:
        """Read this database."""
        self.database = database
        self._library: Library = library

    async def events(self, start: datetime, end: datetime, *, sport_key: str | None = None) -> Any:  # noqa: ANN401
        """Return the events that start in `[start, end)`, the earliest first."""
        async with self.database.transaction() as connection:
            rows = await OddsReader(connection).get_events_by_date_range(start, end, sport_key=sport_key)
        return events_frame(rows, library=self._library)

    async def odds_at(self, event_ids: Sequence[str], at: datetime, *, sources: Sequence[str] = ("live",)) -> Any:  # noqa: ANN401
        """Return the odds of events as we knew them at an instant; after the start, the close."""
        async with self.database.transaction() as connection:
            reader = OddsReader(connection)
            rows = [
                row
                for event_id in event_ids
                for row in await reader.get_odds_at_time(event_id, at, sources=sources)
            ]
        return odds_frame(rows, library=self._library)

    async def closing_lines(
        self,
        start: datetime,
        end: datetime,
        *,
        sport_key: str | None = None,
        market_key: str | None = None,
        bookmaker_key: str | None = None,
    ) -> Any:  # noqa: ANN401
        """Return the collected close of the events that started in `[start, end)`."""
        async with self.database.transaction() as connection:
            rows = await OddsReader(connection).get_closing_lines(
                start, end, sport_key=sport_key, market_key=market_key, bookmaker_key=bookmaker_key
            )
        return closing_lines_frame(rows, library=self._library)

    async def backtest(
        self,
        strategy: BettingStrategy[Any] | str,
        *,
        players: PlayerResults = NO_PLAYERS,
        **config: Any,  # noqa: ANN401
    ) -> BacktestResult:
        """Return what a strategy, or the one of a name, would have done; `bets_frame` makes a frame of its bets.

        Args:
            strategy: The strategy, or the name of one with its usual parameters.
            players: What players did, as `read_player_results` reads it, for bets on them.
            config: The fields of `BacktestConfig`: start, end and what differs from its defaults.
        """
        chosen = strategy_named(strategy) if isinstance(strategy, str) else strategy
        return await run_backtest(self.database, chosen, BacktestConfig.model_validate(config), players=players)


@asynccontextmanager
async def open_notebook(library: Library = "pandas") -> AsyncIterator[Notebook]:
    """Yield the data of the database of the settings: of DATABASE_URL, or else the embedded one.

    ```python
    async with open_notebook() as notebook:
        games = await notebook.events(start, end, sport_key="basketball_nba")
    ```

    Raises:
        ConfigurationError: Some settings are wrong.
    """
    settings = load_settings()
    with located(settings) as url:
        async with opened_database(settings, url) as database:
            yield Notebook(database, library)
