from datetime import UTC, datetime, timedelta

import pytest

from core.quality import IssueType, Severity
from storage.validation.daily import BookmakerQuotes, EventDay, OpenIssues, PlannedPoll, daily_findings

NOW = datetime(2026, 1, 11, tzinfo=UTC)
PLAYED = EventDay(
    event_id="e1",
    title="Boston Celtics at Los Angeles Lakers",
    commence_time=NOW - timedelta(hours=5),
    expected_end=NOW - timedelta(hours=2),
    status="final",
    has_scores=True,
    snapshots=12,
    closing_snapshots=4,
)


def test_a_day_on_which_all_went_well_is_clean() -> None:
    poll = PlannedPoll("fetch-odds", "basketball_nba", NOW, "stored", None)
    absent = OpenIssues(IssueType.BOOKMAKER_MISSING, Severity.INFO, 40)
    findings = daily_findings([PLAYED], [poll], [absent], [BookmakerQuotes("fanduel", 600, 0)], now=NOW)
    assert findings.is_clean
    assert findings.events == (PLAYED,)


@pytest.mark.parametrize(
    ("outcome", "hours", "missed"),
    [
        pytest.param("stored", -1, False, id="stored is no gap"),
        pytest.param("backfilled", -1, False, id="nor is backfilled"),
        pytest.param("failed", -1, True, id="failed is one"),
        pytest.param("skipped", -1, True, id="skipped is one"),
        pytest.param(None, -1, True, id="so is a poll that never ran"),
        pytest.param(None, 1, False, id="a poll to come is none"),
    ],
)
def test_a_gap_is_a_planned_poll_that_stored_nothing(outcome: str | None, hours: int, missed: bool) -> None:
    poll = PlannedPoll("fetch-odds", "basketball_nba", NOW + timedelta(hours=hours), outcome, None)
    findings = daily_findings([], [poll], [], [], now=NOW)
    assert findings.gaps == (poll,) * missed
    assert findings.is_clean is not missed


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        pytest.param({"closing_snapshots": 0}, True, id="started without a look in the closing tier"),
        pytest.param({"closing_snapshots": 0, "status": "postponed"}, False, id="a postponed game had no close"),
        pytest.param(
            {"closing_snapshots": 0, "commence_time": NOW + timedelta(hours=1), "status": "scheduled"},
            False,
            id="a game to come may still get one",
        ),
    ],
)
def test_an_event_that_started_has_a_snapshot_in_the_closing_tier(
    changes: dict[str, object], missed: bool
) -> None:
    event = PLAYED._replace(**changes)  # type: ignore[arg-type]
    assert daily_findings([event], [], [], [], now=NOW).without_closing == (event,) * missed


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        pytest.param({}, True, id="final without scores"),
        pytest.param({"status": "live"}, True, id="long over and still live"),
        pytest.param({"status": "live", "expected_end": NOW + timedelta(hours=1)}, False, id="still being played"),
        pytest.param({"status": "cancelled"}, False, id="a cancelled game has no score"),
    ],
)
def test_a_finished_game_has_a_score(changes: dict[str, object], missed: bool) -> None:
    event = PLAYED._replace(has_scores=False, **changes)  # type: ignore[arg-type]
    assert daily_findings([event], [], [], [], now=NOW).without_score == (event,) * missed


def test_the_worst_is_read_first() -> None:
    warnings = OpenIssues(IssueType.MARKET_MISSING, Severity.WARNING, 90)
    errors = OpenIssues(IssueType.PRICE_OUT_OF_RANGE, Severity.ERROR, 1)
    clean, bad = BookmakerQuotes("betmgm", 1000, 1), BookmakerQuotes("fanduel", 10, 1)
    findings = daily_findings([], [], [warnings, errors], [clean, bad], now=NOW)
    assert findings.open_issues == (errors, warnings)
    assert findings.bookmakers == (bad, clean)
    assert bad.invalid_share == 0.1
    assert not findings.is_clean


def test_a_bookmaker_without_quotes_has_no_invalid_share() -> None:
    assert BookmakerQuotes("fanduel", 0, 0).invalid_share == 0
