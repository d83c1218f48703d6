"""A small feed whose games a test moves by hand, and a collector of it on a virtual clock."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import VirtualClock
from core.models import METADATA
from core.scope import Scope
from core.simulation.board import JsonObject, OddsBoard
from core.simulation.faults import Fault
from core.simulation.server import Call, FeedServer
from core.simulation.stamps import iso
from core.triggers.base import Trigger
from core.triggers.virtual import VirtualTriggers
from handlers.app import App
from handlers.jobs import JobReport
from handlers.runs import run_job
from handlers.virtual import virtual_collector
from storage.database import Database
from tests.lambda_runtime.fixtures import aws, deployed, empty_aws  # noqa: F401 - fixtures
from tests.tls_server import authority, tls_cluster  # noqa: F401 - fixtures

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
SPORT = "basketball_nba"
BOOKMAKERS = ("draftkings", "fanduel")


@dataclass
class Game:
    """A game of the small feed; every field may be changed while the collector runs."""

    event_id: str
    commence_time: datetime
    home_team: str
    away_team: str
    listed: bool = True
    prices: tuple[int, int] = (-150, 130)
    completed_at: datetime | None = None
    score: tuple[int, int] | None = None


@dataclass
class SmallFeed:
    """Serves a handful of games: prices of two bookmakers, `h2h` alone."""

    sport_key: str = SPORT
    games: list[Game] = field(default_factory=list)
    bookmaker_keys: frozenset[str] = frozenset(BOOKMAKERS)
    garbled: bytes | None = None
    """What an odds answer brings in place of JSON, at the usual price."""

    def add(self, commence_time: datetime, **changes: Any) -> Game:
        """List one more game."""
        number = len(self.games) + 1
        game = Game(f"{number:032x}", commence_time, f"Home {number}", f"Away {number}", **changes)
        self.games.append(game)
        return game

    def sports(self, at: datetime) -> Sequence[JsonObject]:
        """Return the one sport."""
        return [{"key": self.sport_key, "group": "G", "title": "T", "description": "D", "active": True}]

    def odds(
        self, sport_key: str, at: datetime, bookmaker_keys: Collection[str] | None = None
    ) -> OddsBoard | None:
        """Return the prices of the games that are listed."""
        return OddsBoard(
            [{**self._row(game), "bookmakers": _bookmakers(game, at)} for game in self.games if game.listed],
            "american",
            self.garbled,
        )

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return the games that are listed."""
        return [self._row(game) for game in self.games if game.listed]

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return the games listed, and those completed in the last days."""
        since = at - timedelta(days=days_from or 0)
        return [
            self._score_row(game)
            for game in self.games
            if (game.completed_at is None and game.listed)
            or (game.completed_at is not None and days_from is not None and since < game.completed_at)
        ]

    def _row(self, game: Game) -> JsonObject:
        return {
            "id": game.event_id,
            "sport_key": self.sport_key,
            "sport_title": "NBA",
            "commence_time": iso(game.commence_time),
            "home_team": game.home_team,
            "away_team": game.away_team,
        }

    def _score_row(self, game: Game) -> JsonObject:
        scores = game.score and [
            {"name": team, "score": str(points)}
            for team, points in zip((game.home_team, game.away_team), game.score, strict=True)
        ]
        return {
            **self._row(game),
            "completed": game.completed_at is not None,
            "scores": scores,
            "last_update": game.completed_at and iso(game.completed_at),
        }


def _bookmakers(game: Game, at: datetime) -> list[JsonObject]:
    outcomes = [
        {"name": team, "price": price}
        for team, price in zip((game.home_team, game.away_team), game.prices, strict=True)
    ]
    market = {"key": "h2h", "last_update": iso(at), "outcomes": outcomes}
    return [{"key": key, "title": key.title(), "last_update": iso(at), "markets": [market]} for key in BOOKMAKERS]


@dataclass(frozen=True)
class World:
    """A collector of a small feed: what it works with, and what a user could see of it."""

    feed: SmallFeed
    app: App
    clock: VirtualClock
    triggers: VirtualTriggers
    server: FeedServer

    async def fire(self, job: str = "fetch-odds", at: datetime | None = None) -> JobReport:
        """Run a job as a trigger for an instant (now) would."""
        return await run_job(self.app, Trigger(job, self.feed.sport_key, at or self.clock.now(), "as planned"))

    async def fire_after(self, wait: timedelta, job: str = "fetch-odds") -> JobReport:
        """Run a job once some time has passed."""
        self.clock.advance(wait)
        return await self.fire(job)

    async def armed(self, job: str = "fetch-odds") -> Trigger | None:
        """Return the job's armed trigger."""
        return next((one for one in await self.triggers.armed() if one.job == job), None)

    async def until_asked(self) -> None:
        """Wait until a run has set its credits aside and its call is on its way."""
        reserved = "SELECT id FROM operational.credit_reservations WHERE settled_at IS NULL"
        while not await self.query(reserved):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)

    async def kill_a_look(self) -> None:
        """Begin a look, and kill it once it has asked."""
        self.server.inject(Fault("odds", delay=30))
        killed = asyncio.create_task(self.fire())
        await self.until_asked()
        killed.cancel()
        await asyncio.wait([killed])

    def calls(self, endpoint: str) -> list[Call]:
        """Return the calls that the server answered at an endpoint."""
        return [call for call in self.server.calls if call.endpoint == endpoint]

    async def query(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        async with self.app.database.transaction() as connection:
            return [tuple(row) for row in await connection.execute(text(sql), values)]

    async def runs(self) -> list[tuple[str, str, str]]:
        """Return job, outcome and reason of every run of the ledger, the first begun first."""
        rows = await self.query("SELECT job, outcome, reason FROM operational.job_runs ORDER BY started_at, id")
        return [(job, outcome, reason) for job, outcome, reason in rows]

    async def rows(self) -> dict[str, list[str]]:
        """Return every row of every table as text."""
        return {
            table.fullname: sorted(
                row[0] for row in await self.query(f"SELECT t::text FROM {table.fullname} AS t")
            )
            for table in METADATA.sorted_tables
        }

    async def everything_stored(self) -> str:
        """Return all rows as one text, the kept bodies unpacked."""
        bodies = await self.query("SELECT body FROM raw_data.api_responses WHERE body IS NOT NULL")
        rows = [row for table in (await self.rows()).values() for row in table]
        return "\n".join([*rows, *(zlib.decompress(body).decode(errors="replace") for (body,) in bodies)])


@pytest.fixture
def noon() -> datetime:
    """Return the instant at which every world begins unless told otherwise."""
    return NOON


@pytest.fixture
def feed() -> SmallFeed:
    """Return a feed without any game."""
    return SmallFeed()


@pytest.fixture
async def collect(feed: SmallFeed, database: Database) -> AsyncIterator[Callable[..., Awaitable[World]]]:
    """Return what starts a collector: of the small feed, at noon, with 500 credits, at one credit a look."""
    async with AsyncExitStack() as stack:

        async def start(
            source: SmallFeed = feed,
            *,
            at: datetime = NOON,
            plan_credits: int = 500,
            markets: Sequence[str] = ("h2h",),
            bookmakers: Sequence[str] = BOOKMAKERS,
            into: Database = database,
            **overrides: object,
        ) -> World:
            opened = virtual_collector(
                source,
                into,
                sport_key=source.sport_key,
                scope=Scope.of(list(markets), bookmakers=list(bookmakers)),
                start=at,
                plan_credits=plan_credits,
                overrides=overrides,
            )
            virtual = await stack.enter_async_context(opened)
            return World(source, virtual.app, virtual.clock, virtual.triggers, virtual.server)

        yield start
