from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.payload_reading import SetAside
from core.feed.plain_markets import plain_market
from core.feed.quote_reading import QuoteReader

UPDATE = datetime(2026, 1, 10, 12, tzinfo=UTC)
OVER = {"name": "Over", "price": -110, "point": 44}
UNDER = {"name": "Under", "price": -110, "point": 44.5}

outcomes: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["Over", "Under", "", None, 7]),
            "price": st.sampled_from([-110, 250, -110.0, 1.91, "110", None, True, 2**31]),
            "description": st.sampled_from([None, "A. Player", 7, "x" * 201]),
            "point": st.sampled_from([None, 44, 44.5, "44", False]),
        },
    ),
    max_size=4,
)
markets: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"key": st.sampled_from(["totals", "alternate_totals", "h2h", "", None]), "outcomes": outcomes},
    optional={"last_update": st.sampled_from(["2026-01-10T11:59:30Z", "soon", "", None, 1768046370, []])},
)


def read_carefully(market: dict[str, Any]) -> QuoteReader:
    """Read a market whose key its bookmaker has listed before: such a one is never taken for plain."""
    reader = QuoteReader("e1", "american", SetAside())
    again = [{"key": market["key"], "outcomes": []}, market]
    bookmaker = {"key": "fanduel", "last_update": "2026-01-10T12:00:00Z", "markets": again}
    reader.read([bookmaker], "$[0].bookmakers")
    return reader


@given(markets)
def test_what_is_taken_for_plain_is_what_a_careful_reading_brings(market: dict[str, Any]) -> None:
    plain = plain_market(market, "fanduel", UPDATE)
    if plain is not None:
        assert list(plain.quotes.values()) == read_carefully(market).quotes
        assert len(plain.quotes) == len(market["outcomes"])


def test_a_sound_market_is_plain() -> None:
    plain = plain_market({"key": "totals", "outcomes": [OVER, UNDER]}, "fanduel", UPDATE)
    assert plain is not None
    assert plain.market_key == "totals"
    assert [quote.point for quote in plain.quotes.values()] == [44.0, 44.5]
    assert {quote.last_update for quote in plain.quotes.values()} == {UPDATE}


@pytest.mark.parametrize(
    "market",
    [
        pytest.param("totals", id="no object"),
        pytest.param({"outcomes": []}, id="no key"),
        pytest.param({"key": "totals"}, id="no outcomes"),
        pytest.param({"key": "totals", "outcomes": [OVER, OVER]}, id="the same outcome again"),
        pytest.param({"key": "totals", "outcomes": [OVER, {"name": "Under"}]}, id="an outcome without its price"),
        pytest.param({"key": "totals", "outcomes": [OVER, "Under"]}, id="an outcome that is no object"),
        pytest.param({"key": "totals", "outcomes": [], "last_update": "soon"}, id="an unusable last update"),
        pytest.param({"key": "totals", "outcomes": [], "last_update": 1768046370}, id="Unix seconds"),
    ],
)
def test_anything_odd_is_left_to_the_careful_reading(market: object) -> None:
    assert plain_market(market, "fanduel", UPDATE) is None
