"""One piece of a job's work, now, because the user asks for it: whatever the plan says, and nothing is armed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from core.errors import LinekeeperError
from core.triggers.base import BY_HAND, Trigger
from handlers import fetch_odds, fetch_scores, update_status
from handlers.app import App
from handlers.jobs import JobReport, JobRun
from handlers.listing import read_listing
from storage.credits import credits_charged
from storage.runs import RunOutcome, begin_run, finish_run
from storage.schedule import read_balance


class Asked(StrEnum):
    """What the user may ask the feed for."""

    CURRENT = "current"
    SCORES = "scores"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class OnDemandReport:
    """What one request brought: the counts of its job, or why it failed, and what it cost.

    `credits_left` is what the account has left, None where no answer ever told.
    """

    sport_key: str
    asked: Asked
    run_number: int
    at: datetime
    error: str | None
    counts: Mapping[str, Any]
    credits_spent: int
    credits_left: int | None


class _Report(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Work = Callable[[App, JobRun], Awaitable[_Report]]


async def ask_now(app: App, sport_key: str, asked: Asked, *, days_from: int = 3) -> OnDemandReport:
    """Ask the feed once, and store and record what comes; a failure is reported, not raised.

    Args:
        app: What to work with.
        sport_key: The sport to ask about.
        asked: Odds, scores or the free list of events.
        days_from: For scores, how many days back completed games are asked for, 1 to 3.
    """
    job, work = _work(asked, days_from)
    started_at = app.clock.now()
    reason = f"{BY_HAND}: {asked}"
    async with app.database.one_by_one() as connection:
        number = await begin_run(
            connection,
            job=job,
            sport_key=sport_key,
            scheduled_at=started_at,
            started_at=started_at,
            reason=reason,
        )
    if number is None:
        msg = f"{job} for {sport_key} runs already at this very instant"
        raise LinekeeperError(msg)
    run = JobRun(Trigger(job, sport_key, started_at, reason), number)
    try:
        counts: Mapping[str, Any] = asdict(await work(app, run))
    except Exception as error:
        told = app.told(error)
        await _finish(app, number, JobReport(RunOutcome.FAILED, f"{reason}: {told}", {}))
        if not isinstance(error, LinekeeperError):
            raise
        return await _report(app, run, asked, error=told, counts={})
    await _finish(app, number, JobReport(RunOutcome.STORED, reason, counts))
    return await _report(app, run, asked, error=None, counts=counts)


async def _finish(app: App, number: int, report: JobReport) -> None:
    async with app.database.one_by_one() as connection:
        await finish_run(
            connection,
            number,
            finished_at=app.clock.now(),
            outcome=report.outcome,
            reason=report.reason,
            next_run=None,
            report=report.counts,
        )


async def _report(
    app: App, run: JobRun, asked: Asked, *, error: str | None, counts: Mapping[str, Any]
) -> OnDemandReport:
    async with app.database.transaction() as connection:
        balance = await read_balance(connection)
        spent = await credits_charged(connection, run.number)
    return OnDemandReport(
        sport_key=run.trigger.sport_key,
        asked=asked,
        run_number=run.number,
        at=run.trigger.at,
        error=error,
        counts=counts,
        credits_spent=spent,
        credits_left=balance and balance.remaining,
    )


def _work(asked: Asked, days_from: int) -> tuple[str, _Work]:
    async def scores(app: App, run: JobRun) -> _Report:
        return await fetch_scores.ask_scores(app, run, days_from)

    match asked:
        case Asked.CURRENT:
            return fetch_odds.NAME, fetch_odds.look
        case Asked.SCORES:
            return fetch_scores.NAME, scores
        case Asked.EVENTS:
            return update_status.NAME, read_listing
