"""What a recording tells of its events, at any instant of its life."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.known_events import FinalScore, KnownEvents
from core.simulation.recording_facts import RecordingFacts
from core.simulation.stamps import iso

NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
USUAL = timedelta(hours=3, minutes=10)
FACTS = RecordingFacts("americanfootball_nfl", "NFL", "american", ("h2h",), ("draftkings",), NOON)


def row(event_id: str = "e1", start: object = iso(NOON)) -> dict[str, Any]:
    return {"id": event_id, "commence_time": start, "home_team": "Kings", "away_team": "Aces", "bookmakers": []}


@pytest.fixture
def known() -> Callable[..., KnownEvents]:
    """Return a maker of what some rows tell, with a result for the event e1."""

    def make(*rows: dict[str, Any]) -> KnownEvents:
        events = KnownEvents(FACTS, {"e1": FinalScore(27, 20)})
        for one in rows:
            events.learn(one)
        return events

    return make


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in rows]


@pytest.mark.parametrize(
    ("after", "listed"),
    [
        pytest.param(-HOUR, True, id="before its start"),
        pytest.param(USUAL - timedelta(seconds=1), True, id="until its usual end"),
        pytest.param(USUAL, False, id="no longer"),
    ],
)
def test_an_event_is_listed_until_its_usual_end(known: Any, after: timedelta, listed: bool) -> None:
    assert ids(known(row()).events(NOON + after)) == (["e1"] if listed else [])


def test_events_are_listed_by_their_start_with_the_teams_and_nothing_priced(known: Any) -> None:
    events = known(row("late", iso(NOON + 2 * HOUR)), row("e1")).events(NOON)
    assert ids(events) == ["e1", "late"]
    assert events[0] == {
        "id": "e1",
        "sport_key": "americanfootball_nfl",
        "sport_title": "NFL",
        "commence_time": iso(NOON),
        "home_team": "Kings",
        "away_team": "Aces",
    }


def test_the_last_known_start_decides(known: Any) -> None:
    events = known(row(), row(start=iso(NOON + HOUR)), row(start=iso(NOON + HOUR)))
    assert ids(events.events(NOON + USUAL)) == ["e1"]
    assert events.last_completion(NOON + HOUR) == NOON + HOUR + USUAL


@pytest.mark.parametrize(
    "unusable",
    [row(start="soon"), row(start=None), row(start=True), {**row(), "id": 7}, {}],
    ids=["no instant", "no start", "a switch", "no id", "nothing"],
)
def test_what_cannot_be_used_is_passed_over(known: Any, unusable: dict[str, Any]) -> None:
    assert known(unusable).events(NOON) == []
    assert known(row(), unusable).events(NOON)[0]["commence_time"] == iso(NOON)


def test_a_start_in_epoch_seconds_is_understood(known: Any) -> None:
    assert known(row(start=int(NOON.timestamp()))).events(NOON)[0]["commence_time"] == iso(NOON)


@pytest.mark.parametrize(
    ("after", "days_from", "named"),
    [
        pytest.param(-HOUR, None, True, id="before its start"),
        pytest.param(HOUR, None, True, id="live"),
        pytest.param(USUAL, None, False, id="completed, and no days asked for"),
        pytest.param(USUAL, 1, True, id="completed just now"),
        pytest.param(USUAL + 24 * HOUR, 1, False, id="completed a day ago"),
        pytest.param(USUAL + 71 * HOUR, 3, True, id="completed within three days"),
        pytest.param(USUAL + 72 * HOUR, 3, False, id="forgotten"),
    ],
)
def test_scores_name_what_is_to_come_live_or_completed_in_time(
    known: Any, after: timedelta, days_from: int | None, named: bool
) -> None:
    assert ids(known(row()).scores(NOON + after, days_from)) == (["e1"] if named else [])


def test_a_score_is_known_once_the_event_is_completed(known: Any) -> None:
    events = known(row())
    (before,), (live,), (over,) = (
        events.scores(NOON - HOUR, 3),
        events.scores(NOON + HOUR, 3),
        events.scores(NOON + 5 * HOUR, 3),
    )
    assert (before["completed"], before["scores"], before["last_update"]) == (False, None, None)
    assert (live["completed"], live["scores"], live["last_update"]) == (False, None, iso(NOON + HOUR))
    assert (over["completed"], over["last_update"]) == (True, iso(NOON + USUAL))
    assert over["scores"] == [{"name": "Kings", "score": "27"}, {"name": "Aces", "score": "20"}]


def test_an_event_without_a_result_is_completed_without_scores(known: Any) -> None:
    (over,) = known(row("e2")).scores(NOON + 5 * HOUR, 1)
    assert (over["completed"], over["scores"]) == (True, None)


def test_the_last_completion_is_that_of_the_events_that_have_started(known: Any) -> None:
    events = known(row(), row("late", iso(NOON + 9 * HOUR)))
    assert events.last_completion(NOON - HOUR) is None
    assert events.last_completion(NOON) == NOON + USUAL
    assert events.last_completion(NOON + 9 * HOUR) == NOON + 9 * HOUR + USUAL


@given(st.integers(-100, 100), st.integers(1, 3))
def test_an_event_is_always_listed_or_completed_until_it_is_forgotten(hours: int, days_from: int) -> None:
    events = KnownEvents(FACTS, {})
    events.learn(row())
    at = NOON + hours * HOUR
    listed, scored = ids(events.events(at)), events.scores(at, days_from)
    assert [one["id"] for one in scored if not one["completed"]] == listed
    assert bool(scored) is (at < NOON + USUAL + days_from * timedelta(days=1))
