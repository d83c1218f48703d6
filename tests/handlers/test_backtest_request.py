"""S5: a payload that may not be run is refused before anything runs, and told what is wrong with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics.backtesting.brought import NOTHING_BROUGHT
from analytics.backtesting.grading import PlayerNumber
from analytics.backtesting.history import Score
from core.errors import ConfigurationError
from handlers.backtest_request import PART, read_request

CONFIG = {"start": "2025-10-21T00:00:00Z", "end": "2026-04-13T00:00:00Z"}
PAYLOAD: dict[str, Any] = {"strategy": "flat", "config": CONFIG}
SCORE = {"event_id": "e1", "home_score": 2, "away_score": 2}


def test_a_strategy_and_a_run_are_enough() -> None:
    request = read_request(PAYLOAD)
    assert (request.strategy, request.parameters, request.dry_run, request.resume) == ("flat", {}, False, None)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        pytest.param(None, "payload: an object is expected, not None", id="nothing"),
        pytest.param({}, "strategy: field required; config: field required", id="an empty payload"),
        pytest.param({**PAYLOAD, "path": "x.py"}, "path: there is no such field", id="no field"),
        pytest.param({**PAYLOAD, "strategy": 7}, "strategy: input should be a valid string", id="no name"),
        pytest.param({**PAYLOAD, "config": {**CONFIG, "seed": -1}}, "config.seed: ", id="in the run"),
        pytest.param(
            {**PAYLOAD, "config": {**CONFIG, "resamples": 10**9}},
            "less than or equal to 100000",
            id="too much work",
        ),
        pytest.param({**PAYLOAD, "config": {**CONFIG, "end": "2099-01-01T00:00Z"}}, "at most", id="too long"),
        pytest.param({**PAYLOAD, "config": {**CONFIG, "decide_at": [1] * 25}}, "at most 24", id="too often"),
        pytest.param(
            {**PAYLOAD, "regulation_scores": "x.csv"}, "scores: a list is expected, not 'x.csv'", id="a file"
        ),
        pytest.param(
            {**PAYLOAD, "regulation_scores": [{"event_id": "e1", "home_score": 2.5, "away_score": 2}]},
            "regulation_scores.0.home_score: input should be a valid integer",
            id="half a goal",
        ),
        pytest.param(
            {**PAYLOAD, "player_results": [{"event_id": "e1", "market_key": "player_points", "player": "A"}]},
            "player_results.0.number: field required",
            id="no number",
        ),
        pytest.param(
            {**PAYLOAD, "regulation_scores": [SCORE] * 10_001}, "at most 10,000 are expected", id="too many"
        ),
        pytest.param({**PAYLOAD, "resume": {"run": "../../x", "parts": 1}}, "resume.run", id="a path for a name"),
        pytest.param({**PAYLOAD, "resume": {"run": "x", "parts": 0}}, "resume.parts", id="no part to go on from"),
    ],
)
def test_what_may_not_be_asked_is_refused_by_name(payload: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_request(payload)


def test_a_payload_brings_what_files_bring() -> None:
    players = [
        {"event_id": "e1", "market_key": "player_points_alternate", "player": "A", "number": 27},
        {"event_id": "e1", "market_key": "player_points", "player": "B", "number": None},
    ]
    brought = read_request({**PAYLOAD, "regulation_scores": [SCORE, SCORE], "player_results": players}).brought()
    assert brought.regulation == {"e1": Score(2, 2)}
    points = {("player_points", "A"): PlayerNumber(27), ("player_points", "B"): PlayerNumber(None)}
    assert brought.players == {"e1": points}
    assert read_request(PAYLOAD).brought() == NOTHING_BROUGHT


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            {"regulation_scores": [SCORE, {**SCORE, "home_score": 3}]},
            "regulation_scores.1: another score than before of e1",
            id="two scores of a game",
        ),
        pytest.param(
            {"player_results": [{"event_id": "e1", "market_key": "h2h", "player": "A", "number": 1}]},
            "player_results.0: h2h is no market of a player's",
            id="no market of a player's",
        ),
    ],
)
def test_what_the_lines_of_a_file_may_not_say_a_payload_may_not_say(lines: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_request({**PAYLOAD, **lines}).brought()


def test_parts_follow_each_other_and_are_the_run() -> None:
    parts = [*read_request(PAYLOAD).parts()]
    assert parts[0].start == datetime(2025, 10, 21, tzinfo=UTC)
    assert parts[-1].end == datetime(2026, 4, 13, tzinfo=UTC)
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert all(timedelta(0) < part.end - part.start <= PART for part in parts)
