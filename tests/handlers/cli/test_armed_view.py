"""Runs to come are shown sport by sport, with when and why."""

from datetime import UTC, datetime, timedelta

import pytest

from core.triggers.base import Trigger
from handlers.cli.armed_view import show_armed

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_what_is_due_is_told_apart_from_what_is_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    triggers = [
        Trigger("update-status", "icehockey_nhl", NOON, "first look at the free events list"),
        Trigger("fetch-odds", "basketball_nba", NOON + timedelta(hours=3), "3 h sampling", "pregame"),
    ]
    show_armed(triggers, NOON)
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip(" ─")]
    assert [line[0] for line in lines] == ["basketball_nba", "fetch-odds", "icehockey_nhl", "update-status"]
    assert lines[1] == ["fetch-odds", "Sat", "10", "Jan", "15:00", "in", "3", "h", "3", "h", "sampling"]
    assert lines[3][:2] == ["update-status", "now"]
