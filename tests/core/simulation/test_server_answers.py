from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.board import OddsBoard, OddsFormat
from core.simulation.server_answers import dated, odds_body, returned_markets, to_american, to_decimal
from core.simulation.server_requests import DateFormat, Query, read_event_filter, read_odds_request

A, B = "a" * 32, "b" * 32


@pytest.fixture
def answer(make_event: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rows (or, unfiltered, the bytes) that a query gets from two events, at noon + 6 h and + 30 h."""

    def get(
        listed: OddsFormat = "american", dates: DateFormat = "iso", raw: bytes | None = None, **query: str
    ) -> Any:
        board = OddsBoard([make_event(A, 6), make_event(B, 30)], listed, raw)
        asked_of: Query = {"regions": "us,eu", "markets": "h2h,totals", "oddsFormat": "american", **query}
        asked = read_odds_request(asked_of, frozenset(), featured_only=True)
        body, count = odds_body(board, asked, read_event_filter(asked_of), dates)
        assert body == raw or len(orjson.loads(body)) == count
        return body if body == raw else orjson.loads(body)

    return get


def bookmakers(rows: list[dict[str, Any]]) -> set[str]:
    return {bookmaker["key"] for row in rows for bookmaker in row["bookmakers"]}


def test_the_very_bytes_are_served_when_nothing_is_filtered(answer: Callable[..., Any]) -> None:
    assert answer(raw=b"[ the bytes ]") == b"[ the bytes ]"
    assert answer(raw=b"[ the bytes ]", markets="h2h,totals,spreads") == b"[ the bytes ]"


@pytest.mark.parametrize(
    "change",
    [{"regions": "us"}, {"markets": "h2h"}, {"oddsFormat": "decimal"}, {"eventIds": A}, {"dates": "unix"}],
    ids=lambda change: next(iter(change)),
)
def test_anything_filtered_is_written_anew(answer: Callable[..., Any], change: dict[str, str]) -> None:
    assert isinstance(answer(raw=b"[ the bytes ]", **change), list)


def test_only_the_bookmakers_asked_for_come(answer: Callable[..., Any]) -> None:
    assert bookmakers(answer(regions="us")) == {"draftkings", "betonlineag", "oldbook"}
    assert bookmakers(answer(regions="eu")) == {"betonlineag", "pinnacle", "oldbook"}
    assert bookmakers(answer(bookmakers="pinnacle,draftkings")) == {"pinnacle", "draftkings"}


def test_an_event_stays_where_no_bookmaker_asked_for_lists_it(answer: Callable[..., Any]) -> None:
    rows = answer(bookmakers="fanduel")
    assert [(row["id"], row["bookmakers"]) for row in rows] == [(A, []), (B, [])]


def test_only_the_markets_asked_for_come(answer: Callable[..., Any]) -> None:
    assert {key for row in answer(markets="totals") for key in returned_markets(row)} == {"totals"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"eventIds": B}, [B]),
        ({"commenceTimeFrom": "2025-09-11T18:00:00Z"}, [A, B]),
        ({"commenceTimeFrom": "2025-09-11T18:00:01Z"}, [B]),
        ({"commenceTimeTo": "2025-09-11T18:00:00Z"}, [A]),
    ],
)
def test_events_are_filtered_by_id_and_by_start_inclusively(
    answer: Callable[..., Any], query: dict[str, str], ids: list[str]
) -> None:
    assert [row["id"] for row in answer(**query)] == ids


def test_prices_are_converted_to_the_format_asked_and_points_are_not(answer: Callable[..., Any]) -> None:
    h2h, totals = answer(oddsFormat="decimal")[0]["bookmakers"][0]["markets"]
    assert [outcome["price"] for outcome in h2h["outcomes"]] == [1.67, 2.3]
    assert totals["outcomes"][0] == {"name": "Over", "price": 1.91, "point": 44.5}


def test_every_time_follows_the_date_format(answer: Callable[..., Any]) -> None:
    row = answer(dates="unix")[0]
    assert row["commence_time"] == 1757613600
    assert isinstance(row["bookmakers"][0]["last_update"], int)
    assert isinstance(row["bookmakers"][0]["markets"][0]["last_update"], int)


def test_a_time_that_was_recorded_as_an_epoch_is_written_as_asked() -> None:
    assert dated({"commence_time": 1757613600}, "iso") == {"commence_time": "2025-09-11T18:00:00Z"}


def test_the_source_is_left_as_it_was(make_event: Callable[..., Any]) -> None:
    board = OddsBoard([make_event()], "american")
    asked = read_odds_request({"regions": "eu", "oddsFormat": "decimal"}, frozenset(), featured_only=True)
    odds_body(board, asked, read_event_filter({}), "unix")
    assert board.events == [make_event()]


def test_lay_markets_ride_along_with_their_own(make_event: Callable[..., Any]) -> None:
    event = make_event()
    event["bookmakers"][0]["markets"].append({"key": "h2h_lay", "outcomes": []})
    asked = read_odds_request({"regions": "us", "markets": "h2h"}, frozenset(), featured_only=True)
    body, _ = odds_body(OddsBoard([event], "american"), asked, read_event_filter({}), "iso")
    row = orjson.loads(body)[0]
    assert [market["key"] for market in row["bookmakers"][0]["markets"]] == ["h2h", "h2h_lay"]
    assert returned_markets(row) == {"h2h"}


@given(st.integers(100, 2_000) | st.integers(-2_000, -100))
def test_a_price_survives_both_formats_but_for_the_rounding(american: int) -> None:
    decimal = to_decimal(american)
    assert abs(to_decimal(to_american(decimal)) - decimal) <= 0.011


@given(st.floats(1.0, 1_000))
def test_an_american_price_is_never_inside_a_hundred(decimal: float) -> None:
    assert abs(to_american(decimal)) >= 100
