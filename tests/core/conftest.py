"""What the tests of secrets and alerts share: an SSM and a Discord on loopback, and all that an error shows."""

import json
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.wire.discord import discord  # noqa: F401 - a fixture

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
