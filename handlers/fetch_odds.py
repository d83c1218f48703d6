"""The job `fetch-odds`: one look at all odds of a sport, when the plan says so."""

from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.credits import odds_cost
from core.feed.payloads import parse_odds
from core.feed.values import OddsAnswer
from core.planner import next_run
from core.planning.timetable import NEVER
from core.planning.values import Wake
from core.planning.wording import counted
from core.tiers import Tier
from core.triggers.base import Trigger
from core.triggers.schedule_requests import SOONEST
from core.triggers.schedule_survey import FIRING
from handlers.app import App
from handlers.at_once import at_once
from handlers.credits import reserved_credits
from handlers.jobs import Job, JobReport, JobRun
from handlers.keeping import kept
from handlers.listing import read_listing
from handlers.odds_request import OddsAnswered, ask_odds
from handlers.planning import balance_of, read_others, read_state, sport_schedule
from handlers.writing import writing
from storage.calls import store_call
from storage.ingestion import IngestionReport, store_odds
from storage.locks import of_sport
from storage.looks import stored_look
from storage.runs import RunOutcome
from storage.schedule import SportState
from storage.snapshots import Origin

NAME = "fetch-odds"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LookReport(IngestionReport):
    """What one look brought; `keys_refused` counts the bookmakers and markets that it had to do without."""

    keys_refused: int


async def fetch_odds(app: App, run: JobRun) -> JobReport:
    """Look at the sport's odds if the plan still says so; else read the free list, which may bring new games."""
    state = await read_state(app, run.trigger.sport_key)
    wake = await _wake(app, state)
    if not _is_due(app, state, wake):
        await read_listing(app, run)
        state = await read_state(app, run.trigger.sport_key)
        wake = await _wake(app, state)
    if not _is_due(app, state, wake):
        return JobReport(RunOutcome.SKIPPED, wake.reason, {})
    report = await look(app, run, closing=wake.run is not None and wake.run.tier is Tier.CLOSING)
    return JobReport(RunOutcome.STORED, wake.reason, asdict(report))


async def look(app: App, run: JobRun, *, closing: bool = False) -> LookReport:
    """Ask for the sport's odds now and store the answer, whatever the plan says.

    Args:
        app: What to work with.
        run: The run that looks.
        closing: Whether a game is about to start: then the credits kept for closing looks may be spent.

    Raises:
        FeedError: The feed did not answer, or its answer cannot be read; what came is kept all the same.
        AnswerNotStoredError: The answer could not be stored; it is kept where that can be done.
        CreditsWithheldError: The credits left are not for this look.
    """
    scope = app.settings.collection.scope
    async with reserved_credits(app, run, odds_cost(scope), closing=closing) as reservation:
        answered = await ask_odds(app, run, scope)
        async with kept(app, run, answered.answer, odds_cost(answered.scope)):
            stored = await _store(app, run, answered, reservation)
    return LookReport(**asdict(stored), keys_refused=len(answered.issues))


async def plan_fetch_odds(app: App, state: SportState) -> Trigger:
    """Return when the sport's odds are to be looked at next."""
    wake = await _wake(app, state)
    return Trigger(NAME, state.sport_key, wake.at, wake.reason, wake.run.tier.value if wake.run else None)


async def _store(app: App, run: JobRun, answered: OddsAnswered, reservation: int) -> IngestionReport:
    """Store an answer, tried again at once where the database breaks off: what was paid for is worth it."""
    answer = parse_odds(answered.answer.body)
    tried = False

    async def store() -> IngestionReport:
        nonlocal tried
        async with writing(app, run, lock=of_sport(run.trigger.sport_key)) as connection:
            if tried and (before := await stored_look(connection, run.number, answered.answer.received_at)):
                return before
            tried = True
            await _log_call(connection, run, answered, answer, reservation)
            origin = Origin(
                received_at=answered.answer.received_at,
                scope=answered.scope,
                validation=app.validation_policy,
                job_run_id=run.number,
            )
            return await store_odds(
                connection, run.trigger.sport_key, answer, origin, issues=answered.issues, is_locked=True
            )

    report = await at_once(app, run.lease.expires_at if run.lease else None, store)
    seen = [odds.event.event_id for odds in answer.events]
    _log.info(
        "odds.stored",
        job=run.trigger.job,
        sport_key=run.trigger.sport_key,
        event_ids=seen,
        credits_charged=answered.answer.credits.last,
    )
    return report


async def _log_call(
    connection: AsyncConnection, run: JobRun, answered: OddsAnswered, answer: OddsAnswer, reservation: int
) -> None:
    set_aside = f"{counted(len(answer.malformed), 'part')} could not be read" if answer.malformed else None
    await store_call(
        connection,
        answered.answer,
        expected_credits=odds_cost(answered.scope),
        job_run_id=run.number,
        error=set_aside,
        reservation=reservation,
    )


async def _wake(app: App, state: SportState) -> Wake:
    others = await read_others(app, state.sport_key)
    return next_run(
        sport_schedule(state, app.settings.collection.scope),
        now=app.clock.now(),
        policy=app.planner_policy,
        balance=balance_of(state.balance, app.settings.feed.quota),
        others=others,
    )


def _is_due(app: App, state: SportState, wake: Wake) -> bool:
    """Tell whether to look now: the plan says so, or what it says would come when a game has begun.

    The last look at a game may be put off a little to serve others too. A run that fails meanwhile is tried again
    before that, and what it would arm fires later.
    """
    now = app.clock.now()
    too_late = now + SOONEST + FIRING
    return wake.run is not None and (wake.at <= now or _begins_unseen(app, state, by=too_late))


def _begins_unseen(app: App, state: SportState, *, by: datetime) -> bool:
    """Tell whether a game begins by an instant that has not had its last look, and may be looked at now."""
    now, policy = app.clock.now(), app.planner_policy
    last = state.last_look(app.settings.collection.scope) or NEVER
    starts = [event.commence_time for event in state.open_events if now < event.commence_time <= by]
    return last + policy.minimum_gap <= now and any(last < start - policy.closing_lead for start in starts)


JOB = Job(NAME, fetch_odds, plan_fetch_odds)
