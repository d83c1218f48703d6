"""Read what was collected back as the answers that brought it."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.scope import Scope

# Only numbers are sorted and grouped here; the raw JSON is read by them, an answer at a time.
_ANSWERS = text(
    "SELECT at, coalesce(array_agg(snapshot_id ORDER BY commence_time, event_id)"
    "  FILTER (WHERE snapshot_id IS NOT NULL), '{}') AS snapshot_ids, scopes.markets, scopes.bookmakers,"
    " scopes.regions"
    " FROM ("
    "  SELECT snapshots.snapshot_time AS at, snapshots.id AS snapshot_id, snapshots.commence_time,"
    "   snapshots.event_id, snapshots.scope_id"
    "  FROM raw_data.odds_snapshots AS snapshots JOIN core_betting.events ON events.id = snapshots.event_id"
    "  WHERE snapshots.source = 'live' AND events.sport_key = :sport_key"
    "  UNION ALL"
    "  SELECT fetched_at, NULL, NULL, NULL, NULL FROM operational.fetch_logs"
    "  WHERE source = 'live' AND sport_key = :sport_key AND event_count = 0"
    " ) AS collected LEFT JOIN raw_data.request_scopes AS scopes ON scopes.id = collected.scope_id"
    " WHERE (CAST(:start AS timestamptz) IS NULL OR at >= :start)"
    " AND (CAST(:end AS timestamptz) IS NULL OR at <= :end)"
    " GROUP BY at, scopes.id ORDER BY at"
)
_RAW = text(
    "SELECT CAST(snapshots.raw_data AS text)"
    " FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS wanted (id, position)"
    " JOIN raw_data.odds_snapshots AS snapshots ON snapshots.id = wanted.id ORDER BY wanted.position"
)
_SPORTS = text("SELECT DISTINCT sport_key FROM operational.fetch_logs WHERE source = 'live' ORDER BY sport_key")


class StoredAnswer(NamedTuple):
    """An answer of the feed: when it was received (aware, UTC), the numbers of its snapshots, what was asked for.

    `scope` is None where the answer brought no event.
    """

    received_at: datetime
    snapshot_ids: list[int]
    scope: Scope | None


async def collected_sports(connection: AsyncConnection) -> list[str]:
    """Return the sports that were looked at."""
    return [sport_key for (sport_key,) in await connection.execute(_SPORTS)]


async def stored_answers(
    connection: AsyncConnection, sport_key: str, start: datetime | None, end: datetime | None
) -> list[StoredAnswer]:
    """Return the odds answers about a sport received from `start` to `end`, the earliest first."""
    wanted = {"sport_key": sport_key, "start": start, "end": end}
    return [
        StoredAnswer(
            at, ids, None if markets is None else Scope(tuple(markets), tuple(bookmakers), tuple(regions))
        )
        for at, ids, markets, bookmakers, regions in await connection.execute(_ANSWERS, wanted)
    ]


async def answer_bodies(
    connection: AsyncConnection, answers: list[StoredAnswer]
) -> AsyncIterator[tuple[StoredAnswer, bytes]]:
    """Yield each answer with its body as the feed sent it, but for the order of its events."""
    for answer in answers:
        rows = await connection.execute(_RAW, {"ids": answer.snapshot_ids})
        yield answer, f"[{','.join(raw for (raw,) in rows)}]".encode()
