"""What stands out in what was collected: where the looks went, the moves of the lines, the starts put off."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LOOKS = text(
    "SELECT tier, started_at, reason FROM operational.job_runs"
    " WHERE job = 'fetch-odds' AND outcome = 'stored' ORDER BY started_at, id"
)
_SNAPSHOTS_BY_TIER = text("SELECT fetch_tier, count(*) FROM raw_data.odds_snapshots GROUP BY fetch_tier")
_LOOKS_AT_EVENT = text(
    "SELECT snapshot_time, fetch_tier, commence_time - snapshot_time FROM raw_data.odds_snapshots"
    " WHERE event_id = :event_id AND commence_time > snapshot_time ORDER BY snapshot_time"
)
_MOVES = text(
    "SELECT close.event_id, close.away_team, close.home_team, close.market_key, close.outcome_name,"
    " open.point, open.price, open.before_start, close.point, close.price, close.close_age"
    " FROM analytics.closing_lines AS close"
    " JOIN analytics.opening_lines AS open USING (event_id, bookmaker_key, market_key, outcome_name)"
    " WHERE bookmaker_key = :bookmaker_key AND (market_key = 'totals' AND outcome_name = 'Over'"
    "  OR market_key = 'spreads' AND outcome_name = close.home_team)"
    " ORDER BY abs(close.point - open.point) DESC, close.commence_time, event_id, market_key LIMIT :count"
)
_STEAM = text(
    "WITH looks AS ("
    " SELECT event_id, snapshot_time,"
    "  lag(snapshot_time) OVER (PARTITION BY event_id ORDER BY snapshot_time) AS look_before"
    " FROM raw_data.odds_snapshots WHERE commence_time > snapshot_time"
    ")"
    " SELECT moves.event_id, min(moves.away_team), min(moves.home_team), moves.market_key, moves.outcome_name,"
    "  looks.look_before, moves.odds_timestamp, min(moves.before_start), count(*),"
    "  percentile_cont(0.5) WITHIN GROUP (ORDER BY moves.previous_point),"
    "  percentile_cont(0.5) WITHIN GROUP (ORDER BY moves.point)"
    " FROM analytics.line_movement AS moves"
    " JOIN looks ON looks.event_id = moves.event_id AND looks.snapshot_time = moves.odds_timestamp"
    " WHERE abs(moves.point_change) >= 1 AND looks.look_before >= moves.odds_timestamp - CAST(:within AS interval)"
    "  AND (moves.market_key = 'totals' AND moves.outcome_name = 'Over'"
    "   OR moves.market_key = 'spreads' AND moves.outcome_name = moves.home_team)"
    " GROUP BY moves.event_id, moves.market_key, moves.outcome_name, looks.look_before, moves.odds_timestamp,"
    "  sign(moves.point_change)"
    " HAVING count(*) >= :least"
    " ORDER BY count(*) DESC, abs(avg(moves.point_change)) DESC, moves.odds_timestamp LIMIT 1"
)
_CHANGED_STARTS = text(
    "SELECT events.id, events.away_team, events.home_team, changes.seen_at, changes.before, changes.commence_time,"
    " events.status"
    " FROM core_betting.events"
    " CROSS JOIN LATERAL ("
    "  SELECT starts.seen_at, starts.commence_time,"
    "   lag(starts.commence_time) OVER (ORDER BY starts.seen_at) AS before"
    "  FROM core_betting.commence_time_changes AS starts WHERE starts.event_id = events.id"
    " ) AS changes"
    " WHERE changes.before > changes.seen_at AND changes.commence_time > changes.seen_at"
    " ORDER BY changes.seen_at, events.id"
)
_CALLED_OFF = text(
    "SELECT events.id, events.away_team, events.home_team, changes.status, changes.changed_at, changes.reason"
    " FROM core_betting.event_status_changes AS changes"
    " JOIN core_betting.events ON events.id = changes.event_id"
    " WHERE changes.status IN ('postponed', 'cancelled') ORDER BY changes.changed_at, changes.id"
)
_BYTES_RECEIVED = text(
    "SELECT coalesce(sum(byte_count), 0)::bigint FROM raw_data.api_responses WHERE endpoint LIKE '%/odds'"
)
_IN_PLAY_QUOTES = text(
    "SELECT count(*) FROM core_betting.quotes JOIN raw_data.odds_snapshots AS snapshots"
    " ON snapshots.id = quotes.snapshot_id"
    " WHERE snapshots.commence_time <= snapshots.snapshot_time AND quotes.price IS NOT NULL"
)


class Look(NamedTuple):
    """A stored look as the ledger has it: the tier it was planned for (None for the first), when, and why."""

    tier: str | None
    at: datetime
    reason: str


class EventLook(NamedTuple):
    """A look as one event saw it, before its start."""

    at: datetime
    tier: str
    before_start: timedelta


class OpenToClose(NamedTuple):
    """A line at one bookmaker from its first quote to its close."""

    event_id: str
    away_team: str | None
    home_team: str | None
    market_key: str
    outcome_name: str
    opening_point: float
    opening_price: int
    opened_before_start: timedelta
    closing_point: float
    closing_price: int
    close_age: timedelta


class Steam(NamedTuple):
    """A line that several bookmakers moved the same way between two looks; points are medians over them."""

    event_id: str
    away_team: str | None
    home_team: str | None
    market_key: str
    outcome_name: str
    look_before: datetime
    at: datetime
    before_start: timedelta
    bookmaker_count: int
    point_before: float
    point: float


class ChangedStart(NamedTuple):
    """A start that the feed changed before it had passed; instants are aware UTC."""

    event_id: str
    away_team: str | None
    home_team: str | None
    seen_at: datetime
    before: datetime
    commence_time: datetime
    status: str


class CalledOff(NamedTuple):
    """An event found to be postponed or cancelled, when, and what told."""

    event_id: str
    away_team: str | None
    home_team: str | None
    status: str
    at: datetime
    reason: str


async def read_looks(connection: AsyncConnection) -> list[Look]:
    """Return every look that was stored, the oldest first."""
    return [Look(*row) for row in await connection.execute(_LOOKS)]


async def read_snapshots_by_tier(connection: AsyncConnection) -> dict[str, int]:
    """Return how many snapshots fell into each tier of their own event."""
    return {row[0]: row[1] for row in await connection.execute(_SNAPSHOTS_BY_TIER)}


async def read_event_looks(connection: AsyncConnection, event_id: str) -> list[EventLook]:
    """Return the looks at an event before its start, the oldest first."""
    return [EventLook(*row) for row in await connection.execute(_LOOKS_AT_EVENT, {"event_id": event_id})]


async def read_largest_moves(connection: AsyncConnection, bookmaker_key: str, count: int) -> list[OpenToClose]:
    """Return the spreads and totals that moved farthest at a bookmaker from opening to close."""
    values = {"bookmaker_key": bookmaker_key, "count": count}
    return [OpenToClose(*row) for row in await connection.execute(_MOVES, values)]


async def read_steam(connection: AsyncConnection, *, within: timedelta, least: int) -> Steam | None:
    """Return the move that most bookmakers made together by a point or more, between two looks that near."""
    row = (await connection.execute(_STEAM, {"within": within, "least": least})).one_or_none()
    return None if row is None else Steam(*row)


async def read_changed_starts(connection: AsyncConnection) -> list[ChangedStart]:
    """Return every change of a start that had not passed, the oldest first."""
    return [ChangedStart(*row) for row in await connection.execute(_CHANGED_STARTS)]


async def read_called_off(connection: AsyncConnection) -> list[CalledOff]:
    """Return what was found to be postponed or cancelled, the oldest first."""
    return [CalledOff(*row) for row in await connection.execute(_CALLED_OFF)]


async def read_bytes_received(connection: AsyncConnection) -> int:
    """Return the bytes of all odds answers, decompressed."""
    received: int = (await connection.execute(_BYTES_RECEIVED)).scalar_one()
    return received


async def read_in_play_quotes(connection: AsyncConnection) -> int:
    """Return how many prices came from an event in play: none, if all is well."""
    taken: int = (await connection.execute(_IN_PLAY_QUOTES)).scalar_one()
    return taken
