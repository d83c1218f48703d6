"""Store every answer of a recording at its own fetch time, reading ahead while Postgres works."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import orjson

from core.feed.payloads import parse_events, parse_odds, parse_scores
from core.feed.values import FeedEvent, OddsAnswer
from core.scope import Scope
from core.simulation.board import JsonObject, OddsBoard, OddsFormat
from core.simulation.known_events import KnownEvents
from core.simulation.recording import answers
from core.simulation.recording_facts import RecordingFacts
from core.simulation.server_answers import american_body
from core.simulation.stamps import iso
from handlers.replay_request import Progress, ReplayRequest
from handlers.virtual import VirtualCollector
from storage.ingestion import store_odds
from storage.listings import store_listing
from storage.results import store_results
from storage.snapshots import Origin, Source

_RESULTS_EVERY = timedelta(hours=24)
_DAYS_FROM = 3

Read = tuple[datetime, OddsAnswer, Scope | None]


async def ingest_recording(
    request: ReplayRequest, facts: RecordingFacts, collector: VirtualCollector, progress: Progress
) -> None:
    """Store every answer, the results once a virtual day, and at the end until every started event is over."""
    app, known = collector.app, KnownEvents(facts, request.results)
    settled_at: datetime | None = None
    async for fetched_at, answer, scope in _read_ahead(request, facts.odds_format):
        collector.clock.advance_to(fetched_at)
        facts = facts.with_listed(*_listed(answer))
        for odds in answer.events:
            known.learn(_listed_row(odds.event))
        origin = Origin(fetched_at, scope or facts.scope, Source.LIVE, app.validation_policy)
        async with app.database.transaction() as connection:
            await store_odds(connection, facts.sport_key, answer, origin)
        if settled_at is None or fetched_at - settled_at >= _RESULTS_EVERY:
            settled_at = fetched_at
            await _settle(facts.sport_key, known, collector)
        progress(fetched_at)
    await _settle(facts.sport_key, known, collector)
    last = known.last_completion(collector.clock.now())
    if last is not None and last > collector.clock.now():
        collector.clock.advance_to(last)
        await _settle(facts.sport_key, known, collector)


async def _settle(sport_key: str, known: KnownEvents, collector: VirtualCollector) -> None:
    """Store what the free list and the scores would say now."""
    now = collector.clock.now()
    events = parse_events(orjson.dumps(known.events(now)))
    scores = parse_scores(orjson.dumps(known.scores(now, _DAYS_FROM)))
    async with collector.app.database.transaction() as connection:
        await store_listing(connection, sport_key, events, now)
        await store_results(connection, sport_key, scores, now)


def _listed(answer: OddsAnswer) -> tuple[set[str], set[str]]:
    """Return the markets and the bookmakers that an answer lists."""
    markets = {quote.market_key for odds in answer.events for quote in odds.quotes}
    return markets, {bookmaker.bookmaker_key for odds in answer.events for bookmaker in odds.bookmakers}


def _listed_row(event: FeedEvent) -> JsonObject:
    return {
        "id": event.event_id,
        "commence_time": iso(event.commence_time),
        "home_team": event.home_team,
        "away_team": event.away_team,
    }


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
    for answer in answers(request.recording, request.start, request.end, request.on_read):
        body = answer.body
        if odds_format != "american":
            body = american_body(OddsBoard(orjson.loads(body), odds_format))
        yield answer.fetched_at, parse_odds(body), answer.scope
