"""How a season is shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.simulation.mishaps import DIES, Mishap
from handlers.cli.simulate_view import show_season
from handlers.replay_report import ClosingCoverage
from handlers.simulation.season_report import SeasonReport, WorseClose

START = datetime(2025, 9, 7, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def season(*worse: WorseClose, events: int = 20) -> SeasonReport:
    minutes = (4.0, 9.0, 22.0) if events else (None, None, None)
    return SeasonReport(
        sport_key="americanfootball_nfl",
        seed=1,
        fault_rate=0.05,
        first_at=START - timedelta(days=3),
        last_at=START + timedelta(days=3),
        coverage=ClosingCoverage(events, 0, *minutes),
        fresh=0.95 if events else None,
        closing=1.0 if events else None,
        worse=worse,
        missed=(),
        looks=50,
        credits=150,
        look_cost=1,
        fixed_sampling_looks=288,
        runs={"fetch-odds": 60, "update-status": 1_300},
        outcomes={"failed": 3, "stored": 1_357},
        retries=3,
        mended=7,
        heartbeats=8_640,
        repairs=2,
        mishaps={DIES: 3},
        lost=0,
        doubled=0,
        unarmed=(),
        database_url="",
    )


def shown(made: SeasonReport, capsys: pytest.CaptureFixture[str]) -> str:
    show_season(made, 12.3)
    return " ".join(capsys.readouterr().out.split())


def test_a_season_is_told_by_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(season(), capsys)
    assert (
        "NFL, Thu 4 Sep 17:00 to Wed 10 Sep 17:00 UTC on a virtual clock, seed 1: 5.0% of operations fail" in page
    )
    for told in ("95.0%", "100.0%", "4 / 9 / 22 min", "50 (17.4%)", "150, at 1 credit a look", "8,640 / 2"):
        assert told in page
    assert "60 fetch-odds, 1,300 update-status" in page
    assert "All of this took 12 seconds." in page


def test_a_worse_close_is_told_with_its_causes(capsys: pytest.CaptureFixture[str]) -> None:
    causes = tuple(Mishap(START - minutes * MINUTE, DIES, "fetch-odds") for minutes in (5, 4, 2, 1, 0))
    page = shown(season(WorseClose("e1", "Ghosts at Falcons", START, 22 * MINUTE, causes)), capsys)
    assert "22 min before" in page
    assert "Ghosts at Falcons: 16:55 the process dies; 16:56 the process dies" in page
    assert "1 more" in page


def test_a_game_that_began_before_its_last_look_is_told_as_such(
    capsys: pytest.CaptureFixture[str],
) -> None:
    early = WorseClose("e1", "Ghosts at Falcons", START, 29 * MINUTE, (), START - 7 * MINUTE)
    page = shown(season(early), capsys)
    assert "Ghosts at Falcons: it began early, at 16:53" in page
    assert "worse ones that no fault explains 0" in page


def test_a_worse_close_without_a_cause_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(season(WorseClose("e1", "Ghosts at Falcons", START, None, ())), capsys)
    assert "Ghosts at Falcons: no fault explains it" in page
    assert "worse ones that no fault explains 1" in page


def test_a_promise_of_the_closes_that_is_broken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(replace(season(), missed=("2 of 20 games had no look in the 10 min before the start",)), capsys)
    assert "2 of 20 games had no look in the 10 min before the start" in page


def test_days_without_a_game_are_told_without_shares(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(season(events=0), capsys)
    assert "games 0" in page
    assert "last look" not in page
