"""A dry run tells what a run would see, and runs and keeps nothing."""

from collections.abc import Callable
from typing import Any

import pytest

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("season")

DRY = ("backtest", "run", "--strategy", "expected_value", "--source", "import", "--dry-run")


def test_a_dry_run_tells_the_decisions_and_the_odds_and_keeps_nothing(odds: Odds) -> None:
    ran = odds(*DRY, "--set", "max_quote_age_hours=99")
    assert ran.exit_code == 0, ran.err
    text = " ".join(ran.out.split())
    assert "expected_value would decide 1 h before the start" in text
    assert "from 2024-08-17 13:00 to 2024-10-19 13:00 UTC" in text
    assert "on h2h of bet365, pinnacle, williamhill" in text
    assert "40 decisions about 40 events, 40 made" in text
    assert "No backtest was kept" in odds("backtest", "show").out


def test_its_json_holds_the_config_with_nothing_left_open(odds: Odds) -> None:
    plan = odds(*DRY, "--decide-at", "pregame", "--json").json
    assert plan["config"]["decide_at"] == [12.0]
    assert plan["config"]["sizing"]["kind"] == "kelly"
    assert plan["quality"]["decisions"] == 40


def test_a_time_without_events_has_no_decision(odds: Odds) -> None:
    ran = odds(*DRY, "--from", "2024-09-02", "--to", "2024-09-03")
    assert ran.exit_code == 0, ran.err
    assert "no known event is to be decided in this time" in ran.out
