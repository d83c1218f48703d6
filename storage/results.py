"""Store what a scores answer says: results, and their corrections."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import ScoresAnswer
from storage.event_rows import EventRow
from storage.event_updates import listed, scored, store_events
from storage.issues import store_issues
from storage.locks import of_sport, take_lock
from storage.validators import issues_of_malformed

_NAMED = text(
    f"SELECT {', '.join(EventRow._fields)} FROM core_betting.events"  # noqa: S608
    " WHERE id = ANY (CAST(:event_ids AS text[]))"
)


@dataclass(frozen=True, slots=True)
class ResultsReport:
    """What a scores answer brought: counts of events."""

    named: int
    completed: int
    newly_final: int
    corrected: int
    malformed: int


async def store_results(
    connection: AsyncConnection,
    sport_key: str,
    answer: ScoresAnswer,
    at: datetime,
    *,
    job_run_id: int | None = None,
    is_locked: bool = False,
) -> ResultsReport:
    """Store a scores answer in the open transaction; events not seen before are stored too.

    Args:
        connection: An open transaction.
        sport_key: The sport that was asked for.
        answer: What could be read of the answer.
        at: When it was received, aware, in UTC.
        job_run_id: The run that asked.
        is_locked: Whether the transaction has the sport's lock.
    """
    if not is_locked:
        await take_lock(connection, of_sport(sport_key))
    before = await _known(connection, answer)
    after = [
        scored(listed(before.get(score.event.event_id), score.event, at, in_events_list=False), score, at)
        for score in answer.scores
    ]
    await store_events(connection, before, after, at)
    await store_issues(
        connection,
        sport_key=sport_key,
        at=at,
        opened=issues_of_malformed(answer.malformed),
        job_run_id=job_run_id,
        at_once=True,
    )
    return ResultsReport(
        named=len(answer.scores),
        completed=sum(score.completed for score in answer.scores),
        newly_final=sum(_has_result(row) and not _has_result(before.get(row.id)) for row in after),
        corrected=sum(_has_result(before.get(row.id)) and _score(row) != _score(before[row.id]) for row in after),
        malformed=len(answer.malformed),
    )


async def store_missing_results(
    connection: AsyncConnection,
    sport_key: str,
    answer: ScoresAnswer,
    at: datetime,
    *,
    job_run_id: int | None = None,
) -> ResultsReport:
    """Store the results of a scores answer that comes late, of events that have none: a newer answer's stays.

    The arguments are those of `store_results`.
    """
    await take_lock(connection, of_sport(sport_key))
    before = await _known(connection, answer)
    missing = tuple(
        score for score in answer.scores if score.completed and not _has_result(before.get(score.event.event_id))
    )
    found = answer._replace(scores=missing)
    return await store_results(connection, sport_key, found, at, job_run_id=job_run_id, is_locked=True)


async def _known(connection: AsyncConnection, answer: ScoresAnswer) -> dict[str, EventRow]:
    """Return the rows of the events that an answer names, by id, of those that are known."""
    ids = [score.event.event_id for score in answer.scores]
    return {row.id: row for row in map(EventRow._make, await connection.execute(_NAMED, {"event_ids": ids}))}


def _has_result(row: EventRow | None) -> bool:
    return row is not None and row.completed_at is not None


def _score(row: EventRow) -> tuple[int | None, int | None]:
    return row.home_score, row.away_score
