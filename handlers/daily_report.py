"""What `odds validate daily` tells, as a value."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.planning.unwatched import UnwatchedSpan, unwatched_spans
from handlers.app import App
from storage.daily import read_day
from storage.validation.daily import DailyFindings, daily_findings
from storage.watching import read_known_starts, read_looks_about

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DailyReport:
    """A day (UTC) and what was found wrong with it; `unwatched` are the gaps between looks, by sport."""

    day: date
    findings: DailyFindings
    unwatched: dict[str, tuple[UnwatchedSpan, ...]]

    @property
    def is_clean(self) -> bool:
        """Tell whether the day needs no attention."""
        return self.findings.is_clean and not any(self.unwatched.values())


async def validate_day(app: App, day: date) -> DailyReport:
    """Return what the stored rows of a day leave to be desired, judged now."""
    now = app.clock.now()
    start = datetime.combine(day, time(), UTC)
    end = start + _DAY
    unwatched = {}
    async with app.database.transaction() as connection:
        rows = await read_day(connection, start, end, now)
        for sport_key in app.settings.collection.sports:
            spans = unwatched_spans(
                await read_looks_about(connection, sport_key, start, end),
                await read_known_starts(connection, sport_key),
                now=now,
                policy=app.planner_policy,
            )
            unwatched[sport_key] = tuple(span for span in spans if span.due < end and (span.until or now) > start)
    findings = daily_findings(rows.events, rows.polls, rows.open_issues, rows.bookmakers, now=now)
    return DailyReport(day, findings, unwatched)
