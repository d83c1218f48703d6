"""Lists of events and runs read as tables, and say what to do where they are empty."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.cli.status_lists import show_events, show_runs
from storage.event_list import ListedEvent
from storage.run_list import LoggedRun

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def event(**changes: Any) -> ListedEvent:
    return ListedEvent(
        event_id="e1",
        sport_key="basketball_nba",
        commence_time=NOON + HOUR,
        scheduled_commence_time=NOON + HOUR,
        away_team="Celtics",
        home_team="Lakers",
        status="scheduled",
        status_reason="it is listed",
        away_score=None,
        home_score=None,
        snapshots=4,
        last_look=NOON - 20 * MINUTE,
        last_look_before_start=NOON - 20 * MINUTE,
        start_moves=1,
    )._replace(**changes)


def run(**changes: Any) -> LoggedRun:
    return LoggedRun(
        number=1,
        job="fetch-odds",
        sport_key="basketball_nba",
        scheduled_at=NOON,
        started_at=NOON,
        finished_at=NOON,
        outcome="stored",
        reason="3 h sampling",
        tier=None,
        next_run_at=None,
        next_run_reason=None,
        credits_before=500,
        credits_after=497,
        report=None,
        credits_charged=3,
    )._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        pytest.param({}, "scheduled 4 20 min ago Celtics at Lakers", id="to come: how long ago it was seen"),
        pytest.param(
            {"commence_time": NOON - HOUR, "scheduled_commence_time": NOON - HOUR, "status": "final"}
            | {"away_score": 100, "home_score": 99, "last_look_before_start": NOON - HOUR - 5 * MINUTE},
            "final 4 5 min before Celtics at Lakers, 100:99",
            id="started: how near the last look came",
        ),
        pytest.param(
            {"commence_time": NOON - HOUR, "last_look_before_start": NOON - 134 * HOUR},
            "scheduled 4 5 d 15 h before Celtics at Lakers",
            id="started: how far off the last look was",
        ),
        pytest.param(
            {"commence_time": NOON - HOUR, "last_look_before_start": None},
            "none Celtics at Lakers",
            id="never seen",
        ),
        pytest.param({"away_team": None, "home_team": None}, "20 min ago e1", id="without teams"),
    ],
)
def test_an_event_is_a_line(capsys: pytest.CaptureFixture[str], changes: dict[str, Any], text: str) -> None:
    show_events([event(**changes)], NOON)
    out = " ".join(capsys.readouterr().out.split())
    assert text in out
    assert "1 event; the starts of 1 have moved" in out


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        pytest.param({}, "fetch-odds stored 3 basketball_nba: 3 h sampling", id="with its price"),
        pytest.param({"credits_after": 490}, "stored 3 basketball_nba", id="not with what others spent"),
        pytest.param({"credits_after": 20_000}, "stored 3 basketball_nba", id="not with a reset for a price"),
        pytest.param({"started_at": NOON + 7 * MINUTE}, "(7 minutes late)", id="with its delay"),
        pytest.param({"outcome": "failed", "credits_charged": None}, "failed basketball_nba", id="that failed"),
    ],
)
def test_a_run_is_a_line(capsys: pytest.CaptureFixture[str], changes: dict[str, Any], text: str) -> None:
    show_runs([run(**changes)], NOON)
    assert text in " ".join(capsys.readouterr().out.split())


def test_an_empty_list_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    show_events([], NOON)
    show_runs([], NOON)
    out = capsys.readouterr().out
    assert "odds fetch events" in out
    assert "odds scheduler start" in out
