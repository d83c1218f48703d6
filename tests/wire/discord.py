"""A stand-in for Discord on loopback, which takes what is posted or fails as it is told."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest
from aiohttp import web


class ScriptedDiscord:
    """Takes every post, or does what the test tells it to do with the next ones, and keeps what was posted."""

    token = "sentinel-webhook-token"

    def __init__(self) -> None:
        self.origin = ""
        self.paths: list[str] = []
        self.posts: list[dict[str, Any]] = []
        self._script: deque[Callable[[web.Request], Awaitable[web.StreamResponse]]] = deque()

    @property
    def webhook_url(self) -> str:
        """Return the address to post to."""
        return f"{self.origin}/api/webhooks/42/{self.token}"

    def will_answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answer the next post."""

        async def reply(_: web.Request) -> web.Response:
            return web.Response(status=status, body=body, headers=headers)

        self._script.append(reply)

    def will_hang(self) -> None:
        """Keep the next post without an answer."""

        async def reply(_: web.Request) -> web.Response:
            await asyncio.sleep(60)
            return web.Response()

        self._script.append(reply)

    def will_reset(self) -> None:
        """Break the connection of the next post without an answer."""

        async def reply(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()

        self._script.append(reply)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request as the script says, by default as Discord does."""
        self.paths.append(request.path)
        self.posts.append(await request.json())
        return await self._script.popleft()(request) if self._script else web.Response(status=204)


@pytest.fixture
async def discord() -> AsyncIterator[ScriptedDiscord]:
    """Yield a stand-in for Discord on loopback."""
    stand_in = ScriptedDiscord()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", stand_in.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    stand_in.origin = f"http://127.0.0.1:{port}"
    yield stand_in
    await runner.cleanup()
