"""Store every answer of a recording at its own fetch time, reading ahead while Postgres works."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import orjson

from core.feed.payloads import parse_events, parse_odds, parse_scores
from core.feed.values import OddsAnswer
from core.simulation.board import OddsBoard, OddsFormat
from core.simulation.recorded_feed import RecordedFeed
from core.simulation.recording import answers
from core.simulation.server_answers import american_body
from handlers.replay_request import Progress, ReplayRequest
from handlers.virtual import VirtualCollector
from storage.ingestion import store_odds
from storage.listings import store_listing
from storage.results import store_results
from storage.snapshots import Origin, Source

_RESULTS_EVERY = timedelta(hours=24)
_DAYS_FROM = 3

Read = tuple[datetime, OddsAnswer]


async def ingest_recording(
    request: ReplayRequest, feed: RecordedFeed, collector: VirtualCollector, progress: Progress
) -> None:
    """Store every answer, the results once a virtual day, and at the end until every started event is over."""
    app, sport_key = collector.app, feed.facts.sport_key
    settled_at: datetime | None = None
    async for fetched_at, answer in _read_ahead(request, feed.facts.odds_format):
        collector.clock.advance_to(fetched_at)
        origin = Origin(fetched_at, feed.facts.scope, Source.LIVE, app.validation_policy)
        async with app.database.transaction() as connection:
            await store_odds(connection, sport_key, answer, origin)
        if settled_at is None or fetched_at - settled_at >= _RESULTS_EVERY:
            settled_at = fetched_at
            await _settle(feed, collector)
        progress(fetched_at)
    await _settle(feed, collector)
    last = feed.last_completion(collector.clock.now())
    if last is not None and last > collector.clock.now():
        collector.clock.advance_to(last)
        await _settle(feed, collector)


async def _settle(feed: RecordedFeed, collector: VirtualCollector) -> None:
    """Store what the free list and the scores say now."""
    sport_key, now = feed.facts.sport_key, collector.clock.now()
    events = parse_events(orjson.dumps(feed.events(sport_key, now)))
    scores = parse_scores(orjson.dumps(feed.scores(sport_key, now, _DAYS_FROM)))
    async with collector.app.database.transaction() as connection:
        await store_listing(connection, sport_key, events, now)
        await store_results(connection, sport_key, scores, now)


async def _read_ahead(request: ReplayRequest, odds_format: OddsFormat) -> AsyncIterator[Read]:
    """Yield the answers of a recording, each read in a thread while the one before is stored."""
    reading = _read(request, odds_format)
    ahead = asyncio.create_task(asyncio.to_thread(next, reading, None))
    try:
        while (one := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(next, reading, None))
            yield one
    finally:
        await asyncio.wait({ahead})


def _read(request: ReplayRequest, odds_format: OddsFormat) -> Iterator[Read]:
    for answer in answers(request.recording, request.start, request.end):
        body = answer.body
        if odds_format != "american":
            body = american_body(OddsBoard(orjson.loads(body), odds_format))
        yield answer.fetched_at, parse_odds(body)
