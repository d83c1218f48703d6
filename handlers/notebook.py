"""The data in a notebook: frames of events, odds, closing lines and bets, of the settings' database."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, model_validator

from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.config import BacktestConfig, Source, Utc
from analytics.backtesting.result import BacktestResult
from analytics.frames import Library, bets_frame, closing_lines_frame, equity_frame, events_frame, odds_frame
from analytics.strategies.base import BettingStrategy
from analytics.strategies.registry import strategy_named
from core.config import load_settings
from core.errors import ConfigurationError
from core.model_faults import validated
from handlers.backtest_results import kept_result
from handlers.backtesting import run_backtest
from handlers.named_database import located, opened_database
from storage.database import Database
from storage.readers import OddsReader

Instant = datetime | str
_LIVE = ("live",)


class _Span(BaseModel):
    start: Utc
    end: Utc

    @model_validator(mode="after")
    def _takes_some_time(self) -> Self:
        if self.start >= self.end:
            raise ValueError("end must be after start")
        return self


class _Closes(_Span):
    sources: tuple[Source, ...]


class _AsOf(BaseModel):
    at: Utc
    sources: tuple[Source, ...]


class _Frames(BaseModel):
    library: Library


class Notebook:
    """Reads frames of pandas, or of polars where it is made with `library="polars"`.

    Instants are aware, or ISO text with its offset: "2025-10-01T00:00Z". `sources` are any of live, historical and
    import. A method that is asked for what it cannot read raises ConfigurationError.
    """

    def __init__(self, database: Database, library: Library = "pandas") -> None:
        """Read this database."""
        self.database = database
        self._library: Library = validated(_Frames, {"library": library}, "open_notebook").library

    async def events(self, start: Instant, end: Instant, *, sport_key: str | None = None) -> Any:  # noqa: ANN401
        """Return the events that start in `[start, end)`, the earliest first."""
        span = validated(_Span, {"start": start, "end": end}, "events")
        async with self.database.transaction() as connection:
            reader = OddsReader(connection)
            rows = await reader.get_events_by_date_range(span.start, span.end, sport_key=sport_key)
        return events_frame(rows, library=self._library)

    async def odds_at(
        self,
        event_ids: str | Iterable[str],
        at: Instant,
        *,
        sources: Iterable[str] = _LIVE,
    ) -> Any:  # noqa: ANN401
        """Return the odds of events as we knew them at an instant; after the start, the close.

        Args:
            event_ids: One, or a list or a frame's column of them.
            at: The instant.
            sources: Which snapshots to read.
        """
        events = [event_ids] if isinstance(event_ids, str) else [*event_ids]
        asked = validated(_AsOf, {"at": at, "sources": sources}, "odds_at")
        async with self.database.transaction() as connection:
            rows = await OddsReader(connection).get_odds_of_events(events, asked.at, sources=asked.sources)
        return odds_frame(rows, library=self._library)

    async def closing_lines(
        self,
        start: Instant,
        end: Instant,
        *,
        sport_key: str | None = None,
        market_key: str | None = None,
        bookmaker_key: str | None = None,
        sources: Iterable[str] = _LIVE,
    ) -> Any:  # noqa: ANN401
        """Return the close of the events that started in `[start, end)`."""
        asked = validated(_Closes, {"start": start, "end": end, "sources": sources}, "closing_lines")
        async with self.database.transaction() as connection:
            rows = await OddsReader(connection).get_closing_lines(
                asked.start,
                asked.end,
                sport_key=sport_key,
                market_key=market_key,
                bookmaker_key=bookmaker_key,
                sources=asked.sources,
            )
        return closing_lines_frame(rows, library=self._library)

    async def backtest(
        self,
        strategy: BettingStrategy[Any] | str,
        *,
        brought: Brought = NOTHING_BROUGHT,
        **config: Any,  # noqa: ANN401
    ) -> BacktestResult:
        """Return what a strategy, or the one of a name, would have done; `bets` and `equity` make frames.

        Args:
            strategy: The strategy, or the name of one with its usual parameters.
            brought: What the feed does not tell of the games, as `read_player_results` and
                `read_regulation_scores` read it, for the bets that rest on it.
            config: The fields of `BacktestConfig`: start, end and what differs from its defaults.
        """
        chosen = strategy_named(strategy) if isinstance(strategy, str) else strategy
        if not isinstance(chosen, BettingStrategy):
            given = f"the class {chosen.__name__}" if isinstance(chosen, type) else type(chosen).__name__
            raise ConfigurationError(f"backtest: a strategy or the name of one is expected, not {given}")
        asked = validated(BacktestConfig, config, "backtest")
        return await run_backtest(self.database, chosen, asked, brought=brought)

    async def kept(self, number: int) -> BacktestResult:
        """Return a backtest that `odds backtest run` kept."""
        async with self.database.transaction() as connection:
            return await kept_result(connection, number)

    def bets(self, result: BacktestResult) -> Any:  # noqa: ANN401
        """Return the bets of a backtest in the order in which they were placed."""
        return bets_frame(result, library=self._library)

    def equity(self, result: BacktestResult) -> Any:  # noqa: ANN401
        """Return the bankroll of a backtest at the end of each day (UTC), days on which nothing moved included."""
        return equity_frame(result, library=self._library)


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
