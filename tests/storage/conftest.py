"""Answers of a small feed and a database to keep them in: what the tests of storing have in common."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.payloads import parse_events, parse_odds, parse_scores
from core.feed.values import CreditReading, FeedAnswer, OddsAnswer
from core.models import METADATA
from core.quality import Issue
from core.scope import Scope
from storage.calls import store_call
from storage.database import Database
from storage.ingestion import IngestionReport, store_odds
from storage.listings import ListingReport, store_listing
from storage.results import ResultsReport, store_results
from storage.snapshots import Origin, Source, ValidationPolicy
from tests.tls_server import authority, tls_cluster  # noqa: F401 - fixtures

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
SPORT = "basketball_nba"
SCOPE = Scope.of(["h2h", "spreads", "totals"], regions=["us"])
BY_VALUE = {
    "selections": "SELECT event_id, source, bookmaker_key, market_key, outcome_name, description, line"
    " FROM core_betting.selections",
    "quotes": "SELECT event_id, source, bookmaker_key, market_key, outcome_name, description, line,"
    " odds_timestamp, quotes.last_update, price, point, validation_notes,"
    " (SELECT (snapshots.event_id, snapshots.snapshot_time, snapshots.source)::text"
    "  FROM raw_data.odds_snapshots AS snapshots WHERE snapshots.id = quotes.snapshot_id)"
    " FROM core_betting.quotes JOIN core_betting.selections ON selections.id = quotes.selection_id",
    "event_bookmaker_regions": "SELECT * FROM core_betting.event_bookmaker_regions",
}

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def game() -> Callable[..., dict[str, Any]]:
    """Return a maker of events as the feed lists them: Celtics at Lakers on 2026-01-10 at 20:00, with changes.

    The bookmakers are given as {bookmaker: {market: outcomes}}; the outcomes as {name: price}, as
    {name: (price, point)}, or as a list of the feed's own objects.
    """

    def make(
        bookmakers: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        last_update: datetime | None = NOON,
        commence_time: datetime = TIP_OFF,
        **changes: Any,
    ) -> dict[str, Any]:
        event = {
            "id": "e1",
            "sport_key": SPORT,
            "sport_title": "NBA",
            "commence_time": commence_time,
            "home_team": "Lakers",
            "away_team": "Celtics",
            "bookmakers": [
                {
                    "key": key,
                    "title": key.title(),
                    "markets": [
                        {"key": market, "last_update": last_update, "outcomes": _outcomes(outcomes)}
                        for market, outcomes in markets.items()
                    ],
                }
                for key, markets in (bookmakers or {}).items()
            ],
        }
        return {**event, **changes}

    return make


def _outcomes(outcomes: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if not isinstance(outcomes, Mapping):
        return list(outcomes)
    return [
        {"name": name, "price": price[0], "point": price[1]}
        if isinstance(price, tuple)
        else {"name": name, "price": price}
        for name, price in outcomes.items()
    ]


@pytest.fixture
def answer() -> Callable[..., OddsAnswer]:
    """Return a maker of answers: what the parser reads of a body that lists some events."""

    def make(*events: Any) -> OddsAnswer:
        return parse_odds(orjson.dumps(events))

    return make


@pytest.fixture
def store_in(answer: Callable[..., OddsAnswer]) -> Callable[..., Awaitable[IngestionReport]]:
    """Return what stores an answer with some events, received at an instant, in an open transaction."""

    async def store(
        connection: AsyncConnection,
        at: datetime,
        *events: Any,
        scope: Scope = SCOPE,
        source: Source = Source.LIVE,
        validation: ValidationPolicy = ValidationPolicy.MARK,
        sport_key: str = SPORT,
        issues: Sequence[Issue] = (),
        job_run_id: int | None = None,
    ) -> IngestionReport:
        origin = Origin(at, scope, source=source, validation=validation, job_run_id=job_run_id)
        return await store_odds(connection, sport_key, answer(*events), origin, issues=issues)

    return store


@pytest.fixture
def store(
    database: Database, store_in: Callable[..., Awaitable[IngestionReport]]
) -> Callable[..., Awaitable[IngestionReport]]:
    """Return what stores an answer with some events, received at an instant, in a transaction of its own."""

    async def store(at: datetime, *events: Any, **options: Any) -> IngestionReport:
        async with database.transaction() as connection:
            return await store_in(connection, at, *events, **options)

    return store


@pytest.fixture
def named() -> Callable[..., dict[str, Any]]:
    """Return a maker of events as the free list names them: Celtics at Lakers on 2026-01-10 at 20:00."""

    def make(event_id: str, commence_time: datetime = TIP_OFF, **changes: Any) -> dict[str, Any]:
        event = {
            "id": event_id,
            "sport_key": SPORT,
            "sport_title": "NBA",
            "commence_time": commence_time,
            "home_team": "Lakers",
            "away_team": "Celtics",
        }
        return {**event, **changes}

    return make


@pytest.fixture
def listing(database: Database) -> Callable[..., Awaitable[ListingReport]]:
    """Return what stores a free list, received at an instant."""

    async def store(at: datetime, *events: Any, sport_key: str = SPORT) -> ListingReport:
        async with database.transaction() as connection:
            return await store_listing(connection, sport_key, parse_events(orjson.dumps(events)), at)

    return store


@pytest.fixture
def scores_call(database: Database) -> Callable[..., Awaitable[ResultsReport | None]]:
    """Return what records a call for results, and stores the answer unless it is an error."""

    async def call(
        at: datetime, *rows: Any, days_from: int = 3, status: int = 200, error: str | None = None
    ) -> ResultsReport | None:
        answer = FeedAnswer(
            endpoint=f"/v4/sports/{SPORT}/scores",
            parameters={"daysFrom": str(days_from)},
            status=status,
            headers={},
            body=orjson.dumps(rows),
            credits=CreditReading(400, 100, 2),
            received_at=at,
            duration_ms=1.0,
        )
        async with database.transaction() as connection:
            await store_call(connection, answer, expected_credits=2, job_run_id=None, error=error)
            if error is not None:
                return None
            return await store_results(connection, SPORT, parse_scores(answer.body), at)

    return call


@pytest.fixture
def credits_left(database: Database) -> Callable[[datetime, int], Awaitable[None]]:
    """Return what records that an answer told how many credits are left."""

    async def tell(at: datetime, remaining: int) -> None:
        body, reading = b"[]", CreditReading(remaining, 500 - remaining, 1)
        answer = FeedAnswer(f"/v4/sports/{SPORT}/odds", {}, 200, {}, body, reading, at, 1.0)
        async with database.transaction() as connection:
            await store_call(connection, answer, expected_credits=1, job_run_id=None)

    return tell


@pytest.fixture
def query(database: Database) -> Callable[..., Awaitable[list[tuple[Any, ...]]]]:
    """Return what runs a query and returns its rows."""

    async def run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
        async with database.transaction() as connection:
            return [tuple(row) for row in await connection.execute(text(sql), values)]

    return run


@pytest.fixture
def all_rows(database: Database) -> Callable[[], Awaitable[Rows]]:
    """Return what reads every row of every table."""

    async def read() -> Rows:
        async with database.transaction() as connection:
            return {
                table.fullname: _sorted(await connection.execute(text(f"SELECT * FROM {table.fullname}")))
                for table in METADATA.sorted_tables
            }

    return read


@pytest.fixture
def rows_by_value() -> Callable[..., Awaitable[Rows]]:
    """Return what reads the selections, the quotes and the books of the regions of some events, or of all.

    Row numbers are left out: what a quote belongs to is told by value.
    """

    async def read(connection: AsyncConnection, event_ids: Sequence[str] | None = None) -> Rows:
        wanted = "" if event_ids is None else "WHERE event_id = ANY (CAST(:event_ids AS text[]))"
        values = {} if event_ids is None else {"event_ids": event_ids}
        return {
            name: _sorted(await connection.execute(text(f"SELECT * FROM ({sql}) AS rows {wanted}"), values))
            for name, sql in BY_VALUE.items()
        }

    return read


def _sorted(rows: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in rows), key=repr)
