"""One process of a function, and the Runtime API (2018-06-01) that Lambda's own client asks for its work."""

import asyncio
import json
import os
import signal
import sys
import time
import uuid
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

CHECKOUT = Path(__file__).parents[2]
_INIT_SECONDS = 60
_SETTLE_SECONDS = 5
_API = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Answer:
    """What became of one invocation: what the function returned, or its error as Lambda tells it."""

    payload: Any = None
    error: Mapping[str, Any] | None = None
    seconds: float = 0.0


@dataclass
class _Event:
    body: str
    seconds: float
    answer: asyncio.Future[Answer]


class Sandbox:
    """A process that runs a function as Lambda does: frozen between invocations, killed at the timeout."""

    def __init__(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        folder: Path,
        *,
        python: Path = Path(sys.executable),
    ) -> None:
        """Run `python -m ...` with an environment of its own; what it says goes to a file in the folder."""
        self._python = python
        self._arguments = arguments
        self._environment = environment
        self._output = folder / f"{uuid.uuid4().hex}.log"
        self._folder = folder
        self._events: asyncio.Queue[_Event | None] = asyncio.Queue()
        self._running: dict[str, _Event] = {}
        self._idle = asyncio.Event()
        self._failed: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._started_at = 0.0
        self._asked_at: float | None = None
        self._runner: web.AppRunner | None = None
        self.process: Process | None = None

    async def start(self) -> None:
        """Start the Runtime API and the process."""
        app = web.Application()
        app.router.add_get(f"{_API}/invocation/next", self._next)
        app.router.add_post(f"{_API}/invocation/{{id}}/response", self._response)
        app.router.add_post(f"{_API}/invocation/{{id}}/error", self._error)
        app.router.add_post(f"{_API}/init/error", self._init_error)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._started_at = time.monotonic()
        with self._output.open("wb") as output:
            self.process = await asyncio.create_subprocess_exec(
                self._python,
                *self._arguments,
                cwd=self._folder,
                env={**self._environment, "AWS_LAMBDA_RUNTIME_API": f"{host}:{port}"},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def initialised(self) -> float:
        """Wait until the process first asks for an event; return the seconds since it was started."""
        assert self.process is not None
        ended = asyncio.ensure_future(self.process.wait())
        await self._until_idle(ended, _INIT_SECONDS)
        ended.cancel()
        assert self._asked_at is not None, self.output
        return self._asked_at - self._started_at

    @property
    def alive(self) -> bool:
        """Tell whether the process is there, and has not failed to start."""
        return self.process is not None and self.process.returncode is None and not self._failed.done()

    @property
    def output(self) -> str:
        """Return all that the process has said."""
        return self._output.read_text()

    async def invoke(self, event: object, timeout: float) -> Answer:  # noqa: ASYNC109
        """Thaw the process, have it do one event, and freeze it again; kill it when the time is up."""
        assert self.process is not None
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.signal(signal.SIGCONT)
        ended = asyncio.ensure_future(self.process.wait())
        await self._until_idle(ended, _INIT_SECONDS)
        begun = time.monotonic()
        self._idle.clear()
        self._events.put_nowait(_Event(json.dumps(event), timeout, answer))
        watched: set[asyncio.Future[Any]] = {answer, ended, self._failed}
        await asyncio.wait(watched, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        result = self._result(answer, timeout)
        if answer.done() and not ended.done():
            await self._until_idle(ended, _SETTLE_SECONDS)
            self.signal(signal.SIGSTOP)
        elif not ended.done():
            self.signal(signal.SIGKILL)
            await ended
        ended.cancel()
        return Answer(result.payload, result.error, time.monotonic() - begun)

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal, if it is there."""
        if self.process is not None and self.process.returncode is None:
            os.kill(self.process.pid, number)

    async def stop(self) -> None:
        """End the process and the Runtime API."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            await self.process.wait()
        if self._runner is not None:
            self._events.put_nowait(None)
            await self._runner.cleanup()

    async def _until_idle(self, ended: asyncio.Future[int], seconds: float) -> None:
        """Wait until the process asks for its next event, which ends its start and every invocation."""
        idle = asyncio.ensure_future(self._idle.wait())
        watched: set[asyncio.Future[Any]] = {idle, ended, self._failed}
        await asyncio.wait(watched, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        idle.cancel()

    def _result(self, answer: asyncio.Future[Answer], timeout: float) -> Answer:
        assert self.process is not None
        for told in (answer, self._failed):
            if told.done():
                return told.result()
        if self.process.returncode is not None:
            fault = f"Runtime exited: {self.process.returncode}"
            return Answer(error={"errorType": "Runtime.ExitError", "errorMessage": fault})
        fault = f"Task timed out after {timeout:.2f} seconds"
        return Answer(error={"errorType": "Sandbox.Timedout", "errorMessage": fault})

    async def _next(self, _request: web.Request) -> web.Response:
        self._asked_at = self._asked_at or time.monotonic()
        self._idle.set()
        event = await self._events.get()
        if event is None:
            return web.Response(status=503)
        number = str(uuid.uuid4())
        self._running[number] = event
        headers = {
            "Lambda-Runtime-Aws-Request-Id": number,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + event.seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:linekeeper",
            "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
        }
        return web.Response(body=event.body.encode(), headers=headers, content_type="application/json")

    async def _response(self, request: web.Request) -> web.Response:
        return await self._settle(request, lambda body: Answer(payload=body))

    async def _error(self, request: web.Request) -> web.Response:
        return await self._settle(request, lambda body: Answer(error=body))

    async def _settle(self, request: web.Request, read: Any) -> web.Response:
        event = self._running.pop(request.match_info["id"])
        body = await request.json()
        if not event.answer.done():
            event.answer.set_result(read(body))
        return web.json_response({"status": "OK"}, status=202)

    async def _init_error(self, request: web.Request) -> web.Response:
        self._failed.set_result(Answer(error=await request.json()))
        return web.json_response({"status": "OK"}, status=202)
