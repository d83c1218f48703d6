"""Calls that are checked, translated and tried again."""

import asyncio
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from core.triggers.errors import InvalidScheduleError, SchedulerRefusedError, SchedulerUnavailableError
from core.triggers.scheduler_calls import ATTEMPTS, ScheduleNotFoundError, call, open_scheduler_client, persist

LIST = {"GroupName": "linekeeper", "MaxResults": 100}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (409, "ConflictException"),
        (400, "ConflictException"),
        (429, "ThrottlingException"),
        (400, "ThrottlingException"),
        (500, "InternalServerException"),
        (503, "ServiceUnavailable"),
    ],
)
def test_what_may_pass_is_unavailable_and_named(
    scheduler: Any, scheduler_client: Any, fault: Any, status: int, code: str
) -> None:
    scheduler.faults.append(fault(status, code))
    with pytest.raises(
        SchedulerUnavailableError, match=f"ListSchedules of EventBridge Scheduler failed with {code}"
    ):
        call(scheduler_client, "ListSchedules", **LIST)
    assert scheduler.calls == []


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "ValidationException"), (402, "ServiceQuotaExceededException"), (403, "AccessDeniedException")],
)
def test_what_aws_would_refuse_again_is_refused(
    scheduler: Any, scheduler_client: Any, fault: Any, status: int, code: str
) -> None:
    scheduler.faults.append(fault(status, code))
    with pytest.raises(SchedulerRefusedError, match="as asked") as refused:
        call(scheduler_client, "ListSchedules", **LIST)
    assert refused.value.code == code


def test_what_does_not_exist_is_not_found(scheduler: Any, scheduler_client: Any) -> None:
    with pytest.raises(ScheduleNotFoundError, match="does not exist"):
        call(scheduler_client, "GetSchedule", Name="nobody", GroupName="linekeeper")


def test_an_answer_that_does_not_come_in_time_is_unavailable(
    scheduler: Any, scheduler_client: Any, fault: Any
) -> None:
    scheduler.faults.append(fault(seconds=0.6))
    with pytest.raises(SchedulerUnavailableError, match="timeout"):
        call(scheduler_client, "ListSchedules", **LIST)


def test_a_connection_that_breaks_is_unavailable(scheduler: Any, scheduler_client: Any, fault: Any) -> None:
    scheduler.faults.append(fault(lost=True))
    with pytest.raises(SchedulerUnavailableError, match="closed"):
        call(scheduler_client, "ListSchedules", **LIST)


def test_a_server_that_is_not_there_is_unavailable(unused_tcp_port: int) -> None:
    client = open_scheduler_client("us-east-1", endpoint_url=f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(SchedulerUnavailableError, match="Could not connect"):
        call(client, "ListSchedules", **LIST)
    client.close()


def test_without_credentials_the_call_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    client = open_scheduler_client("us-east-1", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(SchedulerRefusedError, match="credentials"):
        call(client, "ListSchedules", **LIST)
    client.close()


def test_nothing_is_sent_that_breaks_a_rule(scheduler: Any, scheduler_client: Any) -> None:
    with pytest.raises(InvalidScheduleError, match="GroupName"):
        call(scheduler_client, "ListSchedules", GroupName="no such name")
    assert scheduler.calls == []


def test_each_call_is_one_request(scheduler: Any, scheduler_client: Any, fault: Any) -> None:
    scheduler.faults.extend([fault(500, "InternalServerException")] * 3)
    with pytest.raises(SchedulerUnavailableError):
        call(scheduler_client, "ListSchedules", **LIST)
    assert len(scheduler.faults) == 2


class Work:
    """Blocking work that fails some times before it is done."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error, self.tried = failures, error, 0

    def __call__(self) -> str:
        """Fail, or be done."""
        self.tried += 1
        if self.tried <= self.failures:
            raise self.error
        return "done"


async def test_work_goes_on_while_it_is_unavailable_with_waits_that_may_grow(waits: Any) -> None:
    work = Work(ATTEMPTS - 1, SchedulerUnavailableError("throttled"))
    assert await persist(work, waits) == "done"
    bounds = [0.5, 1, 2, 4, 8]
    assert len(waits.seconds) == len(bounds)
    assert all(0 <= wait <= bound for wait, bound in zip(waits.seconds, bounds, strict=True))


async def test_work_ends_with_its_last_failure(waits: Any) -> None:
    work = Work(100, SchedulerUnavailableError("throttled"))
    with pytest.raises(SchedulerUnavailableError, match="throttled"):
        await persist(work, waits)
    assert work.tried == ATTEMPTS


async def test_what_is_refused_is_not_tried_again(waits: Any) -> None:
    work = Work(1, SchedulerRefusedError("AccessDeniedException", "no"))
    with pytest.raises(SchedulerRefusedError):
        await persist(work, waits)
    assert (work.tried, waits.seconds) == (1, [])


async def test_the_event_loop_goes_on_while_a_call_blocks(
    scheduler: Any, scheduler_client: Any, fault: Any
) -> None:
    scheduler.faults.append(fault(seconds=0.2))
    calling = asyncio.create_task(persist(lambda: call(scheduler_client, "ListSchedules", **LIST), asyncio.sleep))
    turns = 0
    while not calling.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 5
    assert await calling == {"ResponseMetadata": (await calling)["ResponseMetadata"], "Schedules": []}


def test_r3_a_call_that_hangs_does_not_outlast_its_event_loop() -> None:
    ended = threading.Event()

    async def given_up() -> None:
        async with asyncio.timeout(0.05):
            await persist(lambda: ended.wait(5), asyncio.sleep)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(given_up())
    assert time.monotonic() - began < 2
    ended.set()


def test_who_does_not_schedule_on_aws_does_not_import_boto3() -> None:
    script = "import sys, core.triggers.eventbridge; sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


async def test_a_call_that_is_given_up_before_it_is_sent_is_never_sent(
    scheduler: Any, scheduler_client: Any
) -> None:
    """Its thread is frozen with the process, and thaws when another process has armed something newer."""
    begun, thawed, ended = threading.Event(), threading.Event(), threading.Event()

    def late() -> None:
        try:
            begun.set()
            thawed.wait(5)
            call(scheduler_client, "ListSchedules", **LIST)
        finally:
            ended.set()

    task = asyncio.create_task(persist(late, asyncio.sleep))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    thawed.set()
    assert await asyncio.to_thread(ended.wait, 5)
    assert scheduler.calls == []
