"""The findings of a day read as a verdict, then what is wrong, then the rest."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.planning.unwatched import UnwatchedSpan
from core.quality import IssueType, Severity
from handlers.cli.daily_view import show_daily
from handlers.daily_report import DailyReport
from storage.validation.daily import BookmakerQuotes, EventDay, OpenIssues, PlannedPoll, daily_findings

DAY = date(2026, 1, 10)
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVENT = EventDay("e1", "Celtics at Lakers", NOON, NOON + 2 * HOUR, "final", True, 4, 2)


def shown(report: DailyReport, capsys: pytest.CaptureFixture[str]) -> str:
    show_daily(report)
    return " ".join(capsys.readouterr().out.split())


def test_a_clean_day_is_told_with_its_bookmakers(capsys: pytest.CaptureFixture[str]) -> None:
    findings = daily_findings([EVENT], [], [], [BookmakerQuotes("fanduel", 1200, 0)], now=NOON + 9 * HOUR)
    out = shown(DailyReport(DAY, findings, {"basketball_nba": ()}), capsys)
    assert out.startswith("2026-01-10 (UTC): clean. 1 event started, 1,200 quotes stored.")
    assert "fanduel 1,200 0" in out


def test_calls_that_failed_alike_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    polls = [PlannedPoll("fetch-odds", "basketball_nba", NOON + hour * HOUR, "failed", "503") for hour in range(3)]
    polls.append(PlannedPoll("fetch-scores", "basketball_nba", NOON, None, "nothing ran"))
    out = shown(DailyReport(DAY, daily_findings([], polls, [], [], now=NOON + 9 * HOUR), {}), capsys)
    assert "something is wrong" in out
    assert "4 planned calls that brought nothing" in out
    assert "12:00 to 14:00 3 fetch-odds failed basketball_nba: 503" in out
    assert "12:00 1 fetch-scores never ran basketball_nba: nothing ran" in out


def test_events_without_a_close_or_a_result_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    missed = EVENT._replace(closing_snapshots=0, has_scores=False)
    out = shown(DailyReport(DAY, daily_findings([missed], [], [], [], now=NOON + 9 * HOUR), {}), capsys)
    assert "started without a look in its last three hours" in out
    assert "over, without a result" in out
    assert out.count("Celtics at Lakers") == 2


def test_gaps_issues_and_invalid_quotes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    span = UnwatchedSpan(NOON, NOON + HOUR, None, 3, 1)
    issues = [OpenIssues(IssueType.PRICE_OUT_OF_RANGE, Severity.ERROR, 2)]
    findings = daily_findings([], [], issues, [BookmakerQuotes("betmgm", 10, 1)], now=NOON)
    out = shown(DailyReport(DAY, findings, {"basketball_nba": (span,)}), capsys)
    assert "basketball_nba had no look from 10 Jan 12:00 to now: 3 looks missed, 1 event started" in out
    assert "error price_out_of_range 2" in out
    assert "betmgm 10 1 10.0%" in out
