from datetime import UTC, datetime
from typing import Any

import pytest

from core.feed.payload_reading import SetAside
from core.feed.quote_reading import OddsFormat, QuoteReader

BOOKMAKER_UPDATE, MARKET_UPDATE = "2026-01-10T11:59:30Z", "2026-01-10T11:59:28Z"


def read(markets: object, odds_format: OddsFormat = "american", **bookmaker: Any) -> tuple[QuoteReader, SetAside]:
    aside = SetAside()
    reader = QuoteReader("e1", odds_format, aside)
    reader.read([{"key": "fanduel", "title": "FanDuel", "markets": markets, **bookmaker}], "$[0].bookmakers")
    return reader, aside


def market(key: str, *outcomes: object, **fields: object) -> dict[str, object]:
    return {"key": key, "outcomes": list(outcomes), **fields}


def prices(reader: QuoteReader) -> list[tuple[str, str | None, int, float | None]]:
    return [(quote.outcome_name, quote.description, quote.price, quote.point) for quote in reader.quotes]


@pytest.mark.parametrize(
    ("bookmaker_level", "market_level", "expected"),
    [
        pytest.param(BOOKMAKER_UPDATE, MARKET_UPDATE, 28, id="the market's wins"),
        pytest.param(BOOKMAKER_UPDATE, None, 30, id="the bookmaker's alone, as in 2021"),
        pytest.param(None, MARKET_UPDATE, 28, id="the market's alone, as in event odds"),
        pytest.param(1768046370, 1768046368, 28, id="Unix seconds"),
        pytest.param(BOOKMAKER_UPDATE, "soon", 30, id="an unusable one gives way"),
        pytest.param(None, None, None, id="neither"),
    ],
)
def test_last_update_is_the_markets_else_the_bookmakers(
    bookmaker_level: object, market_level: object, expected: int | None
) -> None:
    reader, _ = read(
        [market("h2h", {"name": "A", "price": 110}, last_update=market_level)], last_update=bookmaker_level
    )
    last_update = datetime(2026, 1, 10, 11, 59, expected, tzinfo=UTC) if expected else None
    assert [quote.last_update for quote in reader.quotes] == [last_update]


def test_an_unusable_last_update_is_set_aside_and_the_quotes_stay() -> None:
    reader, aside = read([market("h2h", {"name": "A", "price": 110}, last_update="soon")])
    assert len(reader.quotes) == 1
    assert [(part.path, part.fragment) for part in aside.parts()] == [
        ("$[0].bookmakers[0].markets[0].last_update", '"soon"')
    ]


@pytest.mark.parametrize(
    ("outcome", "path", "reason"),
    [
        pytest.param({"name": "B", "price": True}, ".price", "not a boolean", id="a boolean price"),
        pytest.param({"name": "B", "price": "-110"}, ".price", "not a text", id="a price as a text"),
        pytest.param({"name": "B", "price": 1.91}, ".price", "decimal odds", id="decimal odds"),
        pytest.param({"name": "B"}, ".price", "missing", id="no price"),
        pytest.param({"price": 120}, ".name", "missing", id="no name"),
        pytest.param({"name": "", "price": 120}, ".name", "empty", id="an empty name"),
        pytest.param({"name": "B" * 201, "price": 120}, ".name", "longer", id="a name too long"),
        pytest.param({"name": "B", "price": 120, "point": "3"}, ".point", "not a text", id="a point as a text"),
        pytest.param({"name": "B", "price": 120, "point": False}, ".point", "not a boolean", id="a boolean point"),
        pytest.param({"name": "B", "price": 120, "description": 7}, ".description", "not a number", id="no text"),
        pytest.param({"name": "A", "price": 120}, "", "listed twice", id="the same outcome again"),
        pytest.param(["B", 120], "", "not an array", id="no object"),
    ],
)
def test_a_malformed_outcome_is_set_aside_and_the_others_are_not(outcome: object, path: str, reason: str) -> None:
    sound = {"name": "A", "price": 110}, {"name": "C", "price": -110.0}
    reader, aside = read([market("h2h", sound[0], outcome, sound[1])])
    assert prices(reader) == [("A", None, 110, None), ("C", None, -110, None)]
    [part] = aside.parts()
    assert part.path == "$[0].bookmakers[0].markets[0].outcomes[1]" + path
    assert reason in part.reason
    assert part.event_id == "e1"


@pytest.mark.parametrize(
    ("odd", "path"),
    [
        pytest.param({"outcomes": []}, ".key", id="no key"),
        pytest.param({"key": "totals"}, ".outcomes", id="no outcomes"),
        pytest.param({"key": "totals", "outcomes": {}}, ".outcomes", id="outcomes that are no array"),
        pytest.param("totals", "", id="no object"),
    ],
)
def test_a_malformed_market_is_set_aside_and_the_others_are_not(odd: object, path: str) -> None:
    reader, aside = read([odd, market("h2h", {"name": "A", "price": 110})])
    assert prices(reader) == [("A", None, 110, None)]
    assert [part.path for part in aside.parts()] == ["$[0].bookmakers[0].markets[0]" + path]


@pytest.mark.parametrize(
    ("odd", "path"),
    [
        pytest.param({"title": "X", "markets": []}, ".key", id="no key"),
        pytest.param({"key": "x", "markets": None}, ".markets", id="no markets"),
        pytest.param(None, "", id="null"),
    ],
)
def test_a_malformed_bookmaker_is_set_aside_and_the_others_are_not(odd: object, path: str) -> None:
    aside = SetAside()
    reader = QuoteReader("e1", "american", aside)
    sound = {"key": "fanduel", "title": 5, "markets": [market("h2h", {"name": "A", "price": 110})]}
    reader.read([odd, sound], "$[0].bookmakers")
    assert prices(reader) == [("A", None, 110, None)]
    assert list(reader.bookmakers.values()) == [("fanduel", "fanduel")]
    assert [part.path for part in aside.parts()] == ["$[0].bookmakers[0]" + path, "$[0].bookmakers[1].title"]


def test_a_prop_may_be_listed_at_several_points() -> None:
    reader, aside = read(
        [
            market(
                "player_points",
                {"name": "Over", "description": "A. Player", "price": -115, "point": 20.5},
                {"name": "Over", "description": "A. Player", "price": 105, "point": 22.5},
                {"name": "Over", "description": "B. Player", "price": -110, "point": 20.5},
                {"name": "Over", "description": "A. Player", "price": -120, "point": 20.5},
            )
        ]
    )
    assert [price for *_, price, _ in prices(reader)] == [-115, 105, -110]
    assert [part.reason for part in aside.parts()] == ["listed twice"]


def test_a_line_that_moves_is_listed_once() -> None:
    over = {"name": "Over", "price": -110, "point": 210.5}
    reader, aside = read([market("totals", over, {**over, "point": 211.5})])
    assert prices(reader) == [("Over", None, -110, 210.5)]
    assert [part.path for part in aside.parts()] == ["$[0].bookmakers[0].markets[0].outcomes[1]"]


def test_a_market_or_a_bookmaker_listed_twice_adds_only_what_is_new() -> None:
    first = market("h2h", {"name": "A", "price": 110})
    again = market("h2h", {"name": "A", "price": 115}, {"name": "B", "price": -130})
    aside = SetAside()
    reader = QuoteReader("e1", "american", aside)
    reader.read(
        [{"key": "x", "title": "X", "markets": [first]}, {"key": "x", "title": "Y", "markets": [again]}], "$.b"
    )
    assert prices(reader) == [("A", None, 110, None), ("B", None, -130, None)]
    assert list(reader.bookmakers.values()) == [("x", "X")]
    assert [part.path for part in aside.parts()] == ["$.b[1].markets[0].outcomes[0]"]


@pytest.mark.parametrize(("point", "expected"), [(4, 4.0), (-3.5, -3.5), (0, 0.0), (None, None)])
def test_a_point_is_an_integer_a_float_or_absent(point: float | None, expected: float | None) -> None:
    reader, aside = read([market("spreads", {"name": "A", "price": -110, "point": point})])
    assert [type(quote.point) for quote in reader.quotes] == [type(expected)]
    assert prices(reader) == [("A", None, -110, expected)]
    assert aside.parts() == ()


def test_decimal_odds_are_converted_when_asked() -> None:
    reader, aside = read([market("h2h", {"name": "A", "price": 2.5}, {"name": "B", "price": 2})], "decimal")
    assert prices(reader) == [("A", None, 150, None), ("B", None, 100, None)]
    assert aside.parts() == ()
