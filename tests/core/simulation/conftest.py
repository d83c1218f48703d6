"""Small recordings, feeds and calls for the tests of the simulated feed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import orjson
import pytest

from core.clock import VirtualClock
from core.simulation.known_events import FinalScore
from core.simulation.recorded_feed import RecordedFeed
from core.simulation.recording_writer import RecordingWriter
from core.simulation.server import FeedServer, serve

NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)
JsonObject: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer as a caller sees it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def rows(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)

    @property
    def error_code(self) -> str:
        """The feed's code of a refusal."""
        return str(self.rows["error_code"])

    @property
    def cost(self) -> int:
        """What the header says that the call cost."""
        return int(self.headers["x-requests-last"])


@dataclass
class Desk:
    """A running server over a recording, its clock, and a way to ask it."""

    server: FeedServer
    clock: VirtualClock
    ask: Callable[..., Awaitable[Reply]]


@pytest.fixture
def make_event() -> Callable[..., JsonObject]:
    """Return a factory of one priced event: four bookmakers, h2h and totals."""

    def make(event_id: str = "a" * 32, hours: float = 6, *, prices: tuple[int, int] = (-150, 130)) -> JsonObject:
        commence = (NOON + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        stamp = "2025-09-11T11:59:30Z"
        h2h = [{"name": "Aces", "price": prices[0]}, {"name": "Kings", "price": prices[1]}]
        totals = [{"name": name, "price": -110, "point": 44.5} for name in ("Over", "Under")]
        markets = [
            {"key": "h2h", "last_update": stamp, "outcomes": h2h},
            {"key": "totals", "last_update": stamp, "outcomes": totals},
        ]
        return {
            "id": event_id,
            "sport_key": "americanfootball_nfl",
            "sport_title": "NFL",
            "commence_time": commence,
            "home_team": "Kings",
            "away_team": "Aces",
            "bookmakers": [
                {"key": key, "title": key.title(), "last_update": stamp, "markets": markets}
                for key in ("draftkings", "betonlineag", "pinnacle", "oldbook")
            ],
        }

    return make


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    """Return a factory of recordings: (minutes after noon, events) for each answer."""

    def write(*answers: tuple[float, list[JsonObject]], name: str = "feed.jsonl") -> Path:
        path = tmp_path / name
        with RecordingWriter(path) as writer:
            for minutes, events in answers:
                writer.write(NOON + timedelta(minutes=minutes), orjson.dumps(events))
        return path

    return write


@pytest.fixture
def play(record: Callable[..., Path]) -> Iterator[Callable[..., RecordedFeed]]:
    """Return a factory of feeds played from small recordings."""
    opened: list[RecordedFeed] = []

    def make(
        *answers: tuple[float, list[JsonObject]], results: dict[str, FinalScore] | None = None
    ) -> RecordedFeed:
        opened.append(RecordedFeed(record(*answers), results))
        return opened[-1]

    yield make
    for feed in opened:
        feed.close()


@pytest.fixture
def open_desk(play: Callable[..., RecordedFeed], make_event: Callable[..., JsonObject]) -> Callable[..., Any]:
    """Return a context manager that serves a source, by default two recorded events, at noon."""

    @asynccontextmanager
    async def opened(source: Any = None, start: datetime = NOON, **options: Any) -> AsyncIterator[Desk]:
        if source is None:
            events = [make_event(), make_event("b" * 32, 30)]
            source = play((0, events), (60, events), (120, []), results={"a" * 32: FinalScore(27, 20)})
        clock = VirtualClock(start)
        async with serve(source, clock, **options) as server, aiohttp.ClientSession() as session:

            async def ask(path: str, *, key: str | None = "demo", **parameters: Any) -> Reply:
                named = {"apiKey": key, **parameters} if key is not None else parameters
                async with session.get(f"{server.base_url}/v4/sports{path}", params=named) as answer:
                    return Reply(answer.status, dict(answer.headers), await answer.read())

            yield Desk(server, clock, ask)

    return opened
