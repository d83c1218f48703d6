"""A lost answer comes back from the log byte for byte, whatever exported it; what is damaged is named."""

import csv
import io
import json
import random
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.lost_answers import LostAnswer, as_words, find_answers
from core.feed.values import CreditReading, FeedAnswer

CLOUDWATCH_EVENT_BYTES = 256 * 1024
LOST = LostAnswer(
    job="fetch-odds",
    sport_key="basketball_nba",
    run_number=17,
    expected_credits=3,
    answer=FeedAnswer(
        endpoint="/v4/sports/basketball_nba/odds",
        parameters={"markets": "h2h,spreads", "bookmakers": "draftkings"},
        status=200,
        headers={"content-type": "application/json", "x-requests-last": "3"},
        body=b'[{"id": "e1", "home_team": "Montr\xc3\xa9al"}]\n',
        credits=CreditReading(497, None, 3),
        received_at=datetime(2026, 1, 10, 12, 0, 0, 123456, tzinfo=UTC),
        duration_ms=41.25,
    ),
)


def with_body(body: bytes) -> LostAnswer:
    return replace(LOST, answer=replace(LOST.answer, body=body))


def noise(size: int) -> bytes:
    """Return bytes that cannot be compressed to speak of."""
    return random.Random(1).randbytes(size)


LONG = with_body(noise(280_000))
WORDS_OF_LONG = as_words(LONG)


@given(st.binary(), st.dictionaries(st.text(), st.text()))
def test_whatever_was_answered_comes_back(body: bytes, headers: dict[str, str]) -> None:
    lost = replace(LOST, answer=replace(LOST.answer, body=body, headers=headers))
    assert find_answers(as_words(lost)) == ((lost,), ())


@given(st.permutations(range(4)), st.lists(st.integers(0, 3)))
def test_its_parts_may_come_in_any_order_and_more_than_once(order: list[int], again: list[int]) -> None:
    assert len(WORDS_OF_LONG) == len(order)
    assert find_answers([WORDS_OF_LONG[number] for number in [*order, *again]]).answers == (LONG,)


def test_no_part_is_longer_than_a_line_of_the_log_may_be() -> None:
    assert max(map(len, as_words(with_body(noise(1_000_000))))) < CLOUDWATCH_EVENT_BYTES / 2


def test_a_word_is_of_letters_that_no_format_of_a_log_changes() -> None:
    assert [word for word in as_words(LOST) if not re.fullmatch(r"[A-Za-z0-9:_=-]+", word)] == []


def as_json_of_json(word: str) -> str:
    message = json.dumps({"event": "feed.answer_lost", "answer": word, "level": "error"})
    return json.dumps({"events": [{"message": message, "timestamp": 1}, {"message": "REPORT"}]})


def as_csv(word: str) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(["2026-01-10", json.dumps({"answer": word}), 'with "quotes"'])
    return written.getvalue()


@pytest.mark.parametrize(
    "export",
    [
        pytest.param(str, id="the word alone"),
        pytest.param(lambda word: f"2026-01-10 [error] feed.answer_lost answer={word} charged=3", id="plain"),
        pytest.param(lambda word: json.dumps({"answer": word}), id="a line of JSON"),
        pytest.param(as_json_of_json, id="JSON in the JSON of the aws command"),
        pytest.param(as_csv, id="CSV of Logs Insights"),
    ],
)
def test_any_export_of_the_log_is_read(export: object) -> None:
    assert callable(export)
    text = "\n".join(export(word) for word in as_words(LOST))
    assert find_answers(io.StringIO(f"START\n{text}\nREPORT Duration: 3 ms\n")) == ((LOST,), ())


def test_several_answers_come_as_they_were_received() -> None:
    later = replace(LOST, answer=replace(LOST.answer, received_at=datetime(2026, 1, 11, tzinfo=UTC)))
    found = find_answers(["nothing lost", *as_words(later), *as_words(LOST)])
    assert found.answers == (LOST, later)


def test_what_is_damaged_is_named_and_the_rest_is_read() -> None:
    (short,) = as_words(with_body(b"[1]"))
    with pytest.warns(UserWarning, match="serialize"):
        (of_another_version,) = as_words(replace(LOST, run_number="seventeen"))  # type: ignore[arg-type]
    found = find_answers([*WORDS_OF_LONG[:1], *WORDS_OF_LONG[2:], short[:-4], of_another_version, *as_words(LOST)])
    assert found.answers == (LOST,)
    assert [fault.partition(": ")[2] for fault in found.faults] == [
        "part 2 of 4 is missing",
        "its text is cut short or damaged",
        "another version of linekeeper wrote it",
    ]


def test_a_part_that_one_export_has_cut_is_taken_from_another() -> None:
    (word,) = as_words(LOST)
    assert find_answers([word[:-20], word, word[:-30]]).answers == (LOST,)
