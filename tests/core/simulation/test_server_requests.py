from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from core.simulation.server_errors import RefusalError
from core.simulation.server_requests import (
    Query,
    read_date_format,
    read_days_from,
    read_event_filter,
    read_event_id,
    read_odds_request,
    read_switches,
)


def read_bulk(query: Query) -> Any:
    return read_odds_request(query, frozenset({"oldbook"}), featured_only=True)


def read_single(query: Query) -> Any:
    return read_odds_request(query, frozenset(), featured_only=False)


@pytest.mark.parametrize(
    ("read", "query", "error_code", "named"),
    [
        (read_bulk, {}, "MISSING_REGION", "Missing regions"),
        (read_bulk, {"regions": " , "}, "MISSING_REGION", "Missing regions"),
        (read_bulk, {"regions": "us,moon"}, "INVALID_REGION", ": moon"),
        (read_bulk, {"bookmakers": "pinnacle,circasports,bet365"}, "INVALID_BOOKMAKERS", ": bet365, circasports"),
        (read_bulk, {"regions": "us", "markets": "h2h,moneyline"}, "INVALID_MARKET", "Invalid markets: moneyline"),
        (read_bulk, {"regions": "us", "markets": "h2h,player_points"}, "INVALID_MARKET", "not supported by this"),
        (read_bulk, {"regions": "us", "markets": "h2h_lay"}, "INVALID_MARKET", ": h2h_lay"),
        (read_bulk, {"regions": "us", "oddsFormat": "hong_kong"}, "INVALID_ODDS_FORMAT", "oddsFormat"),
        (read_single, {"regions": "us", "markets": "moneyline"}, "INVALID_MARKET", ": moneyline"),
        (read_date_format, {"dateFormat": "rfc"}, "INVALID_DATE_FORMAT", "dateFormat"),
        (read_days_from, {"daysFrom": "0"}, "INVALID_SCORES_DAYS_FROM", "1 to 3"),
        (read_days_from, {"daysFrom": "4"}, "INVALID_SCORES_DAYS_FROM", "1 to 3"),
        (read_days_from, {"daysFrom": "1.5"}, "INVALID_SCORES_DAYS_FROM", "1 to 3"),
        (read_event_filter, {"eventIds": "abc"}, "INVALID_EVENT_IDS", ": abc"),
        (read_event_filter, {"commenceTimeFrom": "today"}, "INVALID_COMMENCE_TIME_FROM", "commenceTimeFrom"),
        (
            read_event_filter,
            {"commenceTimeTo": "2025-09-11T12:00:00"},
            "INVALID_COMMENCE_TIME_TO",
            "commenceTimeTo",
        ),
        (read_event_filter, {"commenceTimeTo": "2025-13-11T12:00:00Z"}, "INVALID_COMMENCE_TIME_TO", "YYYY-MM-DD"),
        (
            read_event_filter,
            {"commenceTimeFrom": "2025-09-11T12:00:00Z", "commenceTimeTo": "2025-09-11T12:00:00Z"},
            "INVALID_COMMENCE_TIME_RANGE",
            "later than",
        ),
        (read_switches, {"includeLinks": "yes"}, "INVALID_INCLUDE_LINKS", "includeLinks"),
        (read_switches, {"all": "1"}, "INVALID_ALL_SPORTS_PARAM", "all"),
    ],
)
def test_a_wrong_parameter_is_refused_and_named(
    read: Callable[[Query], Any], query: Query, error_code: str, named: str
) -> None:
    with pytest.raises(RefusalError) as refused:
        read(query)
    assert refused.value.status == 422
    body = orjson.loads(refused.value.body)
    assert body["error_code"] == error_code
    assert named in body["message"]


def test_the_defaults_are_the_feeds() -> None:
    asked = read_bulk({"regions": "us"})
    assert (asked.markets, asked.odds_format) == ({"h2h"}, "decimal")
    assert read_date_format({}) == "iso"
    assert read_days_from({}) is None
    assert read_event_filter({}).is_empty


@pytest.mark.parametrize(
    ("query", "regions"),
    [
        pytest.param({"regions": "us,eu,us"}, 2, id="each region counts once"),
        pytest.param({"bookmakers": "pinnacle"}, 1, id="one bookmaker"),
        pytest.param(
            {"bookmakers": "pinnacle,oldbook", "regions": "us,uk,eu"}, 1, id="bookmakers win over regions"
        ),
        pytest.param(
            {"bookmakers": "betmgm,betus,bovada,fanduel,pinnacle,tab,neds,playup,unibet,smarkets"}, 1, id="ten"
        ),
        pytest.param(
            {"bookmakers": "betmgm,betus,bovada,fanduel,pinnacle,tab,neds,playup,unibet,smarkets,coral"},
            2,
            id="eleven",
        ),
    ],
)
def test_ten_bookmakers_are_billed_as_one_region(query: Query, regions: int) -> None:
    assert read_bulk(query).region_count == regions


def test_props_may_be_asked_of_a_single_event() -> None:
    assert read_single({"regions": "us", "markets": "player_points,h2h_q1"}).markets == {"player_points", "h2h_q1"}


def test_a_time_filter_is_read_in_utc() -> None:
    which = read_event_filter({"commenceTimeFrom": "2025-09-11T12:00:00Z"})
    assert which.commence_from == datetime(2025, 9, 11, 12, tzinfo=UTC)
    assert not which.is_empty


def test_an_event_id_has_32_characters() -> None:
    assert read_event_id("a" * 32) == "a" * 32
    with pytest.raises(RefusalError, match="INVALID_EVENT_ID"):
        read_event_id("a" * 31)
