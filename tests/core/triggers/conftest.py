"""A stand-in for EventBridge Scheduler and Lambda: real HTTP on loopback, AWS's rules, and faults on demand."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from core.clock import VirtualClock
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.schedule_requests import EventBridgeTarget
from core.triggers.scheduler_calls import open_lambda_client, open_scheduler_client

NOW = datetime(2026, 9, 13, 12, tzinfo=UTC)
TARGET = EventBridgeTarget(
    function_arn="arn:aws:lambda:us-east-1:123456789012:function:linekeeper-{job}",
    role_arn="arn:aws:iam::123456789012:role/linekeeper-scheduler",
    group_name="linekeeper",
    dead_letter_arn="arn:aws:sqs:us-east-1:123456789012:linekeeper-undelivered",
    region="us-east-1",
)
DEFAULTS = {
    "ScheduleExpressionTimezone": "UTC",
    "State": "ENABLED",
    "ActionAfterCompletion": "NONE",
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call: an error answer, a lost connection, or a delay; `applied` says when."""

    status: int | None = None
    code: str = ""
    applied: bool = False
    lost: bool = False
    seconds: float = 0
    operation: str | None = None


class SchedulerStandIn(ThreadingHTTPServer):
    """Keeps schedules as AWS does: an update replaces everything, what it leaves out is reset."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reset()

    def reset(self) -> None:
        """Forget everything but the one group."""
        self.page_size = 100
        self.groups = {TARGET.group_name}
        self.functions = {TARGET.function_of(job) for job in ("fetch-odds", "fetch-scores", "update-status")}
        self.schedules: dict[str, dict[str, Any]] = {}
        self.faults: deque[Fault] = deque()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._done: dict[str, tuple[str, dict[str, Any]]] = {}

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def fault_of(self, operation: str) -> Fault:
        """Return the next fault where it is meant for an operation, else none."""
        if self.faults and self.faults[0].operation in (None, operation):
            return self.faults.popleft()
        return Fault()

    def answer(self, operation: str, name: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Do what is asked, once for each client token, and return the status and the answer."""
        self.calls.append((operation, {"Name": name, **body}))
        token = body.get("ClientToken", "")
        if token in self._done:
            same = self._done[token] == (operation, body)
            return (
                (200, {"ScheduleArn": name})
                if same
                else (409, {"__type": "ConflictException", "Message": "token"})
            )
        status, answer = self._do(operation, name, body)
        if token and status == HTTPStatus.OK:
            self._done[token] = operation, body
        return status, answer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that did not wait for the answer."""

    def _do(self, operation: str, name: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "Invoke":
            known = {"__type": "ResourceNotFoundException", "Message": f"Function not found: {name}"}
            return (202, {}) if name in self.functions else (404, known)
        group = body.get("GroupName", "default")
        unknown = name not in self.schedules and operation not in ("CreateSchedule", "ListSchedules")
        if group not in self.groups or unknown:
            return 404, {"__type": "ResourceNotFoundException", "Message": f"{name or group} does not exist."}
        if operation == "CreateSchedule" and name in self.schedules:
            return 409, {"__type": "ConflictException", "Message": f"Schedule {name} already exists."}
        if operation == "DeleteSchedule":
            del self.schedules[name]
        if operation in ("CreateSchedule", "UpdateSchedule"):
            self.schedules[name] = {**DEFAULTS, **body, "Name": name}
        if operation == "ListSchedules":
            return 200, self._page(int(body.get("NextToken", 0)))
        return 200, self.schedules[name] if operation == "GetSchedule" else {"ScheduleArn": name}

    def _page(self, start: int) -> dict[str, Any]:
        names = sorted(self.schedules)
        end = start + self.page_size
        summaries = [{"Name": name, "State": self.schedules[name]["State"]} for name in names[start:end]]
        return {"Schedules": summaries, **({"NextToken": str(end)} if end < len(names) else {})}


class _Handler(BaseHTTPRequestHandler):
    """One call of the REST interface."""

    server: SchedulerStandIn
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    operations: ClassVar = {
        "POST": "CreateSchedule",
        "PUT": "UpdateSchedule",
        "GET": "GetSchedule",
        "DELETE": "DeleteSchedule",
    }

    def _serve(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/2015-03-31/functions/"):
            self._respond("Invoke", unquote(url.path.split("/")[3]), self._body())
            return
        name = unquote(url.path.removeprefix("/schedules").strip("/"))
        operation = self.operations[self.command] if name else "ListSchedules"
        body = self._body()
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        group = query.pop("groupName", None) or query.pop("ScheduleGroup", None)
        self._respond(operation, name, body | query | ({"GroupName": group} if group else {}))

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        return body

    def _respond(self, operation: str, name: str, body: dict[str, Any]) -> None:
        fault = self.server.fault_of(operation)
        applied = self.server.answer(operation, name, body) if fault.applied else None
        time.sleep(fault.seconds)
        if fault.lost:
            self.close_connection = True
        elif fault.status is not None:
            self._send(fault.status, {"__type": fault.code, "Message": "as asked"})
        else:
            self._send(*(applied or self.server.answer(operation, name, body)))

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        if "__type" in answer:
            self.send_header("x-amzn-ErrorType", answer["__type"])
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""


class Waits:
    """Sleeping that takes no time, and how long each was to be, in seconds."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Take note."""
        self.seconds.append(seconds)


@pytest.fixture(scope="session")
def running_scheduler() -> Iterator[SchedulerStandIn]:
    with SchedulerStandIn() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def scheduler(running_scheduler: SchedulerStandIn) -> SchedulerStandIn:
    """Return an empty scheduler with the one group, without faults."""
    running_scheduler.reset()
    return running_scheduler


@pytest.fixture
def scheduler_client(running_scheduler: SchedulerStandIn) -> Iterator[Any]:
    """Return a boto3 client of the stand-in that waits for answers for 0.3 s."""
    client = open_scheduler_client("us-east-1", endpoint_url=running_scheduler.url, answer_seconds=0.3)
    yield client
    client.close()


@pytest.fixture
def lambda_client(running_scheduler: SchedulerStandIn) -> Iterator[Any]:
    """Return a boto3 client of the stand-in for Lambda that waits for answers for 0.3 s."""
    client = open_lambda_client("us-east-1", endpoint_url=running_scheduler.url, answer_seconds=0.3)
    yield client
    client.close()


@pytest.fixture
def target() -> EventBridgeTarget:
    return TARGET


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def fault() -> type[Fault]:
    """Return the kind of faults that `scheduler.faults` takes."""
    return Fault


@pytest.fixture
def triggers(
    scheduler: SchedulerStandIn, scheduler_client: Any, lambda_client: Any, clock: VirtualClock, waits: Waits
) -> EventBridgeTriggers:
    """Return the triggers of the stand-in, on a clock that stands still."""
    return EventBridgeTriggers(TARGET, scheduler_client, functions=lambda: lambda_client, clock=clock, sleep=waits)
