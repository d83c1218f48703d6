"""What a database holds, counted."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

_TOTALS = text(
    "SELECT"
    " (SELECT count(*) FROM operational.fetch_logs WHERE source = 'live'),"
    " (SELECT count(*) FROM core_betting.events),"
    " (SELECT count(*) FROM raw_data.odds_snapshots),"
    " (SELECT coalesce(sum(quotes_seen), 0) FROM operational.fetch_logs),"
    " (SELECT count(*) FROM core_betting.quotes),"
    " (SELECT count(*) FROM core_betting.quotes WHERE price IS NULL),"
    " (SELECT count(*) FROM operational.data_quality_logs),"
    " (SELECT count(*) FROM operational.data_quality_logs WHERE closed_at IS NULL),"
    " (SELECT coalesce(sum(charged), 0) FROM operational.credit_ledger),"
    " (SELECT coalesce(sum(charged), 0) FROM operational.credit_ledger WHERE endpoint LIKE '%/scores')"
)
_STATUSES = text("SELECT status, count(*) FROM core_betting.events GROUP BY status ORDER BY status")
_RUNS = text("SELECT outcome, count(*) FROM operational.job_runs GROUP BY outcome ORDER BY outcome")
_SIZES = text(
    "SELECT"
    " (SELECT sum(pg_table_size(oid) + pg_indexes_size(oid)) FROM pg_class"
    "  WHERE oid IN ('core_betting.quotes'::regclass, 'core_betting.selections'::regclass)),"
    " (SELECT sum(pg_relation_size(oid) + pg_indexes_size(oid)) FROM pg_class"
    "  WHERE oid = 'raw_data.odds_snapshots'::regclass),"
    " (SELECT coalesce(pg_total_relation_size(reltoastrelid), 0) FROM pg_class"
    "  WHERE oid = 'raw_data.odds_snapshots'::regclass)"
)


class Totals(NamedTuple):
    """Counts over the whole database; `looks` are answered odds calls, credits are those charged."""

    looks: int
    events: int
    snapshots: int
    quotes_seen: int
    quotes_stored: int
    withdrawals: int
    issues: int
    open_issues: int
    credits_spent: int
    credits_spent_on_scores: int


class Sizes(NamedTuple):
    """Bytes on disk with indexes; the raw JSON is kept out of line, apart from the snapshots' rows."""

    quotes_bytes: int
    snapshots_bytes: int
    raw_json_bytes: int


async def read_totals(connection: AsyncConnection) -> Totals:
    """Return what the database holds, counted."""
    return Totals(*(int(value) for value in (await connection.execute(_TOTALS)).one()))


async def read_sizes(connection: AsyncConnection) -> Sizes:
    """Return the bytes that odds take."""
    return Sizes(*(int(value) for value in (await connection.execute(_SIZES)).one()))


async def read_statuses(connection: AsyncConnection) -> Mapping[str, int]:
    """Return how many events have each status."""
    return await _counts(connection, _STATUSES)


async def read_run_outcomes(connection: AsyncConnection) -> Mapping[str, int]:
    """Return how many runs ended in each way."""
    return await _counts(connection, _RUNS)


async def _counts(connection: AsyncConnection, query: TextClause) -> dict[str, int]:
    return {row[0]: row[1] for row in await connection.execute(query)}
