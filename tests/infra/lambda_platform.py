"""AWS around the deployment: it runs each function from its zip, fires schedules, and keeps logs and failures.

Whatever it does on behalf of a role is a signed call of that role, so that a recording tells who did what.
"""

import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from aiohttp import web

from core.triggers.schedule_validation import read_expression
from tests.infra.account import REGION, Deployment
from tests.infra.calls import CREDENTIAL, Call
from tests.lambda_runtime.ahead import VARIABLE, AheadClock
from tests.lambda_runtime.function import LambdaFunction
from tests.lambda_runtime.packaged import Packaged
from tests.lambda_runtime.sandbox import CHECKOUT, Answer
from tests.lambda_runtime.stack import Queue


@dataclass
class Platform:
    """Runs the functions of a deployment on this machine."""

    deployment: Deployment
    packages: Mapping[str, Packaged]
    feed_url: str
    clock: AheadClock
    folder: Path
    functions: dict[str, LambdaFunction] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Functions that cannot be invoked, by their ARNs."""
    invocations: list[tuple[str, str]] = field(default_factory=list)
    """Which role invoked which function: the emulator would run it in a container, so no call is made."""
    calls: list[Call] = field(default_factory=list)
    """Invocations that functions asked for: they are run here, not by the emulator."""
    lambda_url: str = ""
    _handed: list[tuple[str, Any]] = field(default_factory=list)
    _fired: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the entry that sets the clock beside the zips, alone: nothing else of the checkout is in reach."""
        shutil.copy(CHECKOUT / "tests" / "lambda_runtime" / "ahead.py", self.folder / "ahead.py")

    def client(self, service: str, role: str) -> Any:
        """Return a client by which a role acts."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.deployment.aws_url,
            aws_access_key_id=role,
            aws_secret_access_key="testing",
        )

    @asynccontextmanager
    async def invocations_served(self) -> AsyncIterator[None]:
        """Take asynchronous invocations, to be run before the next schedule fires."""
        app = web.Application()
        app.router.add_post("/2015-03-31/functions/{name}/invocations", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.lambda_url = f"http://{host}:{port}"
        yield
        await runner.cleanup()

    async def run_what_was_invoked(self) -> None:
        """Run every event that a function has handed to another."""
        while self._handed:
            name, event = self._handed.pop(0)
            await self.invoke(name, event)

    def function(self, name: str) -> LambdaFunction:
        """Return a function by its short name, from the zip and with the environment that it was made with."""
        if name not in self.functions:
            made = self.deployment.function(name)
            packaged = self.packages[Path(made["filename"]).name.split("-")[0]]
            own_name = made["function_name"]
            self.functions[name] = LambdaFunction(
                [*packaged.arguments, "-m", "ahead", made["handler"]],
                {**self.deployment.at_first["variables"][own_name], **self._given(own_name, packaged)},
                self.folder,
                timeout=float(made["timeout"]),
                failures=self._failures_of(name, own_name),
                python=packaged.python,
            )
        return self.functions[name]

    async def fire(self, schedule: Mapping[str, Any]) -> list[Answer]:
        """Hand the Input of a schedule to its function, as the role that it names; keep it where that fails."""
        target = schedule["Target"]
        role = target["RoleArn"].rsplit("/")[-1]
        if target["Arn"] in self.gone:
            queue = target["DeadLetterConfig"]["Arn"].rsplit(":")[-1]
            sqs = self.client("sqs", role)
            address = self.client("sqs", "testing").get_queue_url(QueueName=queue)["QueueUrl"]
            sqs.send_message(QueueUrl=address, MessageBody=target["Input"])
            return []
        self.invocations.append((role, target["Arn"]))
        name = target["Arn"].rsplit(":")[-1].removeprefix("linekeeper-dev-")
        return await self.invoke(name, json.loads(target["Input"]))

    async def invoke(self, name: str, event: Mapping[str, Any]) -> list[Answer]:
        """Hand an event to a function by its short name, and keep what it says."""
        function = self.function(name)
        answers = await function.hand_in(event)
        self._keep_the_log(f"linekeeper-dev-{name}", function)
        return answers

    async def fire_next(self) -> str:
        """Let the time pass until the earliest armed schedule is due, fire it, and return its job."""
        await self.run_what_was_invoked()
        found = {one["Name"]: (read_expression(one["ScheduleExpression"]), one) for one in self.schedules()}
        pending = {name: (at, one) for name, (at, one) in found.items() if at and self._fired.get(name) != at}
        name, (at, schedule) = min(pending.items(), key=lambda item: item[1][0])
        self._fired[name] = at
        if at > self.clock.now():
            self.clock.set_to(at)
        await self.fire(schedule)
        job: str = name.split(".")[0]
        return job

    def schedules(self, group: str = "linekeeper-dev") -> list[dict[str, Any]]:
        """Return the schedules of a group, whole."""
        scheduler = self.client("scheduler", "testing")
        names = [one["Name"] for one in scheduler.list_schedules(GroupName=group)["Schedules"]]
        return [scheduler.get_schedule(GroupName=group, Name=name) for name in names]

    def delete_schedules(self) -> None:
        """Delete all that is armed, as a person does."""
        for schedule in self.schedules():
            self.client("scheduler", "testing").delete_schedule(
                GroupName=schedule["GroupName"], Name=schedule["Name"]
            )

    def has_said(self, words: str) -> bool:
        """Tell whether any function has said something."""
        return any(words in function.output for function in self.functions.values())

    async def stop(self) -> None:
        """End all processes."""
        for function in self.functions.values():
            await function.stop()

    async def _take(self, request: web.Request) -> web.Response:
        signed = CREDENTIAL.search(request.headers["Authorization"])
        assert signed
        assert request.headers["X-Amz-Invocation-Type"] == "Event"
        arn = request.match_info["name"]
        self.calls.append(Call(signed[1], "lambda", "Invoke", {"FunctionName": arn}))
        self._handed.append((arn.rsplit(":")[-1].removeprefix("linekeeper-dev-"), await request.json()))
        return web.Response(status=202)

    def _failures_of(self, name: str, own_name: str) -> Queue | None:
        """Return the queue that a function's failures go to, where Terraform has given it one."""
        address = f"module.{name.replace('-', '_')}.aws_lambda_function_event_invoke_config.main"
        config = self.deployment.resources("aws_lambda_function_event_invoke_config")[address]
        if not config["destination_config"]:
            return None
        [destination] = config["destination_config"][0]["on_failure"]
        client = self.client("sqs", own_name)
        name_of_queue = destination["destination"].rsplit(":")[-1]
        return Queue(client, self.client("sqs", "testing").get_queue_url(QueueName=name_of_queue)["QueueUrl"])

    def _keep_the_log(self, name: str, function: LambdaFunction) -> None:
        logs = self.client("logs", name)
        group, stream = f"/aws/lambda/{name}", f"{time.monotonic_ns()}/[$LATEST]"
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        said = function.output or "nothing"
        event = {"timestamp": int(time.time() * 1000), "message": said[-200_000:]}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])

    def _given(self, own_name: str, packaged: Packaged) -> dict[str, str]:
        """Return what Lambda adds to a function's environment, and where this machine's AWS and feed are."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": f"{packaged.python_path}{os.pathsep}{self.folder}",
            "LAMBDA_TASK_ROOT": str(packaged.task),
            "AWS_LAMBDA_FUNCTION_NAME": own_name,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": own_name,
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": self.deployment.aws_url,
            "AWS_ENDPOINT_URL_LAMBDA": self.lambda_url,
            "ODDS_API_BASE_URL": self.feed_url,
            VARIABLE: str(self.clock.file),
        }
