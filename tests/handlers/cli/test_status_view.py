"""The status reads from what needs attention down to the details, nothing hidden without a word."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.planning.mass_moves import MassMove
from core.planning.unwatched import UnwatchedSpan
from core.triggers.base import Trigger
from handlers.cli.status_view import show_status
from handlers.status_report import StatusReport, read_status
from storage.status import FailedRun, OpenIssueGroup

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def status(collect: Callable[..., Awaitable[Any]], feed: Any, noon: Any) -> StatusReport:
    """Return the status of a collector that looked five minutes before a game, which has started since."""
    feed.add(noon + 5 * MINUTE)
    world = await collect()
    await world.fire("update-status")
    await world.fire()
    await world.fire_after(6 * MINUTE, "update-status")
    return await read_status(world.app)


def shown(status: StatusReport, capsys: pytest.CaptureFixture[str], *, verbose: bool = False) -> str:
    capsys.readouterr()
    show_status(status, verbose=verbose)
    return " ".join(capsys.readouterr().out.split())


def test_what_was_collected_is_told(status: StatusReport, capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(status, capsys)
    assert out.startswith("All is well.")
    assert "4 seen, 4 kept as changes (100.0%)" in out
    assert "1 live; last look 6 min ago" in out
    assert "Closing lines of the last 1 event that started: 5.0 min old at the median" in out
    assert "5 min Away 1 at Home 1" not in out
    assert "5 min Away 1 at Home 1" in shown(status, capsys, verbose=True)


def test_what_needs_attention_comes_first(status: StatusReport, capsys: pytest.CaptureFixture[str]) -> None:
    overdue = (Trigger("fetch-odds", "basketball_nba", status.now - HOUR, "planned"),)
    assert shown(replace(status, overdue=overdue), capsys).startswith("! nothing runs the jobs")


def test_the_greatest_gaps_are_shown_and_the_rest_counted(
    status: StatusReport, capsys: pytest.CaptureFixture[str]
) -> None:
    def span(days: int, missed: int) -> UnwatchedSpan:
        after = status.now - days * 24 * HOUR
        return UnwatchedSpan(after, after + HOUR, after + 20 * HOUR, missed, 2)

    spans = tuple(span(days, missed=days * 10) for days in range(10, 1, -1))
    sport = replace(status.sports[0], unwatched=spans)
    out = shown(replace(status, sports=(sport,)), capsys)
    assert "Gaps of basketball_nba: 9 spans without a look that was due, 540 looks missed; the 5 greatest" in out
    assert "20 h 100 2" in out
    assert "20 h 20 2" not in out
    assert "20 h 20 2" in shown(replace(status, sports=(sport,)), capsys, verbose=True)


def test_of_what_is_as_great_the_newest_is_shown(status: StatusReport, capsys: pytest.CaptureFixture[str]) -> None:
    days = range(9, 1, -1)
    starts = [status.now - day * 24 * HOUR for day in days]
    spans = tuple(
        UnwatchedSpan(at, at + HOUR, at + day * HOUR, 1, 1) for at, day in zip(starts, days, strict=True)
    )
    moves = tuple(MassMove(at, 5, day * HOUR, 5, 0, None) for at, day in zip(starts, days, strict=True))
    sport = replace(status.sports[0], unwatched=spans, mass_moves=moves)
    out = shown(replace(status, sports=(sport,)), capsys)
    for day in days:
        assert (f" {day} h 1 1" in out, f" +{day} h stayed" in out) == (day <= 6, day <= 6)


def test_a_gap_that_goes_on_says_so(status: StatusReport, capsys: pytest.CaptureFixture[str]) -> None:
    span = UnwatchedSpan(status.now - 2 * HOUR, status.now - HOUR, None, 1, 0)
    out = shown(replace(status, sports=(replace(status.sports[0], unwatched=(span,)),)), capsys)
    assert "none yet 2 h 1 0" in out


def test_starts_that_moved_together_are_told_with_their_end(
    status: StatusReport, capsys: pytest.CaptureFixture[str]
) -> None:
    glitch = MassMove(status.now - HOUR, 23, -HOUR, 23, 12, status.now)
    stayed = MassMove(status.now - HOUR, 5, HOUR, 5, 0, None)
    out = shown(replace(status, sports=(replace(status.sports[0], mass_moves=(glitch, stayed)),)), capsys)
    assert "Starts moved together in basketball_nba: 2 times" in out
    assert "23 -1 h 12 put back by Sat 10 Jan 12:06" in out
    assert "5 +1 h stayed" in out


def test_failures_that_are_alike_are_one_line(status: StatusReport, capsys: pytest.CaptureFixture[str]) -> None:
    failures = tuple(
        FailedRun(number, "fetch-odds", "basketball_nba", at, at, None, "the feed answered 503")
        for number in range(3)
        for at in [status.now - number * HOUR]
    )
    out = shown(replace(status, failures=failures), capsys)
    assert "Failed runs of the last 7 days: 3" in out
    assert "Sat 10 Jan 12:06 3 fetch-odds basketball_nba: the feed answered 503" in out


def test_open_issues_are_told_with_an_example(status: StatusReport, capsys: pytest.CaptureFixture[str]) -> None:
    issue = OpenIssueGroup("error", "price_out_of_range", 2, status.now, status.now, "the price is [5]")
    out = shown(replace(status, issues=(issue,)), capsys)
    assert "error 2 price_out_of_range the price is [5]" in out
