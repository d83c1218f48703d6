"""The functions in Lambda's own runtime: warm and cold, slow, killed, failing, frozen."""

import asyncio
import json
import signal
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import pytest

from core.simulation.faults import Fault

if TYPE_CHECKING:
    from tests.lambda_runtime.stack import Stack

NEVER = Fault(endpoint="odds", delay=60)
SNAPSHOTS = "SELECT count(*) FROM raw_data.odds_snapshots"
RESERVED = "SELECT id FROM operational.credit_reservations WHERE settled_at IS NULL"


def named(lines: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("event") == event]


async def until_asked(deployed: "Stack") -> None:
    """Wait until a run has set its credits aside, and its call is on its way."""
    while not await deployed.query(RESERVED):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)


async def stored_snapshots(deployed: "Stack") -> int:
    [(count,)] = await deployed.query(SNAPSHOTS)
    return int(count)


@pytest.mark.slow
async def test_r1_one_process_works_cold_and_then_three_times_warm(deployed: "Stack") -> None:
    function = deployed.function("fetch-odds")
    assert (await function.invoke()).error is None
    cold = await stored_snapshots(deployed)
    for _ in range(3):
        assert await deployed.fire_next() == "fetch-odds"
    assert len(function.sandboxes) == 1
    assert await deployed.runs() == [("fetch-odds", "stored", 1)] * 4
    assert await stored_snapshots(deployed) > cold > 0
    assert deployed.server.credits_used == 4


async def test_r1_is_seen_to_break_where_connections_outlive_their_event_loop(deployed: "Stack") -> None:
    pooled = (
        "import handlers.runtime as runtime\n"
        "opened = runtime.Database\n"
        "runtime.Database = lambda url, pooled: opened(url, pooled=True)\n"
    )
    function = deployed.without("closing", "update-status", pooled)
    answers = [await function.invoke() for _ in range(3)]
    assert len(function.sandboxes) == 1
    assert [answer.error is None for answer in answers] != [True] * 3


async def test_r4_every_event_is_one_line_of_json_and_every_metric_a_document_of_cloudwatch(
    deployed: "Stack",
) -> None:
    function = deployed.function("fetch-odds")
    await function.invoke()
    await deployed.fire_next()
    lines = function.lines
    metrics = [line for line in lines if "_aws" in line]
    assert len(named(lines, "run.finished")) == len(metrics) == 2
    assert len({json.dumps(line, sort_keys=True) for line in lines}) == len(lines)
    assert all("_aws" in line or {"event", "level", "timestamp"} <= set(line) for line in lines)
    for document in metrics:
        [directive] = document["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Linekeeper"
        assert directive["Dimensions"] == [["job", "sport_key"]]
        assert all(isinstance(document[metric["Name"]], int | float) for metric in directive["Metrics"])
        assert document["FetchSuccess"] == 1
        assert document["Lateness"] < 60
        assert document["CreditsLeft"] == deployed.server.account.plan_credits - 1 - metrics.index(document)


@pytest.mark.slow
async def test_a_run_that_meets_a_silent_feed_ends_by_its_deadline_and_the_chain_stays_armed(
    deployed: "Stack",
) -> None:
    deployed.server.inject(NEVER)
    function = deployed.function("fetch-odds", timeout=5)
    answer = await function.invoke()
    assert answer.error is not None
    assert answer.error["errorType"] == "DeadlineError"
    assert "did not end within" in answer.error["errorMessage"]
    assert answer.seconds < 5
    fallback = deployed.armed()["fetch-odds"] - deployed.clock.now()
    assert timedelta(minutes=25) < fallback < timedelta(minutes=31)
    await deployed.fire_next()
    assert [outcome for _, outcome, _ in await deployed.runs()] == ["failed", "stored"]
    assert len(function.sandboxes) == 1


@pytest.mark.slow
async def test_a_process_killed_between_feed_and_store_leaves_nothing_half_written(deployed: "Stack") -> None:
    deployed.server.inject(NEVER)
    function = deployed.function("fetch-odds")
    event = deployed.planned("fetch-odds")
    invocation = asyncio.create_task(function.invoke(event))
    await until_asked(deployed)
    function.sandboxes[-1].signal(signal.SIGKILL)
    answer = await invocation
    assert answer.error is not None
    assert answer.error["errorType"] == "Runtime.ExitError"
    assert await deployed.runs() == [("fetch-odds", "running", 1)]
    assert await stored_snapshots(deployed) == 0
    assert "fetch-odds" in deployed.armed()

    too_soon = await function.invoke(event)
    assert too_soon.payload == {deployed.sport_key: "skipped: another run is at work"}
    deployed.clock.set_to(deployed.clock.now() + timedelta(seconds=function.timeout))
    retried = await function.invoke(event)
    assert retried.payload is not None
    assert retried.payload[deployed.sport_key].startswith("stored")
    assert await deployed.runs() == [("fetch-odds", "stored", 2)]
    assert len(function.sandboxes) == 2


@pytest.mark.slow
async def test_a_run_frozen_past_its_turn_writes_nothing_when_it_thaws(deployed: "Stack") -> None:
    deployed.server.inject(Fault(endpoint="odds", delay=1))
    slow = deployed.function("fetch-odds")
    invocation = asyncio.create_task(slow.invoke(deployed.planned("fetch-odds")))
    await until_asked(deployed)
    slow.sandboxes[-1].signal(signal.SIGSTOP)
    deployed.clock.set_to(deployed.clock.now() + timedelta(minutes=2))
    other = deployed.another("handlers.functions.fetch_odds")
    taken = await other.invoke(deployed.planned("fetch-odds"))
    assert taken.error is None
    before = await stored_snapshots(deployed)
    slow.sandboxes[-1].signal(signal.SIGCONT)
    answer = await invocation
    assert answer.error is not None
    assert answer.error["errorType"] == "LeaseLostError"
    assert await stored_snapshots(deployed) == before > 0


async def test_a_process_frozen_between_invocations_goes_on_where_its_connections_were_cut(
    deployed: "Stack",
) -> None:
    function = deployed.function("fetch-odds")
    await function.invoke()
    sandbox = function.sandboxes[-1]
    assert sandbox.process is not None
    process, waited = psutil.Process(sandbox.process.pid), 0
    while process.status() != psutil.STATUS_STOPPED and waited < 500:
        await asyncio.sleep(0.01)
        waited += 1
    assert process.status() == psutil.STATUS_STOPPED
    await deployed.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await deployed.fire_next()
    assert await deployed.runs() == [("fetch-odds", "stored", 1)] * 2
    assert len(function.sandboxes) == 1


@pytest.mark.slow
async def test_a_failing_event_is_tried_three_times_and_then_handed_over(deployed: "Stack") -> None:
    deployed.put_secret(deployed.key_parameter, "a-key-that-is-wrong")
    function = deployed.function("fetch-odds")
    event = deployed.planned("fetch-odds")
    answers = await function.hand_in(event)
    assert [answer.error and answer.error["errorType"] for answer in answers] == ["InvalidKeyError"] * 3
    [record] = deployed.failures.received()
    assert record["requestPayload"] == event
    assert record["responsePayload"]["errorType"] == "InvalidKeyError"
    assert "a-key-that-is-wrong" not in str(record) + function.output
    assert await deployed.runs() == [("fetch-odds", "failed", 3)]
    told = [line for line in function.lines if "_aws" in line]
    assert [(line["RunFailed"], line["FetchSuccess"]) for line in told] == [(1, 0)] * 3
    assert "fetch-odds" in deployed.armed()
    duplicate = await function.invoke(event)
    assert duplicate.payload == {deployed.sport_key: "skipped: this slot has been run"}


@pytest.mark.parametrize("secret", ["key", "password"])
async def test_a_secret_that_was_replaced_is_read_anew_within_the_invocation(
    deployed: "Stack", secret: str
) -> None:
    name = deployed.key_parameter if secret == "key" else deployed.url_parameter
    right = deployed.secrets[name]
    password = urlsplit(deployed.secrets[deployed.url_parameter]).password or ""
    wrong = "a-key-that-is-wrong" if secret == "key" else right.replace(f":{password}@", ":not-the-password@")
    deployed.put_secret(name, wrong)
    function = deployed.function("fetch-odds")
    assert (await function.invoke()).error is not None
    deployed.put_secret(name, right)
    deployed.clock.set_to(deployed.clock.now() + timedelta(minutes=1))
    answer = await function.invoke()
    assert answer.error is None
    assert await stored_snapshots(deployed) > 0
    assert len(function.sandboxes) == 1
    assert "not-the-password" not in function.output


@pytest.mark.slow
async def test_trying_again_with_a_new_key_does_not_move_the_deadline(deployed: "Stack") -> None:
    deployed.put_secret(deployed.key_parameter, "a-key-that-is-wrong")
    function = deployed.function("fetch-odds", timeout=7)
    await function.invoke()
    deployed.put_secret(deployed.key_parameter, deployed.secrets[deployed.key_parameter])
    deployed.clock.set_to(deployed.clock.now() + timedelta(minutes=1))
    deployed.server.inject(Fault(endpoint="events", delay=4), NEVER)
    answer = await function.invoke()
    assert answer.error is not None
    assert answer.error["errorType"] == "DeadlineError"
    assert answer.seconds < 7


@pytest.mark.slow
async def test_any_input_is_accepted_and_means_a_run_of_every_sport(deployed: "Stack") -> None:
    function = deployed.function("fetch-odds")
    foreign = {**deployed.planned("fetch-odds"), "sport_key": "cricket_ipl"}
    later = {**deployed.planned("fetch-odds"), "plan_version": 99}
    other = deployed.planned("heartbeat")
    events: list[object] = [None, {}, [], "text", 7, {"source": "aws.events"}, foreign, later, other]
    for event in events:
        answer = await function.invoke(event)
        assert answer.error is None, event
        assert list(answer.payload) == [deployed.sport_key], event


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"DATABASE_URL_PARAMETER": ""}, "DATABASE_URL is not set"),
        ({"ODDS_API_KEY_PARAMETER": ""}, "ODDS_API_KEY is not set"),
        ({"ODDS_API_KEY_PARAMETER": "/linekeeper/none"}, "/linekeeper/none"),
        ({"AWS_DEAD_LETTER_ARN": ""}, "AWS_DEAD_LETTER_ARN"),
    ],
    ids=["no-database", "no-key", "no-such-parameter", "no-queue"],
)
async def test_a_setting_that_is_missing_is_named(
    deployed: "Stack", variables: dict[str, str], fault: str
) -> None:
    answer = await deployed.function("fetch-odds", variables).invoke()
    assert answer.error is not None
    assert answer.error["errorType"] == "ConfigurationError"
    assert fault in answer.error["errorMessage"]


async def test_a_timeout_within_an_invocation_is_not_taken_for_its_deadline(deployed: "Stack") -> None:
    handler = deployed.folder / "impatient.py"
    handler.write_text(
        "from handlers.runtime import lambda_entry\n"
        "async def wait(app, event, metrics):\n"
        "    raise TimeoutError('a statement took too long')\n"
        "handler = lambda_entry(wait)\n"
    )
    answer = await deployed.another("impatient.handler").invoke()
    assert answer.error is not None
    assert (answer.error["errorType"], answer.error["errorMessage"]) == (
        "TimeoutError",
        "a statement took too long",
    )
