"""A feed on loopback that answers what a test tells it to, and bodies of our own to answer with."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from pydantic import SecretStr

from core.clock import VirtualClock
from core.feed.client import FeedClient

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]
CREDITS = {"x-requests-remaining": "480", "x-requests-used": "20", "x-requests-last": "3"}


class ScriptedFeed:
    """Answers each request with the next reply of its script, and keeps the requests."""

    key = "sentinel0key1that2nobody3may4see"

    def __init__(self) -> None:
        self.base_url = ""
        self.requests: list[web.Request] = []
        self._script: deque[Reply] = deque()

    def will_answer(self, status: int = 200, body: object = None, headers: dict[str, str] | None = None) -> None:
        """Answer with a body: bytes as they are, any other value as JSON."""
        content = body if isinstance(body, bytes) else orjson.dumps([] if body is None else body)

        async def reply(_: web.Request) -> web.Response:
            return web.Response(status=status, body=content, headers={**CREDITS, **(headers or {})})

        self._script.append(reply)

    def will_refuse(self, status: int, error_code: str, message: str = "No.", **headers: str) -> None:
        """Answer with an error of the feed's own shape."""
        body = {"message": message, "error_code": error_code, "details_url": "https://example.com/errors"}
        self.will_answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def will_repeat_the_url(self, status: int) -> None:
        """Answer with a page, JSON where all is well, that holds the URL asked, in its headers too."""

        async def reply(request: web.Request) -> web.Response:
            page = f"<html>cannot serve {request.path_qs}</html>" if status >= 400 else f'["{request.path_qs}"]'
            return web.Response(status=status, text=page, headers={"x-requests-last": request.path_qs})

        self._script.append(reply)

    def will_write(self, answer: bytes) -> None:
        """Answer with these bytes, whatever they are, and close the connection."""

        async def reply(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.write(answer)
            request.transport.close()
            return web.Response()

        self._script.append(reply)

    def will_hang(self) -> None:
        """Keep the request without an answer."""

        async def reply(_: web.Request) -> web.Response:
            await asyncio.sleep(60)
            return web.Response()

        self._script.append(reply)

    def will_reset(self) -> None:
        """Break the connection without an answer."""

        async def reply(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()

        self._script.append(reply)

    def will_break_off(self, last: str = CREDITS["x-requests-last"]) -> None:
        """Send the head, with what the call costs, and a part of the body, then break the connection."""

        async def reply(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={**CREDITS, "x-requests-last": last, "Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b"[{")
            assert request.transport is not None
            await asyncio.sleep(0.05)
            request.transport.abort()
            return response

        self._script.append(reply)

    def will_zip(self, body: object) -> None:
        """Answer with a compressed body."""

        async def reply(_: web.Request) -> web.Response:
            response = web.Response(body=orjson.dumps(body), headers=CREDITS)
            response.enable_compression(web.ContentCoding.gzip)
            return response

        self._script.append(reply)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Give the next reply of the script."""
        self.requests.append(request)
        return await self._script.popleft()(request)


@pytest.fixture
async def feed() -> AsyncIterator[ScriptedFeed]:
    scripted = ScriptedFeed()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", scripted.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    scripted.base_url = f"http://{host}:{port}"
    yield scripted
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 1, 10, 12, tzinfo=UTC))


@pytest.fixture
def event() -> dict[str, Any]:
    """An event with two bookmakers, h2h and spreads at each."""
    updated = "2026-01-10T11:59:30Z"
    h2h = [{"name": "Boston Celtics", "price": -150}, {"name": "Denver Nuggets", "price": 130}]
    spreads = [
        {"name": "Boston Celtics", "price": -110, "point": -3.5},
        {"name": "Denver Nuggets", "price": -110, "point": 3.5},
    ]
    markets = [
        {"key": "h2h", "last_update": updated, "outcomes": h2h},
        {"key": "spreads", "last_update": updated, "outcomes": spreads},
    ]
    return {
        "id": "00112233445566778899aabbccddeeff",
        "sport_key": "basketball_nba",
        "sport_title": "NBA",
        "commence_time": "2026-01-11T00:10:00Z",
        "home_team": "Boston Celtics",
        "away_team": "Denver Nuggets",
        "bookmakers": [
            {"key": "draftkings", "title": "DraftKings", "last_update": updated, "markets": markets},
            {
                "key": "fanduel",
                "title": "FanDuel",
                "last_update": updated,
                "markets": orjson.loads(orjson.dumps(markets)),
            },
        ],
    }


@pytest.fixture
def captures(shared_data: Path) -> Path:
    """The folder of real answers, where there is one."""
    return shared_data / "captures"


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(
    feed: ScriptedFeed, session: aiohttp.ClientSession, clock: VirtualClock, waits: list[float]
) -> FeedClient:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(timedelta(seconds=seconds))

    return FeedClient(session, SecretStr(feed.key), base_url=feed.base_url, clock=clock, sleep=sleep)
