"""What CloudWatch is told of a run once it has ended: whether it worked, how late it was, what it found."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from core.feed.errors import FeedError
from core.metrics import MOST_VALUES, Metric, MetricsEmitter, MetricValue
from core.planning.credits import credits_at_reset, spendable_credits
from core.triggers.base import Trigger
from handlers import fetch_odds, update_status
from handlers.alerting import READING_SECONDS, run_and_tell
from handlers.app import App
from handlers.jobs import JobReport
from handlers.planning import balance_of
from storage.closing import Close, read_new_closes
from storage.connection_errors import FAILURES
from storage.runs import RunOutcome
from storage.schedule import CreditBalance, read_balance

_MINUTE = timedelta(minutes=1)

_OF_THE_ACCOUNT = (Metric.CREDITS_LEFT, Metric.CREDITS_SPENDABLE, Metric.CREDITS_AT_RESET)
"""What all sports have in common: it is looked at of the first alone."""

_WATCHED_OF = {
    Metric.LATENESS: fetch_odds.NAME,
    Metric.EVENTS: fetch_odds.NAME,
    **dict.fromkeys(_OF_THE_ACCOUNT, update_status.NAME),
}
"""What alarms and graphs look at of one job alone; every job's would cost as many metrics more."""

_log = structlog.get_logger(__name__)

Measured = dict[Metric, MetricValue]


async def run_and_measure(app: App, trigger: Trigger, metrics: MetricsEmitter) -> JobReport:
    """Run what a trigger fires, and emit what the run came to, its failure and its deadline included.

    What the run raises is raised. What is measured is read after the run has been committed, and fails no run.
    Each attempt is measured: one that a refused secret ended has failed, though the next, at once, may not.
    """
    late = max((app.clock.now() - trigger.at).total_seconds(), 0)
    measured: Measured = {Metric.RUN_FAILED: 1, Metric.LATENESS: late, Metric.FETCH_SUCCESS: 0}
    try:
        report = await run_and_tell(app, trigger)
        measured |= _counted(report)
        if refused := report.counts.get("keys_refused"):
            metrics.emit({Metric.KEYS_REFUSED: refused}, job=trigger.job)  # of any sport: one alarm tells of all
        if report.outcome is RunOutcome.STORED:
            measured |= await _read(app, trigger)
    except FeedError:
        measured |= await _read(app, trigger)
        raise
    finally:
        metrics.emit(
            measured,
            job=trigger.job,
            sport_key=trigger.sport_key,
            unwatched=_unwatched(app, trigger, measured),
        )
    return report


def _unwatched(app: App, trigger: Trigger, measured: Measured) -> set[Metric]:
    """Return what is only logged: what is watched of another job or sport, and that a run did not fail."""
    unwatched = {metric for metric, watched in _WATCHED_OF.items() if watched != trigger.job}
    if trigger.sport_key != app.settings.collection.sports[0]:
        unwatched |= {*_OF_THE_ACCOUNT}
    return unwatched if measured[Metric.RUN_FAILED] else {*unwatched, Metric.RUN_FAILED}


def _counted(report: JobReport) -> Measured:
    return {
        Metric.RUN_FAILED: 0,
        Metric.FETCH_SUCCESS: 1 if report.outcome is RunOutcome.STORED else None,
        Metric.EVENTS: report.counts.get("events"),
        Metric.QUOTES_SEEN: report.counts.get("quotes_seen"),
        Metric.QUOTES_STORED: report.counts.get("quotes_stored"),
    }


async def _read(app: App, trigger: Trigger) -> Measured:
    """Return how the credits stand and, where the list of games was just read, how what started was closed."""
    try:
        async with asyncio.timeout(READING_SECONDS), app.database.one_by_one() as connection:
            measured = credit_metrics(app, await read_balance(connection))
            if trigger.job == update_status.NAME:
                closes = await read_new_closes(connection, trigger.job, trigger.sport_key, trigger.at)
                measured |= closing_metrics(closes)
            return measured
    except (*FAILURES, TimeoutError) as error:
        _log.warning("metrics.not_read", job=trigger.job, reason=type(error).__name__)
        return {}


def credit_metrics(app: App, reading: CreditBalance | None) -> Measured:
    """Return what is left, what of it looks other than closing ones may spend, and where it is heading.

    The size of the plan is the one that the planner goes by.
    """
    balance = balance_of(reading, app.settings.feed.quota)
    if reading is None or balance is None:
        return {}
    return {
        Metric.CREDITS_LEFT: reading.remaining,
        Metric.CREDITS_SPENDABLE: spendable_credits(balance, app.clock.now(), app.planner_policy, closing=False),
        Metric.CREDITS_AT_RESET: credits_at_reset(balance, reading.recorded_at),
    }


def closing_metrics(closes: Sequence[Close]) -> Measured:
    """Return what the closes of the events that have just started come to; nothing where none has.

    The ages are those of the events that were looked at before their start, of the first hundred of them where
    there are more, which is as many as CloudWatch takes.
    """
    if not closes:
        return {}
    missed = sum(close.is_missed for close in closes)
    ages = [close.age / _MINUTE for close in closes if close.age is not None]
    return {
        Metric.CLOSING_COVERAGE: 100 * (len(closes) - missed) / len(closes),
        Metric.MISSED_CLOSES: missed,
        Metric.CLOSE_AGE_MINUTES: ages[:MOST_VALUES],
    }
