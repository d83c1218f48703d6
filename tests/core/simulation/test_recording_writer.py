from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.recording import RecordingError, answers
from core.simulation.recording_writer import RecordingWriter

NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)
BODIES = st.lists(st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text(), max_size=3), max_size=3)


@given(st.lists(st.tuples(st.timedeltas(timedelta(microseconds=1), timedelta(days=9)), BODIES), max_size=5))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[timedelta, object]]
) -> None:
    path = tmp_path_factory.mktemp("recording") / "x.jsonl.xz"
    at, written = NOON, []
    with RecordingWriter(path) as writer:
        for step, body in steps:
            at += step
            written.append((at, body))
            writer.write(at, orjson.dumps(body))
    assert [(answer.fetched_at, orjson.loads(answer.body)) for answer in answers(path)] == written


def test_a_body_of_several_lines_becomes_one(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "x.jsonl") as writer:
        writer.write(NOON.astimezone(timezone(timedelta(hours=5))), b'[\r\n  {"id": "x"}\n]\n')
    assert [(a.fetched_at, orjson.loads(a.body)) for a in answers(tmp_path / "x.jsonl")] == [(NOON, [{"id": "x"}])]


def write(path: Path, *instants: datetime, then: type[Exception] | None = None) -> None:
    with RecordingWriter(path) as writer:
        for at in instants:
            writer.write(at, b"[]")
        if then is not None:
            raise then


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.xz"])
def test_nothing_half_written_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"kept")
    with pytest.raises(KeyError):
        write(tmp_path / name, NOON, then=KeyError)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"kept"


def test_answers_out_of_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="out of time order"):
        write(tmp_path / "x.jsonl", NOON, NOON)


def test_a_writer_that_is_not_open_refuses(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not open"):
        RecordingWriter(tmp_path / "x.jsonl").write(NOON, b"[]")


@pytest.mark.parametrize("name", ["x.json", "nowhere/x.jsonl"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordingError, match=name):
        write(tmp_path / name)
