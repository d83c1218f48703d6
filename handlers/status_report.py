"""What `odds status show` tells, as a value: what is there, what comes next, and what went wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.planning.mass_moves import MassMove, mass_moves
from core.planning.unwatched import UnwatchedSpan, unwatched_spans
from core.planning.values import Balance
from core.triggers.base import Trigger
from handlers.app import App
from handlers.due import due_triggers
from handlers.planning import balance_of
from handlers.replay_report import ClosingCoverage, closing_coverage
from storage.closing import Close, read_last_closes
from storage.pending import overdue_runs
from storage.schedule import read_balance
from storage.status import (
    FailedRun,
    OpenIssueGroup,
    SportFacts,
    read_database_size,
    read_failures,
    read_open_issues,
    read_sports,
)
from storage.summary import Totals, read_totals
from storage.watching import read_known_starts, read_looks

FAILURES_SHOWN_FOR = timedelta(days=7)
LAST_CLOSES = 100
_OVERDUE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SportReport:
    """One sport: its facts, the spans without a look that was due, and the starts that moved together."""

    facts: SportFacts
    unwatched: tuple[UnwatchedSpan, ...]
    mass_moves: tuple[MassMove, ...]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The whole, at one instant.

    `closing` is about the last events that started (`closes`), `failures` about the last week. `overdue` are runs
    that were planned for an instant that has passed: nothing runs them.
    """

    now: datetime
    database: str
    database_bytes: int
    totals: Totals
    sports: tuple[SportReport, ...]
    next_runs: tuple[Trigger, ...]
    overdue: tuple[Trigger, ...]
    failures: tuple[FailedRun, ...]
    closing: ClosingCoverage
    closes: tuple[Close, ...]
    issues: tuple[OpenIssueGroup, ...]
    balance: Balance | None


async def read_status(app: App) -> StatusReport:
    """Return how the collector does."""
    next_runs = await due_triggers(app)
    now = app.clock.now()
    async with app.database.transaction() as connection:
        sports = []
        for facts in await read_sports(connection, app.settings.collection.sports, now):
            looks = await read_looks(connection, facts.sport_key)
            starts = await read_known_starts(connection, facts.sport_key)
            spans = unwatched_spans(looks, starts, now=now, policy=app.planner_policy)
            sports.append(SportReport(facts, tuple(spans), tuple(mass_moves(starts))))
        overdue = [
            trigger for trigger in (await overdue_runs(connection, now)).values() if now - trigger.at > _OVERDUE
        ]
        failures = await read_failures(connection, now - FAILURES_SHOWN_FOR, now)
        issues = await read_open_issues(connection)
        balance = balance_of(await read_balance(connection), app.settings.feed.quota)
        closes = await read_last_closes(connection, LAST_CLOSES)
        url = app.database.url
        return StatusReport(
            now=now,
            database=f"{url.database} at {url.address}",
            database_bytes=await read_database_size(connection),
            totals=await read_totals(connection),
            sports=tuple(sports),
            next_runs=tuple(next_runs),
            overdue=tuple(overdue),
            failures=tuple(failures),
            closing=closing_coverage(closes),
            closes=tuple(closes),
            issues=tuple(issues),
            balance=balance,
        )
