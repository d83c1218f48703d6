"""The rows of a day that `storage.validation.daily` judges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.planning.unwatched import GRACE
from core.quality import IssueType, Severity
from core.sports import has_scores, usual_duration
from core.tiers import Tier
from storage.pending import overdue_runs
from storage.validation.daily import BookmakerQuotes, EventDay, OpenIssues, PlannedPoll

_EVENTS = text(
    "SELECT events.id, events.sport_key, coalesce(events.away_team || ' at ' || events.home_team, events.id),"
    " events.scheduled_commence_time, events.status,"
    " events.home_score IS NOT NULL AND events.away_score IS NOT NULL, looks.of_day, looks.closing"
    " FROM core_betting.events"
    " CROSS JOIN LATERAL ("
    "  SELECT count(*) FILTER (WHERE snapshot_time >= :start AND snapshot_time < :end) AS of_day,"
    "   count(*) FILTER (WHERE fetch_tier = :closing) AS closing"
    "  FROM raw_data.odds_snapshots AS snapshots"
    "  WHERE snapshots.event_id = events.id AND snapshots.source = 'live'"
    " ) AS looks"
    " WHERE events.scheduled_commence_time >= :start AND events.scheduled_commence_time < :end"
    " AND events.first_seen_at < events.scheduled_commence_time"
    " AND NOT EXISTS (SELECT FROM raw_data.odds_snapshots AS imported"
    "  WHERE imported.event_id = events.id AND imported.source = 'import')"
)
_POLLS = text(
    "SELECT job, sport_key, scheduled_at, outcome, reason"
    " FROM operational.job_runs"
    " WHERE scheduled_at >= :start AND scheduled_at < :end"
    " AND (outcome <> 'skipped' OR started_at - scheduled_at > :grace)"
)
_ISSUES = text(
    "SELECT issue_type, severity, count(*) FROM operational.data_quality_logs"
    " WHERE opened_at < :end AND (closed_at IS NULL OR closed_at >= :end) GROUP BY issue_type, severity"
)
# By the day's snapshots, which an index finds: no index finds quotes by their instant alone.
BOOKMAKERS = text(
    "SELECT selections.bookmaker_key, count(*), count(quotes.validation_notes)"
    " FROM (SELECT DISTINCT event_id FROM raw_data.odds_snapshots"
    "  WHERE snapshot_time >= :start AND snapshot_time < :end AND source = 'live') AS seen"
    " JOIN core_betting.selections ON selections.event_id = seen.event_id AND selections.source = 'live'"
    " JOIN core_betting.quotes ON quotes.selection_id = selections.id"
    "  AND quotes.odds_timestamp >= :start AND quotes.odds_timestamp < :end"
    " WHERE quotes.price IS NOT NULL GROUP BY selections.bookmaker_key"
)


@dataclass(frozen=True, slots=True)
class DayRows:
    """What is stored about a day."""

    events: tuple[EventDay, ...]
    polls: tuple[PlannedPoll, ...]
    open_issues: tuple[OpenIssues, ...]
    bookmakers: tuple[BookmakerQuotes, ...]


async def read_day(connection: AsyncConnection, start: datetime, end: datetime, now: datetime) -> DayRows:
    """Return the rows of the day from `start` to before `end`, aware and in UTC.

    Events count on the day of their start, polls on the day for which they were planned; a poll that a job skipped
    on time is left out: the plan, made anew, asked for nothing. Issues are those open at the end of the day.
    """
    day = {"start": start, "end": end}
    found = await connection.execute(_EVENTS, {**day, "closing": Tier.CLOSING.value})
    events = [_event_day(row) for row in found]
    polls = [PlannedPoll(*row) for row in await connection.execute(_POLLS, {**day, "grace": GRACE})]
    polls += [
        PlannedPoll(trigger.job, trigger.sport_key, trigger.at, None, "nothing ran")
        for trigger in (await overdue_runs(connection, now)).values()
        if start <= trigger.at < end and now - trigger.at > GRACE
    ]
    issues = [
        OpenIssues(IssueType(issue_type), Severity(severity), count)
        for issue_type, severity, count in await connection.execute(_ISSUES, {"end": end})
    ]
    bookmakers = [BookmakerQuotes(*row) for row in await connection.execute(BOOKMAKERS, day)]
    return DayRows(tuple(events), tuple(polls), tuple(issues), tuple(bookmakers))


def _event_day(row: Sequence[Any]) -> EventDay:
    event_id, sport_key, title, commence_time, status, scored, snapshots, closing = row
    return EventDay(
        event_id=event_id,
        title=title,
        commence_time=commence_time,
        expected_end=commence_time + usual_duration(sport_key),
        status=status,
        has_scores=scored or not has_scores(sport_key),
        snapshots=snapshots,
        closing_snapshots=closing,
    )
