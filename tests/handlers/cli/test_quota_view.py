"""The credits read as a balance, a forecast and a bar a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.planning.values import Balance, Dropped
from core.tiers import Tier
from handlers.cli.quota_view import show_quota
from handlers.quota_report import QuotaReport
from storage.credits import DaySpending
from storage.schedule import CreditBalance

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUOTA = QuotaReport(
    now=NOON,
    reading=CreditBalance(400, 100, NOON - HOUR),
    balance=Balance(400, 500, NOON + 24 * HOUR),
    look_cost=3,
    spending=(DaySpending(date(2026, 1, 8), 30, 10), DaySpending(date(2026, 1, 9), 3, 1)),
    forecast="the known schedule needs 351 credits",
    dropped={"basketball_nba": (Dropped(Tier.OPENING, 4, 12, "why"),)},
)


def shown(quota: QuotaReport, capsys: pytest.CaptureFixture[str]) -> str:
    show_quota(quota)
    return " ".join(capsys.readouterr().out.split())


def test_the_balance_is_told_with_its_age_and_its_reset(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(QUOTA, capsys)
    assert "400 of 500 credits left, 100 used (80%), told 1 h ago; reset Sun 11 Jan 12:00 UTC, in 1 d." in out
    assert "The known schedule needs 351 credits." in out
    assert "opening sampling basketball_nba 4 12" in out


def test_the_dearest_day_has_the_longest_bar(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(QUOTA, capsys)
    assert f"Thu 8 Jan 30 10 {'█' * 30}" in out
    assert f"Fri 9 Jan 3 1 {'█' * 3}" in out


def test_a_reading_of_before_the_reset_says_nothing_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(replace(QUOTA, balance=Balance(1, 500, NOON - HOUR / 2), spending=()), capsys)
    assert "Reset since the last answer, 1 h ago: taken to be the whole plan, 500 credits." in out
    assert "Nothing was spent" in out
