from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.simulation.known_events import FinalScore
from core.simulation.recorded_feed import RecordedFeed, read_results
from core.simulation.recording import RecordingError, answers
from core.simulation.recording_facts import SAMPLE
from core.simulation.recording_writer import RecordingWriter

NFL = "americanfootball_nfl"
NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)
A, B = "a" * 32, "b" * 32
Play = Callable[..., RecordedFeed]
MakeEvent = Callable[..., dict[str, Any]]


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


@given(
    gaps=st.lists(st.integers(1, 400), min_size=1, max_size=12),
    looks=st.lists(st.integers(-60, 4000), min_size=1, max_size=12),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_look_never_sees_the_future_and_always_the_newest_past(
    tmp_path: Path, make_event: MakeEvent, gaps: list[int], looks: list[int]
) -> None:
    fetched = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    with RecordingWriter(tmp_path / "x.jsonl") as writer:
        for n, minute in enumerate(fetched):
            writer.write(NOON + timedelta(minutes=minute), orjson.dumps([make_event(f"{n:032x}", 999)]))
    feed = RecordedFeed(tmp_path / "x.jsonl")
    for minute in sorted(looks):
        board = feed.odds(NFL, NOON + timedelta(minutes=minute))
        newest = max((n for n, at in enumerate(fetched) if at <= minute), default=None)
        if newest is not None and minute - fetched[newest] > 180:
            assert board is None
        else:
            assert board is not None
            assert [row["id"] for row in board.events] == ([] if newest is None else [f"{newest:032x}"])
        seen = {row["id"] for row in feed.events(NFL, NOON + timedelta(minutes=minute))}
        assert seen == {f"{n:032x}" for n, at in enumerate(fetched) if at <= minute}
    feed.close()


def test_before_the_first_answer_nothing_is_listed(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event()]))
    board = feed.odds(NFL, hours(-1))
    assert board is not None
    assert board.body == b"[]"
    assert feed.events(NFL, hours(-1)) == []
    assert feed.sports(hours(-1))[0]["active"] is False


def test_odds_are_down_when_the_newest_answer_is_older_than_three_hours(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event(A, 6)]), (300, [make_event(A, 6)]))
    assert feed.odds(NFL, hours(3)) is not None
    assert feed.odds(NFL, hours(3) + timedelta(seconds=1)) is None
    assert [row["id"] for row in feed.events(NFL, hours(4))] == [A]
    assert feed.odds(NFL, hours(5)) is not None


def test_an_event_that_vanishes_is_listed_until_it_completes(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event(A, 1), make_event(B, 2)]), (60, [make_event(B, 2)]))
    assert [row["id"] for row in feed.events(NFL, hours(4.1))] == [A, B]
    assert [row["id"] for row in feed.events(NFL, hours(4.2))] == [B]


def test_events_are_listed_at_their_last_known_start(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event(A, 6)]), (60, [make_event(A, 5)]), (120, []))
    assert feed.events(NFL, hours(0))[0]["commence_time"] == "2025-09-11T18:00:00Z"
    row = feed.events(NFL, hours(2))[0]
    assert row["commence_time"] == "2025-09-11T17:00:00Z"
    assert set(row) == {"id", "sport_key", "sport_title", "commence_time", "home_team", "away_team"}


def test_scores_follow_an_event_from_upcoming_to_its_result(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event(A, 1)]), results={A: FinalScore(27, 20)})
    upcoming, live, completed = (feed.scores(NFL, hours(at), 1)[0] for at in (0, 2, 5))
    assert (upcoming["completed"], upcoming["scores"], upcoming["last_update"]) == (False, None, None)
    assert (live["completed"], live["scores"]) == (False, None)
    assert completed["completed"] is True
    assert completed["scores"] == [{"name": "Kings", "score": "27"}, {"name": "Aces", "score": "20"}]
    assert completed["last_update"] == "2025-09-11T16:10:00Z"


def test_completed_events_stay_for_the_days_asked_and_for_none_when_not_asked(
    play: Play, make_event: MakeEvent
) -> None:
    feed = play((0, [make_event(A, 0)]))
    assert feed.scores(NFL, hours(4), None) == []
    assert [row["scores"] for row in feed.scores(NFL, hours(4), 1)] == [None]
    assert feed.scores(NFL, hours(24 + 3.2), 1) == []
    assert len(feed.scores(NFL, hours(24 + 3.2), 2)) == 1


def test_time_does_not_run_backwards(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event()]))
    feed.events(NFL, hours(2))
    with pytest.raises(ValueError, match="not played backwards"):
        feed.odds(NFL, hours(1))


def test_the_end_of_a_recording_can_be_planned_for(play: Play, make_event: MakeEvent) -> None:
    feed = play((0, [make_event(A, 1), make_event(B, 900)]))
    assert feed.last_completion(hours(0.5)) is None
    assert feed.exhausted
    assert feed.last_completion(hours(2)) == hours(1) + timedelta(hours=3, minutes=10)


def test_parts_that_are_no_event_are_served_and_not_learnt(play: Play, make_event: MakeEvent) -> None:
    odd = {"id": 7, "commence_time": "2025-09-11T18:00:00Z"}, {"id": "c" * 32, "commence_time": "soon"}, "?"
    feed = play((0, [make_event(), *odd]))
    board = feed.odds(NFL, hours(0))
    assert board is not None
    assert board.body is not None
    assert b'"soon"' in board.body
    assert [row["id"] for row in feed.events(NFL, hours(0))] == [A]


@pytest.mark.parametrize("text", ["{}", '[{"id": "x"}]', "[", '[{"id":"x","home_score":"a","away_score":1}]'])
def test_results_of_another_shape_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "scores.json").write_text(text)
    with pytest.raises(RecordingError, match=r"scores\.json: not a list of rows"):
        read_results(tmp_path / "scores.json")


def test_a_missing_results_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"none\.json: cannot be read"):
        read_results(tmp_path / "none.json")


def test_the_real_week_is_played_with_its_results(shared_data: Path) -> None:
    path = shared_data / "recordings" / "nfl-2025-week12.jsonl.xz"
    results = read_results(shared_data / "results" / "nfl-2025-scores.json")
    feed = RecordedFeed(path, results)
    for answer in list(answers(path))[::20]:
        board = feed.odds(NFL, answer.fetched_at + timedelta(seconds=30))
        assert board is not None
        assert board.body == answer.body
    end = feed.facts.first_at + timedelta(days=7)
    final = [row for row in feed.scores(NFL, end, 3) if row["completed"]]
    assert final
    for row in final:
        home, away = row["scores"]
        assert (int(home["score"]), int(away["score"])) == results[row["id"]]
    feed.close()


def test_what_ended_the_reading_can_be_asked_for_later(record: Callable[..., Path], make_event: MakeEvent) -> None:
    path = record(*((minute, [make_event()]) for minute in range(SAMPLE + 1)))
    path.write_text(path.read_text() + "{}\n")
    feed = RecordedFeed(path)
    feed.check()
    with pytest.raises(RecordingError, match=f"line {SAMPLE + 2}"):
        feed.odds("americanfootball_nfl", NOON + timedelta(hours=1))
    with pytest.raises(RecordingError, match=f"line {SAMPLE + 2}"):
        feed.check()
    feed.close()


def test_progress_counts_the_bytes_read(record: Callable[..., Path], make_event: MakeEvent) -> None:
    path = record(*((minute, [make_event()]) for minute in range(3)))
    read: list[int] = []
    feed = RecordedFeed(path, progress=read.append)
    feed.odds("americanfootball_nfl", NOON + timedelta(hours=1))
    assert read == sorted(read)
    assert read[-1] == path.stat().st_size
    feed.close()
