"""Real answers of the feed, where this machine has them; each quirk also has a test with a body of our own."""

import lzma
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.feed.payloads import parse_events, parse_odds, parse_scores
from core.feed.quote_reading import OddsFormat
from core.feed.values import OddsAnswer


def odds_of(body: bytes | Any, odds_format: OddsFormat = "american") -> OddsAnswer:
    return parse_odds(body if isinstance(body, bytes) else orjson.dumps(body), odds_format=odds_format)


@pytest.mark.parametrize(
    ("name", "odds_format", "events", "quotes", "set_aside"),
    [
        pytest.param("event-odds-nba-player-points-2024-02-22-1", "american", 1, 482, 0, id="props of one event"),
        pytest.param(
            "event-odds-nba-player-points-2024-02-22-2", "american", 1, 544, 28, id="a prop listed twice"
        ),
        pytest.param("odds-golf-outrights-2021-11", "decimal", 1, 342, 0, id="outrights, and to lay"),
        pytest.param("odds-mma-eu-uk-2021-11", "decimal", 23, 340, 0, id="bookmaker-level last update"),
        pytest.param("odds-nba-2022-11-23-some-in-play", "american", 14, 874, 0, id="some in play, extra fields"),
        pytest.param("odds-nba-2023-11", "decimal", 12, 72, 0, id="both levels of last update"),
        pytest.param("odds-nba-eu-uk-2021-11", "decimal", 11, 208, 0, id="exchanges with lay prices"),
        pytest.param("odds-nfl-2022-10-22", "american", 26, 2498, 0, id="bookmakers since retired"),
        pytest.param("odds-nfl-2023-11", "decimal", 14, 920, 0, id="decimal lines"),
        pytest.param("odds-soccer-eu-uk-2021-11", "decimal", 20, 528, 0, id="three ways with Draw"),
    ],
)
def test_every_captured_odds_answer_is_read(
    captures: Path, name: str, odds_format: OddsFormat, *, events: int, quotes: int, set_aside: int
) -> None:
    answer = odds_of((captures / f"{name}.json").read_bytes(), odds_format)
    assert len(answer.events) == events
    assert sum(len(odds.quotes) for odds in answer.events) == quotes
    assert [part.reason for part in answer.malformed] == ["listed twice"] * set_aside
    assert all(abs(quote.price) >= 100 and quote.last_update for odds in answer.events for quote in odds.quotes)


def test_captured_decimal_odds_are_no_american_prices(captures: Path) -> None:
    answer = odds_of((captures / "odds-nfl-2023-11.json").read_bytes())
    assert len(answer.malformed) == 900
    assert all("decimal odds" in part.reason for part in answer.malformed)


@pytest.mark.parametrize("name", ["scores-nba-2024-02-22", "scores-nfl-2023-upcoming"])
def test_every_captured_scores_answer_is_read(captures: Path, name: str) -> None:
    body = (captures / f"{name}.json").read_bytes()
    answer = parse_scores(body)
    assert len(answer.scores) == len(orjson.loads(body))
    assert answer.malformed == ()


def test_captured_events_with_repeated_ids_are_read_once_each(captures: Path) -> None:
    body = (captures / "events-nba-2025-26.json").read_bytes()
    answer = parse_events(body)
    assert len(answer.events) == len({row["id"] for row in orjson.loads(body)})
    assert {part.reason for part in answer.malformed} == {"listed twice"}


def test_recorded_scores_with_the_keepers_extra_keys_are_read(shared_data: Path) -> None:
    rows = 0
    with lzma.open(shared_data / "recordings" / "ncaab-2026-scores.jsonl.xz", "rb") as lines:
        for line in lines:
            body = orjson.loads(line)["body"]
            answer = parse_scores(orjson.dumps(body))
            assert answer.malformed == ()
            assert len(answer.scores) == len(body)
            rows += len(body)
    assert rows > 1000


def test_a_recorded_week_is_read_without_setting_anything_aside(shared_data: Path) -> None:
    with lzma.open(shared_data / "recordings" / "nfl-2025-week12.jsonl.xz", "rb") as lines:
        bodies = [orjson.loads(line)["body"] for line in islice(lines, 0, None, 20)]
    for body in bodies:
        answer = odds_of(body)
        assert answer.malformed == ()
        assert sum(len(odds.quotes) for odds in answer.events) == sum(
            len(market["outcomes"])
            for event in body
            for bookmaker in event["bookmakers"]
            for market in bookmaker["markets"]
        )


@pytest.mark.parametrize(
    ("markets", "home_team", "outcomes"),
    [
        pytest.param({"h2h": ["Atalanta", "Spezia", "Draw"]}, "Atalanta", 3, id="three ways with Draw"),
        pytest.param({"h2h": ["A", "B"], "h2h_lay": ["A", "B"]}, "A", 4, id="an exchange with lay prices"),
        pytest.param(
            {"outrights": ["A", "B", "C"], "outrights_lay": ["A"]}, None, 4, id="outrights without teams"
        ),
        pytest.param({"spreads": ["A", "B"], "totals": ["Over", "Under"]}, "A", 4, id="no h2h"),
        pytest.param({}, "A", 0, id="a bookmaker without markets"),
    ],
)
def test_each_shape_of_market_is_read(
    event: dict[str, Any], markets: dict[str, list[str]], home_team: str | None, outcomes: int
) -> None:
    event["home_team"] = home_team
    event["has_outrights"] = home_team is None
    event["bookmakers"] = [
        {
            "key": "circasports",
            "title": "Circa",
            "last_update": "2022-10-22T15:50:12Z",
            "link": "https://example.com",
            "sid": None,
            "markets": [
                {"key": key, "outcomes": [{"name": name, "price": 100, "bet_limit": 500.0} for name in names]}
                for key, names in markets.items()
            ],
        }
    ]
    [odds] = odds_of([event]).events
    assert len(odds.quotes) == outcomes
    assert {quote.market_key for quote in odds.quotes} == set(markets)
    assert odds.event.home_team == home_team
    assert odds.bookmakers == (("circasports", "Circa"),)


def test_an_event_without_bookmakers_is_one(event: dict[str, Any]) -> None:
    [odds] = odds_of([{**event, "bookmakers": []}]).events
    assert (odds.bookmakers, odds.quotes) == ((), ())
