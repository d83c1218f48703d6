"""Read the free list of events and store what it says; several jobs begin with it."""

import structlog

from core.feed.credits import EVENTS_COST
from core.feed.errors import FeedError, PayloadError
from core.feed.payloads import parse_events
from core.planning.wording import counted
from handlers.app import App
from handlers.jobs import JobRun
from handlers.keeping import keep_failure
from handlers.writing import writing
from storage.calls import store_call
from storage.listings import ListingReport, store_listing
from storage.locks import of_sport

_log = structlog.get_logger(__name__)


async def read_listing(app: App, run: JobRun) -> ListingReport:
    """Return what the free list of the run's sport brought.

    Raises:
        FeedError: The feed did not answer, or its answer cannot be read; what came is kept all the same.
    """
    try:
        answer = await app.feed.events(run.trigger.sport_key, deadline=run.answer_by)
    except FeedError as error:
        await keep_failure(app, run, error, EVENTS_COST)
        raise
    try:
        events = parse_events(answer.body)
    except PayloadError as error:
        error.answer = answer
        await keep_failure(app, run, error, EVENTS_COST)
        raise
    set_aside = f"{counted(len(events.malformed), 'part')} could not be read" if events.malformed else None
    sport_key = run.trigger.sport_key
    async with writing(app, run, lock=of_sport(sport_key)) as connection:
        await store_call(connection, answer, expected_credits=EVENTS_COST, job_run_id=run.number, error=set_aside)
        report = await store_listing(
            connection, sport_key, events, answer.received_at, job_run_id=run.number, is_locked=True
        )
    starts = [f"{event.event_id} starts {event.commence_time.isoformat()}" for event in events.events]
    _log.info("events.listed", job=run.trigger.job, sport_key=sport_key, starts=starts)
    return report
