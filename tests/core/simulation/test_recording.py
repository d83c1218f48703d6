from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.simulation.recording import RecordedAnswer, RecordingError, answers

NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)
GOOD = b'{"fetched_at":"2025-09-11T12:00:00Z","body":[]}\n'


def lines(path: Path, *texts: bytes) -> Path:
    path.write_bytes(b"".join(texts))
    return path


@pytest.mark.parametrize("name", ["feed.jsonl", "feed.jsonl.xz"])
def test_answers_come_back_as_they_were_written(record: Callable[..., Path], name: str) -> None:
    path = record((0, [{"id": "x", "body": [1]}]), (5, []), name=name)
    assert list(answers(path)) == [
        RecordedAnswer(NOON, b'[{"id":"x","body":[1]}]', 1),
        RecordedAnswer(NOON + timedelta(minutes=5), b"[]", 2),
    ]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b'{"commit":"7","commit_time":"2025-09-11T12:00:00Z","body":[ 1.50 ]}', id="commit_time"),
        pytest.param(b'{"commit_time":"2025-09-11T08:00:00-04:00","body":[ 1.50 ]}', id="another offset"),
        pytest.param(
            b'{"file":"\\"body\\":[9]}","fetched_at":"2025-09-11T12:00:00Z","body":[ 1.50 ]}', id="a trap"
        ),
    ],
)
def test_the_body_is_given_byte_for_byte(tmp_path: Path, line: bytes) -> None:
    assert list(answers(lines(tmp_path / "x.jsonl", line))) == [RecordedAnswer(NOON, b"[ 1.50 ]", 1)]


@pytest.mark.parametrize(
    "line",
    [
        b'{"body":[1],"fetched_at":"2025-09-11T12:00:00Z"}',
        b'{"fetched_at":"2025-09-11T12:00:00Z","body":[1],"more":[2]}',
        b'{"fetched_at" : "2025-09-11T12:00:00Z", "body" : [1]}',
        b'{"nested":{"body":[2]},"fetched_at":"2025-09-11T12:00:00Z","body":[1]}',
    ],
)
def test_keys_may_stand_in_any_order(tmp_path: Path, line: bytes) -> None:
    assert [answer.body for answer in answers(lines(tmp_path / "x.jsonl", line))] == [b"[1]"]


def test_only_the_time_asked_for_is_given(record: Callable[..., Path]) -> None:
    path = record(*((minutes, []) for minutes in (0, 5, 10, 15)))
    found = answers(path, start=NOON + timedelta(minutes=5), end=NOON + timedelta(minutes=10))
    assert [answer.line_number for answer in found] == [2, 3]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        pytest.param(GOOD, "must be in time order", id="the same instant twice"),
        pytest.param(b'{"fetched_at":"2025-09-11T11:00:00Z","body":[]}', "must be in time order", id="backwards"),
        pytest.param(b'{"fetched_at":"2025-09-11T13:00:00Z","body":[{"id"', "not a JSON object", id="cut short"),
        pytest.param(b"[]", "not a JSON object", id="no object"),
        pytest.param(b'{"fetched_at":"2025-09-11T13:00:00Z"}', "no list of events", id="no body"),
        pytest.param(b'{"fetched_at":"2025-09-11T13:00:00Z","body":{}}', "no list of events", id="no list"),
        pytest.param(b'{"at":"2025-09-11T13:00:00Z","body":[]}', "no fetch time under fetched_at", id="no time"),
        pytest.param(b'{"fetched_at":"soon","body":[]}', "not a time: 'soon'", id="a time that is none"),
        pytest.param(b'{"fetched_at":"2025-09-11T13:00:00","body":[]}', "no offset", id="a naive time"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, second: bytes, reason: str) -> None:
    path = lines(tmp_path / "x.jsonl", GOOD, second)
    with pytest.raises(RecordingError, match=rf"x\.jsonl, line 2: .*{reason}"):
        list(answers(path))


def test_a_file_that_breaks_off_is_named_with_its_last_good_line(record: Callable[..., Path]) -> None:
    path = record(*((n, [{"n": n * 7919 % 1000}]) for n in range(2000)), name="x.jsonl.xz")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(RecordingError, match=r"x\.jsonl\.xz, after line \d+: the file is damaged or cut short"):
        list(answers(path))


@pytest.mark.parametrize("name", ["missing.jsonl", "odds.csv"])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordingError, match=name):
        list(answers(tmp_path / name))


def test_progress_counts_the_bytes_of_the_file(record: Callable[..., Path]) -> None:
    path = record((0, []), (1, []), name="x.jsonl.xz")
    seen: list[int] = []
    list(answers(path, progress=seen.append))
    assert seen[-1] == path.stat().st_size


def test_real_lines_are_cut_where_json_would_cut_them(shared_data: Path) -> None:
    path = shared_data / "recordings" / "nfl-2025-week12.jsonl.xz"
    found = list(answers(path))
    assert len(found) == 350
    for answer in found[::50]:
        events: list[dict[str, Any]] = orjson.loads(answer.body)
        assert orjson.dumps(events) == answer.body
