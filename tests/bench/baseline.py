"""What storing an answer is measured against: COPY every quote, insert the same raw JSON, and nothing else."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from core.feed.values import EventOdds
from core.quotes import SelectionKey, selection_key

_TABLES = """
CREATE SCHEMA bench;
CREATE TABLE bench.quotes (
    selection_id integer,
    odds_timestamp timestamptz,
    price integer,
    point double precision,
    last_update timestamptz,
    PRIMARY KEY (selection_id, odds_timestamp)
);
CREATE TABLE bench.raw (event_id text, snapshot_time timestamptz, raw_data json);
"""
_HISTORY = (
    "INSERT INTO bench.quotes SELECT selection_id, fetched_at, -110, 3.5, fetched_at"
    " FROM operational.fetch_logs CROSS JOIN generate_series(1, $1) AS selection_id ORDER BY fetched_at"
)
_RAW = (
    "INSERT INTO bench.raw SELECT event_id, $2, CAST(raw AS json)"
    " FROM unnest($1::text[], $3::text[]) AS listed (event_id, raw)"
)
_COLUMNS = ("selection_id", "odds_timestamp", "price", "point", "last_update")
_Row = tuple[int, datetime, int, float | None, datetime | None]


class Baseline:
    """A narrow table of all quotes, with a primary key, and a plain table of the raw JSON."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._numbers: dict[tuple[str, SelectionKey], int] = {}

    async def prepare(self, quotes_an_answer: int) -> None:
        """Make the tables, with as many quotes as the answers that the database holds would have brought."""
        await self._connection.execute(_TABLES)
        await self._connection.execute(_HISTORY, quotes_an_answer)
        await self._connection.execute("ANALYZE bench.quotes")

    def rows(self, events: Sequence[EventOdds], at: datetime) -> list[_Row]:
        """Return an answer's quotes of events to come as rows, each selection by its number."""
        return [
            (
                self._numbers.setdefault((odds.event.event_id, selection_key(quote)), len(self._numbers) + 1),
                at,
                quote.price,
                quote.point,
                quote.last_update,
            )
            for odds in events
            if odds.event.commence_time > at
            for quote in odds.quotes
        ]

    async def store(self, rows: Sequence[_Row], events: Sequence[EventOdds], at: datetime) -> None:
        """Copy the quotes and insert the raw JSON, in one transaction."""
        async with self._connection.transaction():
            await self._connection.copy_records_to_table(
                "quotes", schema_name="bench", columns=_COLUMNS, records=rows
            )
            await self._connection.execute(
                _RAW, [odds.event.event_id for odds in events], at, [odds.raw for odds in events]
            )
