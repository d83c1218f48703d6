"""Read what a backtest needs, in sets: every game of a time with its history, and the odds of many at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.odds_at_many import KnownQuoteColumns, read_odds_at_many
from storage.second_view import SecondView
from storage.statements import run


class EventHistoryRow(NamedTuple):
    """A game with everything that became known of it; the lists of a kind have one length, instants are aware UTC.

    From each of `starts_seen_at` on, the start was that of `commence_times`; from each of `statuses_changed_at`
    on, the status and the scores were those of the other three.
    """

    event_id: str
    sport_key: str
    home_team: str
    away_team: str
    starts_seen_at: Sequence[datetime]
    commence_times: Sequence[datetime]
    statuses_changed_at: Sequence[datetime]
    statuses: Sequence[str]
    home_scores: Sequence[int | None]
    away_scores: Sequence[int | None]


class LineChangeColumns(NamedTuple):
    """Changes of lines as columns of one length, by number, selection and time; no price means withdrawn.

    `number` is the place of the instant among those asked for. Instants are microseconds since 1970 in UTC.
    """

    number: Sequence[int]
    selection_id: Sequence[int]
    odds_timestamp: Sequence[int]
    price: Sequence[int | None]
    point: Sequence[float | None]


class BacktestReader:
    """Reads on an open connection; like `odds_at`, never a quote from after the instant that it is asked for."""

    def __init__(self, connection: AsyncConnection, second: SecondView | None = None) -> None:
        """Read on this connection; `second` may be there for reads beside it."""
        self._connection, self._second = connection, second

    def at_once(self) -> "tuple[BacktestReader, ...]":
        """Return those that can read at once: this one, and one on the second connection where that is open."""
        other = self._second.at_hand() if self._second else None
        return (self,) if other is None else (self, BacktestReader(other))

    async def get_event_histories(
        self, first_start: datetime, last_start: datetime, *, sports: Sequence[str] = ()
    ) -> list[EventHistoryRow]:
        """Return the games that were ever to start between two instants; of all sports where none is named."""
        rows = await run(
            self._connection,
            "read_backtest_events",
            {"first_start": first_start, "last_start": last_start, "sports": list(sports)},
        )
        return [EventHistoryRow(*row) for row in rows]

    async def get_odds_at_times(
        self,
        event_ids: Sequence[str],
        instants: Sequence[datetime],
        *,
        sources: Sequence[str] = ("live",),
        bookmakers: Sequence[str] = (),
        also: Sequence[Sequence[str]] = (),
        markets: Sequence[str] = (),
    ) -> KnownQuoteColumns:
        """Return the odds of events as we knew them, each at its own instant; after a start, the close.

        Args:
            event_ids: The events; one may be asked for at several instants.
            instants: An instant for each.
            sources: Which snapshots to read; where several know a selection, the one that saw it last.
            bookmakers: Whose odds; none means everybody's.
            also: Whose odds of each event besides; by default nobody's.
            markets: Which markets; none means all.
        """
        return await read_odds_at_many(
            self._connection,
            event_ids,
            instants,
            sources=sources,
            bookmakers=bookmakers,
            also=also,
            markets=markets,
        )

    async def get_line_changes(
        self,
        event_ids: Sequence[str],
        instants: Sequence[datetime],
        before: timedelta,
        *,
        sources: Sequence[str] = ("live",),
        markets: Sequence[str] = (),
    ) -> LineChangeColumns:
        """Return every change of events' lines in the time up to an instant, each event's own.

        The first of a selection is the change that stood when that time began, however old; withdrawn ones too.
        """
        ((*columns,),) = await run(
            self._connection,
            "read_line_changes",
            {
                "event_ids": list(event_ids),
                "instants": list(instants),
                "before": before,
                "sources": list(sources),
                "markets": list(markets),
            },
        )
        return LineChangeColumns(*(column or [] for column in columns))
