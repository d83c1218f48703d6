"""A plan reads day by day, and ends with what it costs and what it leaves out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.planning.values import Balance, Dropped, PlannedRun
from core.tiers import Tier
from handlers.cli.plan_view import plan_json, show_plan
from handlers.plan_report import SportPlan

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REASON = "tier boundary: Boston Celtics at Los Angeles Lakers enters closing, 3 h before its start"


def plan(**changes: Any) -> SportPlan:
    looks = (
        PlannedRun(NOON + HOUR, Tier.CLOSING, REASON, ("e1",), 2, 3),
        PlannedRun(NOON + 20 * HOUR, Tier.SHARP, "12 h sampling", ("e1", "e2"), 2, 3),
    )
    values: dict[str, Any] = {
        "sport_key": "basketball_nba",
        "now": NOON,
        "until": NOON + 48 * HOUR,
        "looks": looks,
        "dropped": (Dropped(Tier.OPENING, 4, 12, "why"), Dropped(None, 1, 3, "why")),
        "credits": 6,
        "look_cost": 3,
        "credits_note": "the known schedule needs 6 credits",
        "balance": Balance(9, 500, NOON + 480 * HOUR),
        "last_look": None,
        "games": {"e1": "Boston Celtics at Los Angeles Lakers", "e2": "Heat at Bulls"},
        "fixed_sampling_looks": 96,
    }
    return SportPlan(**{**values, **changes})


def test_days_are_headed_and_reasons_cut_at_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show_plan(plan(), whole=False)
    lines = capsys.readouterr().out.splitlines()
    assert "basketball_nba: 2 upcoming games known, last look never" in lines
    assert [line.strip() for line in lines if line.startswith(("Sat", "Sun"))] == ["Sat 10 Jan", "Sun 11 Jan"]
    (cut,) = [line for line in lines if "tier boundary" in line]
    assert cut.rstrip().endswith("…")


def test_a_reason_can_be_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show_plan(plan(), whole=True)
    out = capsys.readouterr().out
    assert "…" not in out
    assert "before its start" in " ".join(out.split())


def test_the_price_is_compared_with_fixed_sampling_and_what_is_left_out_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_plan(plan(), whole=False)
    out = " ".join(capsys.readouterr().out.split())
    assert "2 looks, 6 credits until Mon 12 Jan 12:00: 2% of sampling every half hour" in out
    assert "96 looks and 288 credits" in out
    assert "opening sampling 4 12" in out
    assert "last looks 1 3" in out


def test_programs_get_the_games_by_name() -> None:
    spelled = plan_json(plan())
    assert spelled["looks"][1]["due_games"] == [
        {"event_id": "e1", "label": "Boston Celtics at Los Angeles Lakers"},
        {"event_id": "e2", "label": "Heat at Bulls"},
    ]
    assert (spelled["credits_left"], spelled["fixed_sampling_credits"]) == (9, 288)
    assert plan_json(plan(balance=None))["credits_left"] is None
