"""What an operator wants to know at a glance: sports, runs that failed, issues that are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LONGEST_RUN = timedelta(minutes=15)
"""A run that has been under way for longer has died."""

_SIZE = text("SELECT pg_database_size(current_database())")
_EVENTS = text(
    "SELECT sport_key, status, count(*), min(commence_time) FILTER (WHERE commence_time > :now)"
    " FROM core_betting.events GROUP BY sport_key, status ORDER BY sport_key, status"
)
_LAST = text(
    "SELECT"
    " (SELECT fetched_at FROM operational.fetch_logs WHERE sport_key = :sport_key AND source = 'live'"
    "  ORDER BY fetched_at DESC LIMIT 1),"
    " (SELECT received_at FROM raw_data.api_responses"
    "  WHERE endpoint = '/v4/sports/' || CAST(:sport_key AS text) || '/events' AND error IS NULL"
    "  ORDER BY received_at DESC LIMIT 1),"
    " (SELECT received_at FROM raw_data.api_responses"
    "  WHERE endpoint = '/v4/sports/' || CAST(:sport_key AS text) || '/scores' AND error IS NULL"
    "  ORDER BY received_at DESC LIMIT 1)"
)
_FAILURES = text(
    "SELECT id, job, sport_key, scheduled_at, started_at, tier,"
    " CASE outcome WHEN 'running' THEN 'it never ended' ELSE reason END ||"
    " CASE WHEN EXISTS ("
    "  SELECT FROM operational.credit_reservations AS held WHERE held.job_run_id = job_runs.id"
    "  AND held.settled_at IS NULL AND NOT EXISTS ("
    "   SELECT FROM operational.credit_ledger AS calls WHERE calls.job_run_id = held.job_run_id"
    "   AND calls.expected > 0 AND calls.recorded_at >= held.reserved_at"
    "  )"
    " ) THEN '; an answer that was paid for may be lost' ELSE '' END"
    " FROM operational.job_runs"
    " WHERE started_at >= :since AND (outcome = 'failed' OR outcome = 'running' AND started_at < :died_before)"
    " ORDER BY started_at DESC, id DESC"
)
_ISSUES = text(
    "SELECT severity, issue_type, count(*), min(opened_at), max(opened_at),"
    " (array_agg(description ORDER BY opened_at DESC, id DESC))[1]"
    " FROM operational.data_quality_logs WHERE closed_at IS NULL GROUP BY severity, issue_type"
    " ORDER BY array_position(ARRAY['error', 'warning', 'info'], severity), count(*) DESC, issue_type"
)


@dataclass(frozen=True, slots=True)
class SportFacts:
    """A sport's events by status, and when it was last looked at; instants are aware UTC, None for never."""

    sport_key: str
    statuses: Mapping[str, int]
    next_start: datetime | None
    last_look: datetime | None
    last_listing: datetime | None
    last_scores: datetime | None


class FailedRun(NamedTuple):
    """A run that failed or died, with its reason."""

    number: int
    job: str
    sport_key: str
    scheduled_at: datetime
    started_at: datetime
    tier: str | None
    reason: str


class OpenIssueGroup(NamedTuple):
    """The open issues of one type, with the newest one's description."""

    severity: str
    issue_type: str
    open_count: int
    oldest: datetime
    newest: datetime
    example: str


async def read_database_size(connection: AsyncConnection) -> int:
    """Return the bytes that the whole database takes."""
    return int((await connection.execute(_SIZE)).scalar_one())


async def read_sports(connection: AsyncConnection, sports: tuple[str, ...], now: datetime) -> list[SportFacts]:
    """Return the facts of the sports named, and of any other that has events."""
    statuses: dict[str, dict[str, int]] = {sport_key: {} for sport_key in sports}
    next_starts: dict[str, list[datetime]] = {}
    for sport_key, status, count, next_start in await connection.execute(_EVENTS, {"now": now}):
        statuses.setdefault(sport_key, {})[status] = count
        if next_start is not None and status == "scheduled":
            next_starts.setdefault(sport_key, []).append(next_start)
    facts = []
    for sport_key, counts in statuses.items():
        last = (await connection.execute(_LAST, {"sport_key": sport_key})).one()
        facts.append(SportFacts(sport_key, counts, min(next_starts.get(sport_key, []), default=None), *last))
    return facts


async def read_failures(connection: AsyncConnection, since: datetime, now: datetime) -> list[FailedRun]:
    """Return the runs since an instant that failed or died, the newest first.

    Of one that died with credits set aside, of whose call nothing is logged, the reason says what that may mean.
    """
    rows = await connection.execute(_FAILURES, {"since": since, "died_before": now - LONGEST_RUN})
    return [FailedRun(*row) for row in rows]


async def read_open_issues(connection: AsyncConnection) -> list[OpenIssueGroup]:
    """Return the open issues by severity and type, the worst and most frequent first."""
    return [OpenIssueGroup(*row) for row in await connection.execute(_ISSUES)]
