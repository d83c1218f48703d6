"""`odds import answers`: what the log tells of comes into the database once, and damage is named."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.feed.lost_answers import LostAnswer, as_words
from core.feed.values import CreditReading, FeedAnswer

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database")

BODY = [
    {
        "id": "e1",
        "sport_key": "basketball_nba",
        "sport_title": "NBA",
        "commence_time": "2026-01-10T14:00:00Z",
        "home_team": "Home",
        "away_team": "Away",
        "bookmakers": [
            {
                "key": "draftkings",
                "title": "DraftKings",
                "markets": [
                    {
                        "key": "h2h",
                        "last_update": "2026-01-10T11:59:00Z",
                        "outcomes": [{"name": "Home", "price": -150}, {"name": "Away", "price": 130}],
                    }
                ],
            }
        ],
    }
]
LOST = LostAnswer(
    job="fetch-odds",
    sport_key="basketball_nba",
    run_number=17,
    expected_credits=1,
    answer=FeedAnswer(
        endpoint="/v4/sports/basketball_nba/odds",
        parameters={"markets": "h2h", "bookmakers": "draftkings,fanduel", "oddsFormat": "american"},
        status=200,
        headers={"x-requests-last": "1"},
        body=orjson.dumps(BODY),
        credits=CreditReading(499, 1, 1),
        received_at=datetime(2026, 1, 10, 12, tzinfo=UTC),
        duration_ms=40.0,
    ),
)
WHAT = "/v4/sports/basketball_nba/odds, received 2026-01-10 12:00:00 UTC"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "lost.log"
    path.write_text("".join(f'{{"event": "feed.answer_lost", "answer": "{word}"}}\n' for word in as_words(LOST)))
    return path


@pytest.mark.usefixtures("log")
def test_an_answer_is_imported_once(odds: Odds) -> None:
    ran = odds("import", "answers", "lost.log")
    assert ran.exit_code == 0, ran.err
    assert ran.out == f"{WHAT}: 1 snapshot, 2 quotes new\n"
    assert odds("import", "answers", "lost.log").out == f"{WHAT}: it was there already\n"
    report = odds("import", "answers", "lost.log", "--json").json
    assert (report["answers"][0]["is_new"], report["faults"]) == (False, [])


def test_the_log_may_come_by_standard_input(odds: Odds, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(log.read_text()))
    assert odds("import", "answers", "-").out == f"{WHAT}: 1 snapshot, 2 quotes new\n"


def test_what_cannot_be_read_is_kept_and_said(odds: Odds, log: Path) -> None:
    refused = replace(LOST, answer=replace(LOST.answer, body=b"<html>"))
    log.write_text("\n".join(as_words(refused)))
    ran = odds("import", "answers", "lost.log")
    assert ran.exit_code == 0
    assert ran.out.startswith(f"{WHAT}: kept, and not read: the feed's answer does not fit its contract")


def test_a_damaged_answer_is_named_and_the_others_come_in(odds: Odds, log: Path) -> None:
    other = replace(LOST, answer=replace(LOST.answer, received_at=datetime(2026, 1, 10, 13, tzinfo=UTC)))
    log.write_text(log.read_text() + as_words(other)[0][:-9])
    ran = odds("import", "answers", "lost.log")
    assert ran.exit_code == 3
    assert ran.out == f"{WHAT}: 1 snapshot, 2 quotes new\n"
    assert "its text is cut short or damaged" in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(None, "lost.log: cannot be read: No such file", id="no file"),
        pytest.param("nothing of the kind\n", "no line has linekeeper-answer", id="no lost answer"),
    ],
)
def test_a_mistake_is_one_line(odds: Odds, log: Path, text: str | None, told: str) -> None:
    log.unlink()
    if text is not None:
        log.write_text(text)
    ran = odds("import", "answers", "lost.log")
    assert (ran.exit_code, ran.out) == (1, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
