"""`odds scheduler`: the plan, the next runs, and the process that collects."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Odds = Callable[..., Any]
PROGRAM = Path(sys.executable).with_name("odds")
PATIENCE_SECONDS = 30

pytestmark = pytest.mark.usefixtures("own_database", "games")


def test_the_plan_explains_every_look_with_its_price(odds: Odds, server: Any) -> None:
    odds("fetch", "events")
    (plan,) = odds("scheduler", "plan", "--days", "1", "--json").json
    assert plan["sport_key"] == "basketball_nba"
    assert plan["credits"] == len(plan["looks"]) == sum(look["credits"] for look in plan["looks"])
    assert plan["looks"][-1]["reason"]
    assert {"event_id", "label"} == set(plan["looks"][0]["due_games"][0])
    assert plan["fixed_sampling_looks"] == 48
    assert 0 < plan["share_of_fixed_sampling"] < 1
    assert server.credits_used == 0


def test_the_plan_fits_a_narrow_terminal(odds: Odds, server: Any) -> None:
    odds("fetch", "events")
    for arguments in ((), ("--verbose",)):
        ran = odds("scheduler", "plan", "--days", "2", *arguments)
        assert "closing" in ran.out
        assert "of sampling every half hour" in ran.out
        assert max(map(len, ran.out.splitlines())) <= 80


def test_without_games_the_plan_tells_how_to_get_them(odds: Odds) -> None:
    assert "odds fetch events" in odds("scheduler", "plan").out


def test_a_plan_can_be_made_for_a_sport_that_is_not_configured(odds: Odds, server: Any) -> None:
    (plan,) = odds("scheduler", "plan", "--sport", "icehockey_nhl", "--json").json
    assert (plan["sport_key"], plan["looks"]) == ("icehockey_nhl", [])


def test_the_next_run_of_every_job_is_told(odds: Odds, server: Any) -> None:
    runs = odds("scheduler", "next", "--json").json
    assert {run["job"] for run in runs} == {"fetch-odds", "fetch-scores", "update-status"}
    assert "first look at the free events" in odds("scheduler", "next").out.replace("\n", " ")


def test_schedules_that_live_in_aws_are_left_there(
    odds: Odds, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHEDULER_BACKEND", "aws")
    monkeypatch.setenv("AWS_LAMBDA_ARN", "arn:aws:lambda:us-east-1:123456789012:function:fetch-odds")
    ran = odds("scheduler", "start")
    assert ran.exit_code == 1
    assert "the schedules live in AWS" in ran.err


def test_starting_without_a_key_is_one_line(odds: Odds) -> None:
    ran = odds("scheduler", "start")
    assert ran.exit_code == 1
    assert ran.err.startswith("error: ODDS_API_KEY is not set")


@pytest.mark.parametrize(
    "ended_by", [pytest.param(signal.SIGINT, id="Ctrl+C"), pytest.param(signal.SIGTERM, id="SIGTERM")]
)
def test_it_collects_until_it_is_told_to_stop(
    odds: Odds, server: Any, tmp_path: Path, ended_by: signal.Signals
) -> None:
    collector = subprocess.Popen(
        [PROGRAM, "scheduler", "start"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while server.credits_used == 0 and time.monotonic() < give_up_at:
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(collector.pid, ended_by)
    out, err = collector.communicate(timeout=PATIENCE_SECONDS)
    assert collector.returncode == 0, err
    assert "Collecting basketball_nba until Ctrl+C." in out
    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines].count("run.finished") >= 2
    assert "Traceback" not in err
    stored = odds("status", "runs", "--job", "fetch-odds", "--json").json
    assert stored[0]["outcome"] == "stored"
