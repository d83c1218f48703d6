"""The functions together: each job's run from its schedule, and the chain that they make."""

import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from core.feed.errors import FeedRejectedError
from core.metrics import Metric, MetricsEmitter
from core.redaction import Redactor
from core.simulation.faults import Fault
from handlers import functions, update_status
from storage.database import Database
from tests.lambda_runtime.sandbox import CHECKOUT

if TYPE_CHECKING:
    from tests.lambda_runtime.function import LambdaFunction
    from tests.lambda_runtime.stack import Stack

JOBS = {"fetch-odds", "fetch-scores", "update-status"}
ALARMS = (CHECKOUT / "infra" / "modules" / "watching" / "alarms.tf").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("job", "outcome", "told"),
    [("fetch-odds", "stored", 1), ("fetch-scores", "skipped", 0), ("update-status", "stored", 1)],
    ids=["odds", "scores", "status"],
)
async def test_the_function_of_a_job_runs_what_its_schedule_planned(
    deployed: "Stack", job: str, outcome: str, told: int
) -> None:
    at = deployed.clock.now() - timedelta(seconds=30)
    function = deployed.function(job)
    answer = await function.invoke(deployed.planned(job, at, "the reason given"))
    assert answer.error is None
    assert answer.payload[deployed.sport_key].startswith(outcome)
    assert await deployed.query("SELECT job, scheduled_at FROM operational.job_runs") == [(job, at)]
    assert job in deployed.armed()
    lines = [line for line in function.lines if "_aws" in line]
    assert len(lines) == told
    for measured in lines:
        assert (measured["job"], measured["sport_key"], measured["RunFailed"]) == (job, deployed.sport_key, 0)
        assert 30 <= measured["Lateness"] < 60


async def test_a_run_that_comes_before_its_time_is_not_late(deployed: "Stack") -> None:
    function = deployed.function("update-status")
    deployed.put_secret(deployed.key_parameter, "a-key-that-is-wrong")
    answer = await function.invoke(deployed.planned("update-status", deployed.clock.now() + timedelta(hours=1)))
    assert answer.error is not None
    [measured] = [line for line in function.lines if "_aws" in line]
    assert (measured["RunFailed"], measured["Lateness"]) == (1, 0)


async def test_an_answer_that_the_database_does_not_take_is_told_to_the_alarm(
    deployed: "Stack", database: Database
) -> None:
    async with database.transaction() as connection:
        refused = "ALTER TABLE raw_data.api_responses ADD CHECK (endpoint NOT LIKE '%/odds') NOT VALID"
        await connection.execute(text(refused))
    function = deployed.function("fetch-odds")
    answer = await function.invoke(deployed.planned("fetch-odds"))
    assert answer.error is not None
    assert answer.error["errorType"] == "AnswerNotStoredError"
    assert sum(line.get("AnswersLost", 0) for line in function.lines) == 1


async def test_a_heartbeat_leaves_a_schedule_alone_whose_minute_is_not_over(deployed: "Stack") -> None:
    for job in JOBS:
        deployed.arm(job, deployed.clock.now() - timedelta(seconds=30))
    function = deployed.function("heartbeat")
    answer = await function.invoke()
    assert answer.payload == {"sound": 3, "repaired": [], "failed": [], "ended_runs": 0, "unarmed": []}
    [measured] = [line for line in function.lines if "_aws" in line]
    assert (measured["Heartbeat"], measured["Repairs"]) == (1, 0)


async def test_a_heartbeat_before_the_first_migration_says_what_it_waits_for_and_fails_nothing(
    deployed: "Stack",
) -> None:
    function = deployed.function("heartbeat", {"DATABASE_URL_PARAMETER": deployed.url_parameter})
    deployed.put_secret(deployed.url_parameter, "not written yet")
    answers = await function.hand_in({})
    assert [answer.error for answer in answers] == [None]
    assert deployed.failures.received() == []
    [line] = function.lines
    assert (line["event"], line["level"]) == ("heartbeat.waits", "warning")
    assert f"{deployed.url_parameter}: nothing was written into it yet" in line["reason"]
    deployed.put_secret(deployed.url_parameter, deployed.secrets[deployed.url_parameter])
    beat = (await function.invoke()).payload
    assert len(beat["repaired"]) + len(beat["failed"]) == len(JOBS)
    assert [line["Heartbeat"] for line in function.lines if "_aws" in line] == [1]


@pytest.mark.parametrize("job", ["fetch-odds", "fetch-scores", "update-status", "heartbeat"])
async def test_what_is_invoked_in_a_pause_does_nothing_arms_nothing_and_needs_nothing(
    deployed: "Stack", job: str
) -> None:
    deployed.put_secret(deployed.url_parameter, "not written yet")
    function = deployed.function(job, {"AWS_PAUSED": "true"})
    answers = await function.hand_in(deployed.planned("fetch-odds") if job != "heartbeat" else {})
    assert [(answer.error, answer.payload) for answer in answers] == [(None, {"paused": True})]
    assert deployed.armed() == {}
    assert deployed.server.calls == []
    [line] = function.lines
    assert (line["event"], line["level"]) == ("invocation.paused", "warning")


async def test_a_run_that_failed_before_a_pause_and_is_tried_again_in_it_leaves_the_chain_at_rest(
    deployed: "Stack",
) -> None:
    event = deployed.planned("fetch-odds")
    deployed.put_secret(deployed.key_parameter, "a-key-that-is-wrong")
    failing = deployed.function("fetch-odds")
    assert (await failing.invoke(event)).error is not None
    assert deployed.armed().keys() == {"fetch-odds"}
    deployed.forget("fetch-odds")
    await failing.stop()
    del deployed.functions["fetch-odds"]
    assert (await deployed.function("fetch-odds", {"AWS_PAUSED": "true"}).invoke(event)).error is None
    assert deployed.armed() == {}
    assert [outcome for _, outcome, _ in await deployed.runs()] == ["failed"]


async def test_invoked_without_a_plan_a_sport_that_fails_keeps_no_other_from_its_run(
    collect: Callable[..., Awaitable[Any]],
) -> None:
    world = await collect()
    collection = world.app.settings.collection.model_copy(update={"sports": ("icehockey_nhl", "basketball_nba")})
    app = replace(world.app, settings=replace(world.app.settings, collection=collection))
    world.server.inject(Fault("events", status=422, error_code="INVALID_REGION"))
    emitter = MetricsEmitter(io.StringIO(), clock=world.clock, redactor=Redactor([]))
    with pytest.raises(FeedRejectedError):
        await functions._of_job(update_status.JOB)(app, {}, emitter)
    ran = await world.query("SELECT sport_key, outcome FROM operational.job_runs ORDER BY id")
    assert ran == [("icehockey_nhl", "failed"), ("basketball_nba", "stored")]


@pytest.mark.slow
async def test_c3_a_run_starts_within_seconds_of_its_schedule_cold_or_warm_and_its_lateness_is_recorded(
    deployed: "Stack",
) -> None:
    for _ in ("cold", "warm"):
        deployed.forget("fetch-odds")
        deployed.arm("update-status", deployed.clock.now() + timedelta(minutes=10))
        assert await deployed.fire_next() == "update-status"
    ledger = await deployed.query(
        "SELECT extract(epoch FROM started_at - scheduled_at) FROM operational.job_runs ORDER BY started_at"
    )
    recorded = [float(late) for (late,) in ledger]
    told = [line["Lateness"] for line in deployed.function("update-status").lines if "Lateness" in line]
    assert len(recorded) == 2
    assert all(0 <= late < 60 for late in recorded)
    assert told == pytest.approx(recorded, abs=1)


async def beat_without_a_group(deployed: "Stack", function: "LambdaFunction") -> tuple[bool, int]:
    """Let a heartbeat meet a scheduler without its group; tell whether it failed, and how often it beat."""
    deployed.schedules.delete_schedule_group(Name=deployed.group)
    answer = await function.invoke()
    return answer.error is not None, sum("Heartbeat" in line for line in function.lines)


def rings_where_it_is_missing(metric: Metric, alarms: str) -> bool:
    """Tell whether an alarm, as Terraform has it, rings where a metric is not told."""
    found = re.findall(r"metric\s+= \"(\w+)\".*?missing\s+= \"(\w+)\"", alarms, re.DOTALL)
    return (metric.value, "breaching") in found


async def test_r5_where_the_heartbeat_cannot_do_its_work_the_metric_is_missing_that_an_alarm_waits_for(
    deployed: "Stack",
) -> None:
    assert await beat_without_a_group(deployed, deployed.function("heartbeat", timeout=5)) == (True, 0)
    assert rings_where_it_is_missing(Metric.HEARTBEAT, ALARMS)


async def test_r5_is_seen_to_break_where_a_heartbeat_beats_though_it_checked_nothing(deployed: "Stack") -> None:
    unchecked = (
        "import handlers.functions\n"
        "from handlers.heartbeat import HeartbeatReport\n"
        "async def nothing(app):\n"
        "    return HeartbeatReport(3, (), (), 0)\n"
        "handlers.functions.beat_and_tell = nothing\n"
    )
    assert await beat_without_a_group(deployed, deployed.without("checking", "heartbeat", unchecked)) == (False, 1)


def test_r5_is_seen_to_break_where_silence_is_no_reason_to_ring() -> None:
    assert not rings_where_it_is_missing(Metric.HEARTBEAT, ALARMS.replace('"breaching"', '"notBreaching"'))


@pytest.mark.slow
async def test_the_chain_runs_on_by_itself_and_a_heartbeat_mends_it_where_it_is_broken(deployed: "Stack") -> None:
    heartbeat = deployed.function("heartbeat")
    begun = await heartbeat.invoke()
    assert begun.payload["sound"] == 0
    assert set(deployed.armed()) == JOBS
    hops = [await deployed.fire_next() for _ in range(7)]

    deployed.forget("fetch-odds")
    mended = await heartbeat.invoke()
    assert mended.payload["repaired"] == [f"fetch-odds for {deployed.sport_key}"]
    assert (await heartbeat.invoke()).payload["sound"] == 3
    while "fetch-scores" not in hops or len(hops) < 14:
        hops.append(await deployed.fire_next())
        assert len(hops) < 40

    assert set(hops) == JOBS
    assert set(deployed.armed()) == JOBS
    runs = await deployed.runs()
    assert [job for job, _, _ in runs] == hops
    assert {outcome for _, outcome, _ in runs} <= {"stored", "skipped"}
    assert runs.count(("fetch-odds", "stored", 1)) >= 4
    assert {attempt for _, _, attempt in runs} == {1}
    assert [len(function.sandboxes) for function in deployed.functions.values()] == [1, 1, 1, 1]
