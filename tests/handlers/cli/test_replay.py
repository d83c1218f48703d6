"""`odds replay` as a user runs it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.simulation.recording_writer import RecordingWriter

START = datetime(2025, 9, 14, 17, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)

Odds = Callable[..., Any]


@pytest.fixture
def recording(tmp_path: Path) -> str:
    """Return a recording of one game, an answer every half hour for six hours, the last as it starts."""
    path = tmp_path / "game.jsonl"
    with RecordingWriter(path) as writer:
        for step in range(13):
            outcomes = [{"name": "Bills", "price": -110 - step}, {"name": "Jets", "price": 100}]
            market = {"key": "h2h", "last_update": "2025-09-14T10:00:00Z", "outcomes": outcomes}
            event = {
                "id": "game",
                "sport_key": "americanfootball_nfl",
                "sport_title": "NFL",
                "commence_time": START.isoformat(),
                "home_team": "Bills",
                "away_team": "Jets",
                "bookmakers": [{"key": "fanduel", "title": "FanDuel", "markets": [market]}],
            }
            writer.write(START - 12 * HALF_HOUR + step * HALF_HOUR, orjson.dumps([event]))
    return str(path)


@pytest.fixture
def scores(tmp_path: Path) -> str:
    """Return a file with the game's result."""
    path = tmp_path / "scores.json"
    path.write_bytes(orjson.dumps([{"id": "game", "home_score": 24, "away_score": 20}]))
    return str(path)


@pytest.mark.usefixtures("own_database")
def test_a_replay_reports_as_json_with_the_url_of_its_database(odds: Odds, recording: str, scores: str) -> None:
    ran = odds("replay", recording, "--scores", scores, "--json")
    assert ran.exit_code == 0, ran.err
    report = ran.json
    assert report["database_url"].endswith("/linekeeper_replay")
    assert (report["sport_key"], report["statuses"]) == ("americanfootball_nfl", {"final": 1})
    assert report["first_at"] == "2025-09-14T11:00:00Z"
    assert report["closing"]["worst_minutes"] == pytest.approx(5)
    assert set(report["totals"]) >= {
        "looks",
        "credits_spent",
        "events",
        "snapshots",
        "quotes_seen",
        "quotes_stored",
    }
    assert ran.err == ""


@pytest.mark.usefixtures("own_database")
def test_a_replay_tells_looks_closes_and_what_to_try_next_in_80_columns(odds: Odds, recording: str) -> None:
    ran = odds("replay", recording)
    assert ran.exit_code == 0, ran.err
    assert "by its own schedule" in ran.out
    assert "of a look every half hour" in ran.out
    assert "median 5 min" in " ".join(ran.out.split())
    before, _, next_commands = ran.out.partition("Try next")
    assert max(map(len, before.splitlines())) <= 80
    assert "linekeeper_replay" in next_commands


@pytest.mark.usefixtures("own_database")
def test_the_part_asked_for_may_be_named_by_days_and_instants(odds: Odds, recording: str) -> None:
    ran = odds(
        "replay", recording, "--every-snapshot", "--from", "2025-09-14", "--to", "2025-09-14T12:00Z", "--json"
    )
    assert ran.json["totals"]["looks"] == 3
    assert ran.json["every_snapshot"] is True


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(
            ("missing.jsonl",), "missing.jsonl: cannot be read: No such file", id="a file that is not there"
        ),
        pytest.param(("season.csv",), "season.csv: a recording ends in .jsonl or .jsonl.xz", id="another suffix"),
        pytest.param(
            ("GAME", "--scores", "none.json"), "none.json: cannot be read", id="scores that are not there"
        ),
        pytest.param(
            ("GAME", "--from", "2026-01-01"), "no answer was fetched from 2026-01-01", id="an empty part"
        ),
    ],
)
def test_a_mistake_is_one_line_and_touches_no_database(
    odds: Odds, recording: str, arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    ran = odds("replay", *(recording if argument == "GAME" else argument for argument in arguments))
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.startswith("error: ")
    assert told in ran.err
    assert ran.err.count("\n") == 1


def test_a_line_that_is_no_answer_is_named(odds: Odds, recording: str) -> None:
    with Path(recording).open("a") as file:
        file.write("{}\n")
    ran = odds("replay", recording)
    assert ran.exit_code == 1
    assert "line 14: no list of events" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--from", "2025-09-15", "--to", "2025-09-14"), "is after --to", id="the wrong way round"),
        pytest.param(("--from", "yesterday"), "is neither a date", id="no instant"),
    ],
)
def test_a_wrong_part_is_a_wrong_command_line(
    odds: Odds, recording: str, arguments: tuple[str, ...], told: str
) -> None:
    ran = odds("replay", recording, *arguments)
    assert ran.exit_code == 2
    assert told in " ".join(ran.err.replace("│", " ").split())
