"""What a person is told of a run, a heartbeat and what they found; nothing unless alerts are on."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import Alert, AlertKind, Severity
from core.errors import LinekeeperError
from core.feed.credits import odds_cost
from core.planning.credits import spendable_credits
from core.planning.wording import counted
from core.quality import IssueType
from core.quality import Severity as IssueSeverity
from core.triggers.base import Trigger
from handlers import fetch_odds, update_status
from handlers.app import App
from handlers.heartbeat import HeartbeatReport, check_chain
from handlers.jobs import JobReport
from handlers.planning import balance_of
from handlers.runs import run_job
from storage.closing import read_new_closes
from storage.connection_errors import FAILURES
from storage.issues import issues_opened_since
from storage.runs import RunOutcome
from storage.schedule import read_balance

READING_SECONDS = 5
"""How long may be spent, once a run has ended, on reading what is only told of it."""

_log = structlog.get_logger(__name__)

Found = tuple[AlertKind, Severity, str]


async def run_and_tell(app: App, trigger: Trigger) -> JobReport:
    """Run what a trigger fires, and tell of a failure, a missed close, low credits, bad data and large moves.

    What the run raises is raised.
    """
    started_at = app.clock.now()
    try:
        report = await run_job(app, trigger)
    except Exception as error:
        reason = str(error) if isinstance(error, LinekeeperError) else type(error).__name__
        await _tell(app, trigger, AlertKind.RUN_FAILED, Severity.WARNING, reason)
        raise
    if app.alerts is not None:
        for kind, severity, text in await _found(app, trigger, report, started_at):
            await _tell(app, trigger, kind, severity, text)
    return report


async def beat_and_tell(app: App) -> HeartbeatReport:
    """Check the chain of triggers, and tell when it was broken."""
    report = await check_chain(app)
    if app.alerts is not None and (report.repaired or report.failed):
        severity = Severity.CRITICAL if report.failed else Severity.WARNING
        text = "; ".join(
            [f"armed again: {name}" for name in report.repaired]
            + [f"armed without a plan: {name}" for name in report.failed if name not in report.unarmed]
            + [f"could not be armed: {name}" for name in report.unarmed]
        )
        await app.alerts.tell(Alert(AlertKind.BROKEN_CHAIN, severity, text, job="heartbeat"))
    return report


async def _found(app: App, trigger: Trigger, report: JobReport, started_at: datetime) -> list[Found]:
    """Return what is to be told after a good run; the run stays a good one though this cannot be read."""
    listed = trigger.job == update_status.NAME and report.outcome is RunOutcome.STORED
    try:
        async with asyncio.timeout(READING_SECONDS), app.database.transaction() as connection:
            return [
                *await _credits(app, connection),
                *(await _closes(connection, trigger) if listed else ()),
                *(await _data(connection, trigger, started_at) if trigger.job == fetch_odds.NAME else ()),
            ]
    except (*FAILURES, TimeoutError) as error:
        _log.warning("alert.not_looked_for", job=trigger.job, reason=type(error).__name__)
        return []


async def _tell(app: App, trigger: Trigger, kind: AlertKind, severity: Severity, text: str) -> None:
    if app.alerts is not None:
        await app.alerts.tell(Alert(kind, severity, text, job=trigger.job, sport_key=trigger.sport_key))


async def _credits(app: App, connection: AsyncConnection) -> list[Found]:
    balance = balance_of(await read_balance(connection), app.settings.feed.quota)
    if balance is None or balance.resets_at <= app.clock.now():
        return []
    spendable = spendable_credits(balance, app.clock.now(), app.planner_policy, closing=False) or 0
    if spendable >= odds_cost(app.settings.collection.scope):
        return []
    severity = Severity.CRITICAL if balance.remaining <= 0 else Severity.WARNING
    text = f"{balance.remaining} of {balance.plan_size} credits are left: enough for closing looks alone"
    return [(AlertKind.LOW_CREDITS, severity, text)]


async def _closes(connection: AsyncConnection, trigger: Trigger) -> list[Found]:
    closes = await read_new_closes(connection, trigger.job, trigger.sport_key, trigger.at)
    missed = [f"{close.away_team} at {close.home_team}" for close in closes if close.is_missed]
    if not missed:
        return []
    return [(AlertKind.MISSED_CLOSE, Severity.WARNING, f"no look in the hour before: {', '.join(missed)}")]


async def _data(connection: AsyncConnection, trigger: Trigger, started_at: datetime) -> list[Found]:
    opened = await issues_opened_since(connection, trigger.sport_key, started_at)
    return list(_of_issues(opened))


def _of_issues(opened: Mapping[tuple[str, str], int]) -> Iterator[Found]:
    errors = sum(count for (_, severity), count in opened.items() if severity == IssueSeverity.ERROR)
    if errors:
        yield AlertKind.QUALITY_ERRORS, Severity.WARNING, f"{counted(errors, 'error')} in the answer just stored"
    moves = sum(count for (issue_type, _), count in opened.items() if issue_type == IssueType.POINT_MOVED_FAR)
    if moves:
        yield AlertKind.LARGE_MOVES, Severity.INFO, f"{counted(moves, 'line')} moved by more than 10 points"
