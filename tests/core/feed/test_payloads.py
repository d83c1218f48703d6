from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from core.feed.errors import PayloadError
from core.feed.payloads import parse_events, parse_odds, parse_scores, parse_sports

SCORE = {
    "id": "e1",
    "sport_key": "basketball_nba",
    "sport_title": "NBA",
    "commence_time": "2026-01-10T00:10:00Z",
    "completed": True,
    "home_team": "Boston Celtics",
    "away_team": "Denver Nuggets",
    "scores": [{"name": "Denver Nuggets", "score": "98"}, {"name": "Boston Celtics", "score": "112"}],
    "last_update": "2026-01-10T03:00:00Z",
}


def test_sports_are_read() -> None:
    row = {"key": "basketball_nba", "group": "Basketball", "title": "NBA", "active": True, "has_outrights": False}
    futures = {"key": "basketball_nba_championship_winner", "active": False, "has_outrights": True, "new": 1}
    odd = [{"title": "no key"}, {"key": 5}, "text"]
    sports = parse_sports(orjson.dumps([row, *odd, futures]))
    assert sports == (
        ("basketball_nba", "Basketball", "NBA", True, False),
        ("basketball_nba_championship_winner", "", "basketball_nba_championship_winner", False, True),
    )


def test_events_are_read_and_unknown_fields_pass(event: dict[str, Any]) -> None:
    [read] = parse_events(orjson.dumps([{**event, "home_rotation": 501, "of_tomorrow": {}}])).events
    assert read == (
        "00112233445566778899aabbccddeeff",
        "basketball_nba",
        "NBA",
        datetime(2026, 1, 11, 0, 10, tzinfo=UTC),
        "Boston Celtics",
        "Denver Nuggets",
    )


@pytest.mark.parametrize("parse", [parse_sports, parse_events, parse_odds, parse_scores])
@pytest.mark.parametrize("body", [b"", b"<html></html>", b"3", b"null", b'{"message": "No.", "error_code": "X"}'])
def test_a_body_that_is_not_the_contract_at_all_is_an_error(parse: Any, body: bytes) -> None:
    with pytest.raises(PayloadError) as caught:
        parse(body)
    assert caught.value.path == "$"
    assert caught.value.reason


@pytest.mark.parametrize("parse", [parse_sports, parse_events, parse_odds, parse_scores])
def test_an_empty_answer_is_an_answer(parse: Any) -> None:
    assert not any(parse(b"[]"))


def test_odds_are_read_in_feed_order(event: dict[str, Any]) -> None:
    answer = parse_odds(orjson.dumps([event]))
    assert answer.malformed == ()
    [odds] = answer.events
    assert odds.bookmakers == (("draftkings", "DraftKings"), ("fanduel", "FanDuel"))
    assert [(q.bookmaker_key, q.market_key, q.outcome_name, q.price, q.point) for q in odds.quotes[:4]] == [
        ("draftkings", "h2h", "Boston Celtics", -150, None),
        ("draftkings", "h2h", "Denver Nuggets", 130, None),
        ("draftkings", "spreads", "Boston Celtics", -110, -3.5),
        ("draftkings", "spreads", "Denver Nuggets", -110, 3.5),
    ]
    assert len(odds.quotes) == 8
    assert {quote.last_update for quote in odds.quotes} == {datetime(2026, 1, 10, 11, 59, 30, tzinfo=UTC)}


def test_the_raw_text_of_an_event_holds_all_that_came(event: dict[str, Any]) -> None:
    event["of_tomorrow"] = [1, {"é": None}]
    [odds] = parse_odds(orjson.dumps([event], option=orjson.OPT_INDENT_2)).events
    assert orjson.loads(odds.raw) == event
    assert "\n" not in odds.raw


def test_the_one_object_of_an_event_odds_answer_is_read(event: dict[str, Any]) -> None:
    event["bookmakers"][1]["markets"][0]["outcomes"][1]["price"] = None
    answer = parse_odds(orjson.dumps(event))
    assert [odds.event.event_id for odds in answer.events] == [event["id"]]
    assert [part.path for part in answer.malformed] == ["$.bookmakers[1].markets[0].outcomes[1].price"]


def test_an_unusable_event_odds_answer_is_set_aside(event: dict[str, Any]) -> None:
    answer = parse_odds(orjson.dumps({**event, "commence_time": None}))
    assert answer.events == ()
    assert [part.path for part in answer.malformed] == ["$.commence_time"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"bookmakers": None}, id="null"),
        pytest.param({"bookmakers": {}}, id="an object"),
    ],
)
def test_an_event_whose_bookmakers_cannot_be_told_does_not_pass_for_one_without(
    event: dict[str, Any], change: dict[str, object]
) -> None:
    answer = parse_odds(orjson.dumps([{**event, **change}, {**event, "id": "other"}]))
    assert [odds.event.event_id for odds in answer.events] == ["other"]
    assert [(part.path, part.event_id) for part in answer.malformed] == [("$[0].bookmakers", event["id"])]


def test_an_event_with_a_nul_is_set_aside_and_an_escaped_backslash_is_none(event: dict[str, Any]) -> None:
    nul = {**event, "id": "nul", "extra": "a\0b"}
    backslash = {**event, "id": "backslash", "extra": r"a\u0000b"}
    answer = parse_odds(orjson.dumps([nul, backslash]))
    assert [odds.event.event_id for odds in answer.events] == ["backslash"]
    assert [(part.path, part.event_id) for part in answer.malformed] == [("$[0]", "nul")]


def test_an_event_nested_too_deeply_is_set_aside(event: dict[str, Any]) -> None:
    deep = orjson.dumps(event)[:-1] + b',"extra":' + b"[" * 400 + b"]" * 400 + b"}"
    answer = parse_odds(b"[" + deep + b"," + orjson.dumps({**event, "id": "other"}) + b"]")
    assert [odds.event.event_id for odds in answer.events] == ["other"]
    assert [part.reason for part in answer.malformed] == ["nested too deeply"]


def test_scores_are_matched_by_name_and_not_by_order() -> None:
    [score] = parse_scores(orjson.dumps([SCORE])).scores
    assert (score.completed, score.home_score, score.away_score) == (True, 112, 98)
    assert score.last_update == datetime(2026, 1, 10, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scores", "last_update"),
    [
        pytest.param(None, None, id="upcoming"),
        pytest.param(None, "2026-01-10T03:00:00Z", id="null with a last update"),
        pytest.param([], None, id="none yet"),
    ],
)
def test_a_game_without_scores_has_none(scores: object, last_update: str | None) -> None:
    body = orjson.dumps([{**SCORE, "completed": False, "scores": scores, "last_update": last_update}])
    [score] = parse_scores(body).scores
    assert (score.completed, score.home_score, score.away_score) == (False, None, None)
    assert (score.last_update is None) == (last_update is None)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        pytest.param({"name": "Boston Celtics", "score": "W"}, ".score", id="no number"),
        pytest.param({"name": "Boston Celtics", "score": True}, ".score", id="a boolean"),
        pytest.param({"name": "Boston Celtics", "score": 12.5}, ".score", id="half a point"),
        pytest.param({"name": "Utah Jazz", "score": "90"}, ".name", id="another team"),
        pytest.param({"score": "90"}, ".name", id="no team"),
        pytest.param({"name": "Denver Nuggets", "score": "99"}, "", id="a team twice"),
        pytest.param("112", "", id="no object"),
    ],
)
def test_a_malformed_score_is_set_aside_and_the_others_are_not(entry: object, path: str) -> None:
    answer = parse_scores(orjson.dumps([{**SCORE, "scores": [{"name": "Denver Nuggets", "score": 98}, entry]}]))
    [score] = answer.scores
    assert (score.home_score, score.away_score) == (None, 98)
    assert [part.path for part in answer.malformed] == ["$[0].scores[1]" + path]


@pytest.mark.parametrize(
    ("change", "path", "rows"),
    [
        pytest.param({"completed": None}, "$[0].completed", 0, id="whether it is completed decides what it is"),
        pytest.param({"completed": "true"}, "$[0].completed", 0, id="a text is no boolean"),
        pytest.param({"scores": "98-112"}, "$[0].scores", 1, id="scores that are no array"),
        pytest.param({"last_update": "soon"}, "$[0].last_update", 1, id="an unusable last update"),
    ],
)
def test_of_a_malformed_score_row_as_little_is_lost_as_makes_sense(
    change: dict[str, object], path: str, rows: int
) -> None:
    answer = parse_scores(orjson.dumps([{**SCORE, **change}]))
    assert len(answer.scores) == rows
    assert [part.path for part in answer.malformed] == [path]
