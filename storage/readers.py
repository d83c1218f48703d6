"""Read events and odds as code needs them; a person with psql has the views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.event_rows import EventRow
from storage.statements import fetch, run

_ODDS_AT = "SELECT * FROM core_betting.odds_at(:event_id, :at, CAST(:sources AS text[]))"
_ODDS_OF_MANY = (
    "SELECT known.* FROM unnest(CAST(:event_ids AS text[])) WITH ORDINALITY AS wanted (event_id, number)"
    " CROSS JOIN LATERAL core_betting.odds_at(wanted.event_id, :at, CAST(:sources AS text[]))"
    "  WITH ORDINALITY AS known"
    " ORDER BY wanted.number, known.ordinality"
)


class OddsRow(NamedTuple):
    """One quote as of an instant; `seen_at` is the newest snapshot that looked at it, all instants aware UTC."""

    event_id: str
    bookmaker_key: str
    bookmaker_title: str
    market_key: str
    outcome_name: str
    description: str | None
    price: int
    point: float | None
    odds_timestamp: datetime
    last_update: datetime | None
    is_valid: bool
    validation_notes: str | None
    source: str
    selection_id: int
    snapshot_id: int
    seen_at: datetime


class LineMove(NamedTuple):
    """One change of a line; no price means withdrawn, no previous price opened or come back."""

    bookmaker_key: str
    market_key: str
    outcome_name: str
    description: str | None
    odds_timestamp: datetime
    previous_price: int | None
    price: int | None
    previous_point: float | None
    point: float | None


class BestPrice(NamedTuple):
    """The best price on an outcome at a point, and the bookmakers that offer it."""

    market_key: str
    outcome_name: str
    description: str | None
    point: float | None
    price: int
    bookmaker_keys: tuple[str, ...]


class Comparison(NamedTuple):
    """What every bookmaker offers on one outcome: its quotes, the best price first."""

    market_key: str
    outcome_name: str
    description: str | None
    quotes: tuple[OddsRow, ...]


class ClosingLine(NamedTuple):
    """The last quote of a selection before the start of an event that has started; instants are aware UTC."""

    event_id: str
    sport_key: str
    commence_time: datetime
    home_team: str | None
    away_team: str | None
    bookmaker_key: str
    market_key: str
    outcome_name: str
    description: str | None
    price: int
    point: float | None
    odds_timestamp: datetime
    seen_at: datetime
    is_valid: bool
    source: str


_Row = TypeVar("_Row", LineMove, EventRow)


class OddsReader:
    """Reads on an open connection; every read of odds is as of an instant, never from after it."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Read on this connection."""
        self._connection = connection

    async def get_odds_at_time(
        self, event_id: str, at: datetime, *, sources: Sequence[str] = ("live",)
    ) -> list[OddsRow]:
        """Return the odds of an event as we knew them at an instant; after the start, the close."""
        parameters = {"event_id": event_id, "at": at, "sources": list(sources)}
        return [OddsRow(*row) for row in await fetch(self._connection, _ODDS_AT, parameters)]

    async def get_odds_of_events(
        self, event_ids: Sequence[str], at: datetime, *, sources: Sequence[str] = ("live",)
    ) -> list[OddsRow]:
        """Return what `get_odds_at_time` does for one event after another, in one round trip."""
        parameters = {"event_ids": list(event_ids), "at": at, "sources": list(sources)}
        return [OddsRow(*row[:-1]) for row in await fetch(self._connection, _ODDS_OF_MANY, parameters)]

    async def get_line_movement(
        self,
        event_id: str,
        *,
        market_key: str | None = None,
        bookmaker_key: str | None = None,
        until: datetime | None = None,
    ) -> list[LineMove]:
        """Return every change of an event's lines up to an instant, the oldest first."""
        return await self._read(
            LineMove,
            "analytics.line_movement",
            "odds_timestamp, bookmaker_key, market_key, outcome_name, description",
            ("event_id = :event_id", event_id),
            ("market_key = :market_key", market_key),
            ("bookmaker_key = :bookmaker_key", bookmaker_key),
            ("odds_timestamp <= :until", until),
        )

    async def get_best_odds(
        self, event_id: str, at: datetime, *, market_key: str | None = None
    ) -> list[BestPrice]:
        """Return the best valid price on every outcome and point, as we knew it at an instant."""
        best: dict[tuple[str, str, str | None, float | None], list[OddsRow]] = {}
        for row in await self.get_odds_at_time(event_id, at):
            if row.is_valid and not row.market_key.endswith("_lay") and market_key in (None, row.market_key):
                best.setdefault((row.market_key, row.outcome_name, row.description, row.point), []).append(row)
        return [
            BestPrice(*key, highest, tuple(row.bookmaker_key for row in rows if row.price == highest))
            for key, rows in best.items()
            for highest in [max(row.price for row in rows)]
        ]

    async def compare_bookmakers(self, event_id: str, market_key: str, at: datetime) -> list[Comparison]:
        """Return what every bookmaker offered on each outcome of a market at an instant, the best price first."""
        outcomes: dict[tuple[str, str | None], list[OddsRow]] = {}
        for row in await self.get_odds_at_time(event_id, at):
            if row.market_key == market_key:
                outcomes.setdefault((row.outcome_name, row.description), []).append(row)
        return [
            Comparison(market_key, outcome_name, description, tuple(sorted(rows, key=lambda row: -row.price)))
            for (outcome_name, description), rows in outcomes.items()
        ]

    async def get_closing_lines(
        self,
        start: datetime,
        end: datetime,
        *,
        sport_key: str | None = None,
        market_key: str | None = None,
        bookmaker_key: str | None = None,
        sources: Sequence[str] = ("live",),
    ) -> list[ClosingLine]:
        """Return the close of the events that started in `[start, end)`, the earliest first."""
        asked = {
            "start": start,
            "end": end,
            "sport_key": sport_key,
            "market_key": market_key,
            "bookmaker_key": bookmaker_key,
            "sources": list(sources),
        }
        return [ClosingLine(*row) for row in await run(self._connection, "read_closing_lines", asked)]

    async def get_events_by_date_range(
        self, start: datetime, end: datetime, *, sport_key: str | None = None, status: str | None = None
    ) -> list[EventRow]:
        """Return the events that start in `[start, end)`, the earliest first."""
        return await self._read(
            EventRow,
            "core_betting.events",
            "commence_time, id",
            ("commence_time >= :start", start),
            ("commence_time < :end", end),
            ("sport_key = :sport_key", sport_key),
            ("status = :status", status),
        )

    async def _read(self, kind: type[_Row], relation: str, order: str, *conditions: tuple[str, Any]) -> list[_Row]:
        """Return the rows that meet the conditions that are given; the parameter of each stands at its end."""
        given = [(condition, value) for condition, value in conditions if value is not None]
        rows = await fetch(
            self._connection,
            f"SELECT {', '.join(kind._fields)} FROM {relation}"  # noqa: S608
            f" WHERE {' AND '.join(condition for condition, _ in given)} ORDER BY {order}",
            {condition.rpartition(":")[2]: value for condition, value in given},
        )
        return [kind(*row) for row in rows]
