"""Replay a recording of real answers through the collector, into a database of its own."""

from datetime import timedelta

from core.simulation.recorded_feed import RecordedFeed
from core.simulation.recording import RecordingError
from core.triggers.base import Trigger
from handlers.ingest_recording import ingest_recording
from handlers.replay_report import ReplayReport, read_report
from handlers.replay_request import Progress, ReplayRequest
from handlers.scratch import Scratch
from handlers.virtual import VirtualCollector, virtual_collector
from storage.schedule import read_sport_state

PLAN_CREDITS = 100_000
_SETTLING = timedelta(days=4)


async def replay(request: ReplayRequest, scratch: Scratch, progress: Progress) -> ReplayReport:
    """Replay a recording into a database, and report what was collected.

    After the last answer the clock runs on until every event that has started is final.

    Raises:
        RecordingError: The recording cannot be read, or has no answer in the part asked for.
    """
    feed = open_recording(request)
    first_at = feed.next_at or feed.facts.first_at
    try:
        async with virtual_collector(
            feed,
            scratch.database,
            sport_key=feed.facts.sport_key,
            scope=feed.facts.scope,
            start=first_at,
            plan_credits=PLAN_CREDITS,
        ) as collector:
            if request.every_snapshot:
                await ingest_recording(request, feed.facts, collector, progress)
            else:
                await _by_own_schedule(feed, collector, progress)
            return await read_report(
                collector,
                scratch,
                sport_key=feed.facts.sport_key,
                first_at=first_at,
                every_snapshot=request.every_snapshot,
            )
    finally:
        feed.close()


def open_recording(request: ReplayRequest) -> RecordedFeed:
    """Return what serves the recording, or the part of it that is asked for.

    Raises:
        RecordingError: It cannot be read, or has no answer in that part.
    """
    feed = RecordedFeed(
        request.recording, request.results, start=request.start, end=request.end, progress=request.on_read
    )
    if feed.next_at is None:
        bounds = [f"{word} {at.isoformat()}" for word, at in (("from", request.start), ("to", request.end)) if at]
        msg = (
            f"{request.recording}: no answer was fetched {' '.join(bounds)}; "
            f"the first is of {feed.facts.first_at.isoformat()}"
        )
        raise RecordingError(msg)
    return feed


async def _by_own_schedule(feed: RecordedFeed, collector: VirtualCollector, progress: Progress) -> None:
    sport_key = feed.facts.sport_key
    await collector.arm_all(sport_key)
    over = False

    async def fire(trigger: Trigger) -> None:
        nonlocal over
        await collector.fire(trigger)
        feed.check()
        progress(collector.clock.now())
        over = feed.exhausted and await _is_settled(feed, collector)

    await collector.triggers.run_until(lambda: over, fire)


async def _is_settled(feed: RecordedFeed, collector: VirtualCollector) -> bool:
    """Tell whether every event that has started is over, or no answer will say so any more."""
    now = collector.clock.now()
    last = feed.last_completion(now)
    if last is not None and now > last + _SETTLING:
        return True
    async with collector.app.database.transaction() as connection:
        state = await read_sport_state(connection, feed.facts.sport_key)
    return all(event.commence_time > now for event in state.open_events)
