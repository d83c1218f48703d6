"""A deployment on this machine: functions, schedules, secrets, a queue, a feed and a database."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from sqlalchemy import text

from core.simulation.server import FeedServer
from core.triggers.base import Trigger
from core.triggers.schedule_inputs import trigger_input
from core.triggers.schedule_requests import EventBridgeTarget, schedule_request
from core.triggers.schedule_validation import read_expression
from storage.database import Database
from tests.lambda_runtime.ahead import VARIABLE, AheadClock
from tests.lambda_runtime.function import LambdaFunction
from tests.lambda_runtime.packaged import Packaged
from tests.lambda_runtime.sandbox import CHECKOUT

REGION = "us-east-1"
GROUP = "linekeeper"
KEY_PARAMETER, URL_PARAMETERS = "/linekeeper/odds-api-key", "/linekeeper/database-url"
ROLES = {
    "fetch-odds": "collector",
    "fetch-scores": "scores",
    "update-status": "status",
    "heartbeat": "monitor",
    "migrate": "migrator",
    "backtest": "backtest",
}
"""Whom each function connects as."""
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:linekeeper-{{job}}"
ROLE = "arn:aws:iam::123456789012:role/linekeeper-scheduler"
BUCKET = "linekeeper-results"
DEAD_LETTERS = f"arn:aws:sqs:{REGION}:123456789012:linekeeper-undelivered"


@dataclass
class Queue:
    """The queue that events go to whose function failed for good."""

    client: Any
    url: str

    def send(self, body: str) -> None:
        """Add a message."""
        self.client.send_message(QueueUrl=self.url, MessageBody=body)

    def received(self) -> list[dict[str, Any]]:
        """Return the messages."""
        answer = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@dataclass
class Stack:
    """A deployment that collects one sport, and what a test does with it."""

    aws_url: str
    server: FeedServer
    clock: AheadClock
    database: Database
    folder: Path
    sport_key: str
    secrets: dict[str, str]
    group: str = GROUP
    key_parameter: str = KEY_PARAMETER
    url_parameter: str = f"{URL_PARAMETERS}/collector"
    packaged: Packaged | None = None
    """Where the functions' code comes from, when it is not this checkout."""
    python_path: tuple[Path, ...] = ()
    """Where further handlers are."""
    functions: dict[str, LambdaFunction] = field(default_factory=dict)
    _fired: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the group, the secrets and the queue."""
        self.schedules = self.client("scheduler")
        self.schedules.create_schedule_group(Name=GROUP)
        self.ssm = self.client("ssm")
        for name, value in self.secrets.items():
            self.put_secret(name, value)
        queues = self.client("sqs")
        self.failures = Queue(queues, queues.create_queue(QueueName="linekeeper-failures")["QueueUrl"])

    def client(self, service: str) -> Any:
        """Return a client of a service of the stack."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.aws_url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def put_secret(self, name: str, value: str) -> None:
        """Set a secret."""
        self.ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def function(
        self, job: str, variables: Mapping[str, str] | None = None, *, timeout: float = 20
    ) -> LambdaFunction:
        """Return the function of a job, made when it is first asked for, perhaps with settings of its own."""
        if job not in self.functions:
            own_file = job in ("migrate", "backtest")
            handler = f"{job}.handler" if own_file else f"functions.{job.replace('-', '_')}"
            as_its_role = {"DATABASE_URL_PARAMETER": f"{URL_PARAMETERS}/{ROLES[job]}", "RESULTS_BUCKET": BUCKET}
            self.functions[job] = self._made(f"handlers.{handler}", timeout, as_its_role | dict(variables or {}))
        return self.functions[job]

    def another(self, handler: str, *, timeout: float = 20) -> LambdaFunction:
        """Return a function of one's own: a second process of a job's, or a handler in a file of the folder."""
        return self.functions.setdefault(handler, self._made(handler, timeout, {}))

    def without(self, rule: str, job: str, change: str, *, timeout: float = 20) -> LambdaFunction:
        """Return the function of a job, run by code from which a change takes a rule away beforehand."""
        handler = f"from handlers.functions import {job.replace('-', '_')} as handler\n"
        (self.folder / f"without_{rule}.py").write_text(f"{change}\n{handler}")
        return self.another(f"without_{rule}.handler", timeout=timeout)

    def planned(self, job: str, at: datetime | None = None, reason: str = "as planned") -> dict[str, Any]:
        """Return the Input of a schedule of a job, due at once by default."""
        trigger = Trigger(job, self.sport_key, at or self.clock.now(), reason)
        event: dict[str, Any] = json.loads(trigger_input(trigger))
        return event

    def armed(self) -> dict[str, datetime]:
        """Return when each job is armed for, the earliest first; what has been fired is not."""
        found: dict[str, datetime] = {}
        for summary in self.schedules.list_schedules(GroupName=GROUP)["Schedules"]:
            schedule = self.schedules.get_schedule(Name=summary["Name"], GroupName=GROUP)
            at = read_expression(schedule["ScheduleExpression"])
            assert at is not None
            job = summary["Name"].split(".")[0]
            if self._fired.get(job) != at:
                found[job] = at
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def input_of(self, job: str) -> dict[str, Any]:
        """Return what the schedule of a job hands to its function."""
        schedule = self.schedules.get_schedule(Name=f"{job}.{self.sport_key}", GroupName=GROUP)
        event: dict[str, Any] = json.loads(schedule["Target"]["Input"])
        return event

    def arm(self, job: str, at: datetime) -> None:
        """Set the schedule of a job, whatever AWS would say of the time."""
        target = EventBridgeTarget(FUNCTION, ROLE, GROUP, DEAD_LETTERS, REGION)
        trigger = Trigger(job, self.sport_key, at, "set by a test")
        request = schedule_request(trigger, target, at.replace(year=at.year - 1))
        self.forget(job)
        self.schedules.create_schedule(**request)

    def forget(self, job: str) -> None:
        """Delete the schedule of a job, if there is one."""
        names = [one["Name"] for one in self.schedules.list_schedules(GroupName=GROUP)["Schedules"]]
        if f"{job}.{self.sport_key}" in names:
            self.schedules.delete_schedule(Name=f"{job}.{self.sport_key}", GroupName=GROUP)

    async def fire_next(self) -> str:
        """Let the time pass until the earliest schedule is due, and hand its Input to its function."""
        job, at = next(iter(self.armed().items()))
        self._fired[job] = at
        if at > self.clock.now():
            self.clock.set_to(at)
        await self.function(job).hand_in(self.input_of(job))
        return job

    async def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        async with self.database.transaction() as connection:
            return [tuple(row) for row in await connection.execute(text(sql))]

    async def runs(self) -> list[tuple[str, str, int]]:
        """Return job, outcome and attempt of every run of the ledger."""
        rows = await self.query("SELECT job, outcome, attempt FROM operational.job_runs ORDER BY started_at, id")
        return [(job, outcome, attempt) for job, outcome, attempt in rows]

    @property
    def output(self) -> str:
        """Return all that any function has said."""
        return "".join(function.output for function in self.functions.values())

    async def stop(self) -> None:
        """End all processes."""
        for function in self.functions.values():
            await function.stop()

    def _made(self, handler: str, timeout: float, variables: Mapping[str, str]) -> LambdaFunction:
        code = self.packaged
        return LambdaFunction(
            [*(code.arguments if code else ()), "-m", "tests.lambda_runtime.ahead", handler],
            {**self._environment(), **variables},
            self.folder,
            timeout=timeout,
            failures=self.failures,
            python=code.python if code else Path(sys.executable),
        )

    def _environment(self) -> dict[str, str]:
        packaged = (self.packaged.task, self.packaged.runtime) if self.packaged else ()
        places = [str(place) for place in (*packaged, CHECKOUT, self.folder, *self.python_path)]
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(places),
            "PYTHONWARNINGS": "error",
            "LAMBDA_TASK_ROOT": str(CHECKOUT),
            "AWS_LAMBDA_FUNCTION_NAME": "linekeeper",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_LAMBDA_ARN": FUNCTION,
            "AWS_SCHEDULER_ROLE_ARN": ROLE,
            "AWS_SCHEDULER_GROUP": GROUP,
            "AWS_DEAD_LETTER_ARN": DEAD_LETTERS,
            "SCHEDULER_BACKEND": "aws",
            "ODDS_API_BASE_URL": self.server.base_url,
            "ODDS_API_KEY_PARAMETER": KEY_PARAMETER,
            "DATABASE_URL_PARAMETER": self.url_parameter,
            "SPORTS": self.sport_key,
            "BOOKMAKERS": "draftkings,fanduel",
            "MARKETS": "h2h",
            VARIABLE: str(self.clock.file),
        }
