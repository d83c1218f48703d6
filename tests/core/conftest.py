"""What the tests of secrets and alerts share: an SSM and a Discord on loopback, and all that an error shows."""

import asyncio
import json
import threading
import time
import traceback
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiohttp import web

Said = Callable[[BaseException], str]


class ScriptedSsm:
    """Answers each call with the next answer of its script, then with the last one again, and keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._script: deque[tuple[int, bytes, float]] = deque()

    def will_hold(self, values: Mapping[str, str], kind: str = "SecureString") -> None:
        """Answer with parameters of these values."""
        parameters = [{"Name": name, "Type": kind, "Value": value} for name, value in values.items()]
        self.will_answer(200, {"Parameters": parameters, "InvalidParameters": []})

    def will_refuse(self, code: str, status: int = 400, message: str = "No.") -> None:
        """Answer with an error of AWS's shape."""
        self.will_answer(status, {"__type": code, "message": message})

    def will_answer(self, status: int, body: object, *, after_seconds: float = 0) -> None:
        """Answer with a body: bytes as they are, any other value as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._script.append((status, content, after_seconds))

    def answer(self, target: str, request: bytes) -> tuple[int, bytes, float]:
        """Return what to answer a call with."""
        self.calls.append((target, json.loads(request)))
        return self._script.popleft() if len(self._script) > 1 else self._script[0]


@pytest.fixture
def scripted_ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedSsm]:
    """Yield an SSM on loopback, which every client of SSM asks."""
    ssm = ScriptedSsm()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            status, body, after_seconds = ssm.answer(self.headers["X-Amz-Target"], request)
            time.sleep(after_seconds)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", f"http://127.0.0.1:{server.server_port}")
    yield ssm
    server.shutdown()
    thread.join()
    server.server_close()


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


@pytest.fixture
def said_of() -> Said:
    """Return what tells an error with the locals of its frames, its attributes and all errors behind it."""

    def said(error: BaseException) -> str:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        parts = [*report.format(), *traceback.format_exception(error), str(error), repr(error), repr(vars(error))]
        for behind in (error.__cause__, error.__context__):
            parts += [said(behind)] if behind else []
        return "\n".join(parts)

    return said
