"""Bytes on disk for every quote seen, against a row of text for each."""

import asyncpg

from core.feed.payloads import parse_odds
from core.simulation.recording import answers
from tests.bench.figure import Figure
from tests.bench.material import Material
from tests.bench.season import SEASON
from tests.bench.server import BenchServer

_MOST_FOR_QUOTES = 8
_MOST_WITH_SNAPSHOTS = 13
_SAMPLE = 300
_BYTES = (
    "SELECT sum(pg_table_size(oid) - coalesce(pg_total_relation_size(nullif(reltoastrelid, 0)), 0)"
    " + pg_indexes_size(oid))::bigint FROM pg_class WHERE oid = ANY ($1::regclass[])"
)
_TEXT_ROWS = """
CREATE TABLE bench.text_rows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL,
    bookmaker_key text NOT NULL,
    bookmaker_title text NOT NULL,
    market_key text NOT NULL,
    outcome_name text NOT NULL,
    price integer NOT NULL,
    point double precision,
    odds_timestamp timestamptz NOT NULL,
    last_update timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX ON bench.text_rows (event_id);
CREATE INDEX ON bench.text_rows (bookmaker_key);
CREATE INDEX ON bench.text_rows (odds_timestamp);
CREATE INDEX ON bench.text_rows (event_id, bookmaker_key, market_key, odds_timestamp);
"""
_COLUMNS = (
    "event_id",
    "bookmaker_key",
    "bookmaker_title",
    "market_key",
    "outcome_name",
    "price",
    "point",
    "odds_timestamp",
    "last_update",
    "created_at",
)


async def size_figures(server: BenchServer, material: Material) -> list[Figure]:
    """Return the bytes per quote of the season, and those of a text row a quote on a part of the same quotes."""
    connection = await server.connect(SEASON)
    try:
        seen = await connection.fetchval("SELECT sum(quotes_seen)::bigint FROM operational.fetch_logs")
        quotes = await connection.fetchval(_BYTES, ["core_betting.quotes", "core_betting.selections"])
        snapshots = await connection.fetchval(_BYTES, ["raw_data.odds_snapshots"])
        text_rows, sampled = await _text_rows(connection, material)
    finally:
        await connection.close()
    method = (
        f"bytes on disk with all indexes, after {seen:,} quotes of events to come were seen at every snapshot; "
        f"the raw JSON, kept out of line, is left out"
    )
    other = (
        f"the same quotes, a row each in a table of text columns with a primary key and four indexes, for "
        f"{_SAMPLE} answers from the middle on ({sampled:,} quotes)"
    )
    alone, together = quotes / seen, (quotes + snapshots) / seen
    return [
        Figure(
            "bytes per quote seen: quotes and selections",
            f"{alone:.1f}",
            f"≤ {_MOST_FOR_QUOTES}",
            alone <= _MOST_FOR_QUOTES,
            method,
        ),
        Figure(
            "bytes per quote seen: with the snapshot rows",
            f"{together:.1f}",
            f"≤ {_MOST_WITH_SNAPSHOTS}",
            together <= _MOST_WITH_SNAPSHOTS,
            method,
        ),
        Figure("bytes per quote seen: a text row a quote", f"{text_rows / sampled:.0f}", "", None, other),
    ]


async def _text_rows(connection: asyncpg.Connection, material: Material) -> tuple[int, int]:
    """Return the bytes and the number of text rows, for some answers in a row."""
    await connection.execute("CREATE SCHEMA IF NOT EXISTS bench; DROP TABLE IF EXISTS bench.text_rows")
    await connection.execute(_TEXT_ROWS)
    middle = await connection.fetchval(
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY fetched_at) FROM operational.fetch_logs"
    )
    count = 0
    for number, answer in enumerate(answers(material.recording, start=middle)):
        if number == _SAMPLE:
            break
        rows = [
            (
                odds.event.event_id,
                quote.bookmaker_key,
                titles[quote.bookmaker_key],
                quote.market_key,
                quote.outcome_name,
                quote.price,
                quote.point,
                answer.fetched_at,
                quote.last_update,
                answer.fetched_at,
            )
            for odds in parse_odds(answer.body).events
            if odds.event.commence_time > answer.fetched_at
            for titles in [dict(odds.bookmakers)]
            for quote in odds.quotes
        ]
        count += len(rows)
        await connection.copy_records_to_table("text_rows", schema_name="bench", columns=_COLUMNS, records=rows)
    return await connection.fetchval(_BYTES, ["bench.text_rows"]), count
