"""A function on Lambda: warm or cold processes, and invocations that are waited for or handed in."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.lambda_runtime.sandbox import Answer, Sandbox

ATTEMPTS = 3
RETRY_SECONDS = (0.06, 0.18)
"""The platform tries again a minute and three minutes later; here a second takes a millisecond."""


class LambdaFunction:
    """Runs one handler in at most one process at a time; another is started when that one has died."""

    def __init__(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        folder: Path,
        *,
        timeout: float,
        failures: Any = None,
        python: Path = Path(sys.executable),
    ) -> None:
        """Name the process, the seconds an invocation may take, and the queue (`send`) of events given up."""
        self._python = python
        self._arguments = arguments
        self._environment = environment
        self._folder = folder
        self._failures = failures
        self.timeout = timeout
        self.sandboxes: list[Sandbox] = []

    @property
    def output(self) -> str:
        """Return what all processes have said, in the order of their starts."""
        return "".join(sandbox.output for sandbox in self.sandboxes)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return every line said, read as JSON."""
        return [json.loads(line) for line in self.output.splitlines()]

    async def warm(self) -> Sandbox:
        """Return the process that the next invocation meets."""
        if not self.sandboxes or not self.sandboxes[-1].alive:
            sandbox = Sandbox(self._arguments, self._environment, self._folder, python=self._python)
            self.sandboxes.append(sandbox)
            await sandbox.start()
        return self.sandboxes[-1]

    async def invoke(self, event: object = None) -> Answer:
        """Invoke and wait for the answer."""
        sandbox = await self.warm()
        return await sandbox.invoke({} if event is None else event, self.timeout)

    async def hand_in(self, event: object) -> list[Answer]:
        """Invoke as Scheduler does: an error is tried again twice, then the event goes to the failures."""
        answers = [await self.invoke(event)]
        for seconds in RETRY_SECONDS:
            if answers[-1].error is None:
                return answers
            await asyncio.sleep(seconds)
            answers.append(await self.invoke(event))
        if answers[-1].error is not None and self._failures is not None:
            await asyncio.to_thread(self._failures.send, json.dumps(_record(event, answers[-1])))
        return answers

    async def stop(self) -> None:
        """End all processes."""
        for sandbox in self.sandboxes:
            await sandbox.stop()


def _record(event: object, last: Answer) -> dict[str, Any]:
    """Return what Lambda hands to an on-failure destination."""
    return {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": ATTEMPTS},
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": last.error,
    }
