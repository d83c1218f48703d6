"""The views for the person with psql, on one game's small history."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.scope import Scope
from storage.ingestion import IngestionReport
from storage.snapshots import Source

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
US = Scope.of(["h2h", "totals"], regions=["us"])


@pytest.fixture
async def history(store: Store, game: Game) -> None:
    """Store the game at noon, at four and at half past seven, and once in play.

    FanDuel opens with a price that cannot be; BetMGM's total moves, and its prices are gone in the end.
    """
    for at, books, start in [
        (NOON, {"fanduel": {"h2h": {"Lakers": 7}}, "betmgm": over(220.5, -110)}, TIP_OFF),
        (NOON + 4 * HOUR, {"fanduel": {"h2h": {"Lakers": -150}}, "betmgm": over(223, -105)}, TIP_OFF),
        (NOON + 7.5 * HOUR, {"fanduel": {"h2h": {"Lakers": -140}}, "bovada": {"h2h": {"Lakers": -140}}}, TIP_OFF),
        (NOON + 9 * HOUR, {"fanduel": {"h2h": {"Lakers": -2000}}}, TIP_OFF + timedelta(minutes=7)),
    ]:
        await store(at, game(books, commence_time=start), scope=US)
    earlier = game({"fanduel": {"h2h": {"Lakers": -900}}}, last_update=NOON - HOUR)
    await store(NOON - HOUR, earlier, scope=US, source=Source.HISTORICAL)


def over(point: float, price: int) -> dict[str, dict[str, tuple[int, float]]]:
    return {"totals": {"Over": (price, point)}}


@pytest.mark.usefixtures("history")
async def test_opening_lines_are_the_first_valid_quotes(query: Query) -> None:
    assert await query(
        "SELECT bookmaker_key, outcome_name, price, point, odds_timestamp, before_start"
        " FROM analytics.opening_lines ORDER BY bookmaker_key"
    ) == [
        ("betmgm", "Over", -110, 220.5, NOON, 8 * HOUR),
        ("bovada", "Lakers", -140, None, NOON + 7.5 * HOUR, HOUR / 2),
        ("fanduel", "Lakers", -150, None, NOON + 4 * HOUR, 4 * HOUR),
    ]


@pytest.mark.usefixtures("history")
async def test_closing_lines_are_the_last_quotes_before_the_start_with_their_age(query: Query) -> None:
    assert await query(
        "SELECT bookmaker_key, price, odds_timestamp, seen_at, commence_time, close_age, is_valid"
        " FROM analytics.closing_lines ORDER BY bookmaker_key"
    ) == [
        ("bovada", -140, NOON + 7.5 * HOUR, NOON + 7.5 * HOUR, TIP_OFF, HOUR / 2, True),
        ("fanduel", -140, NOON + 7.5 * HOUR, NOON + 7.5 * HOUR, TIP_OFF, HOUR / 2, True),
    ]


async def test_an_event_to_come_has_no_closing_lines(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"fanduel": {"h2h": {"Lakers": -150}}}), scope=US)
    assert await query("SELECT * FROM analytics.closing_lines") == []


@pytest.mark.usefixtures("history")
async def test_line_movement_has_every_change_beside_what_was_before(query: Query) -> None:
    assert await query(
        "SELECT bookmaker_key, before_start, previous_price, price, previous_point, point, point_change, is_valid"
        " FROM analytics.line_movement ORDER BY bookmaker_key, odds_timestamp"
    ) == [
        ("betmgm", 8 * HOUR, None, -110, None, 220.5, None, True),
        ("betmgm", 4 * HOUR, -110, -105, 220.5, 223.0, 2.5, True),
        ("betmgm", HOUR / 2, -105, None, 223.0, None, None, True),
        ("bovada", HOUR / 2, None, -140, None, None, None, True),
        ("fanduel", 8 * HOUR, None, 7, None, None, None, False),
        ("fanduel", 4 * HOUR, 7, -150, None, None, None, True),
        ("fanduel", HOUR / 2, -150, -140, None, None, None, True),
    ]


@pytest.mark.usefixtures("history")
async def test_best_odds_name_everyone_who_offers_the_best_price(query: Query) -> None:
    assert await query(
        "SELECT status, market_key, outcome_name, price, bookmaker_keys, bookmaker_count, seen_at"
        " FROM analytics.best_odds"
    ) == [("live", "h2h", "Lakers", -140, ["bovada", "fanduel"], 2, NOON + 7.5 * HOUR)]


@pytest.mark.parametrize(
    ("books", "best"),
    [
        pytest.param({"fanduel": -110, "betmgm": 105, "bovada": 100}, (105, ["betmgm"]), id="plus beats minus"),
        pytest.param({"fanduel": -110, "betmgm": -105}, (-105, ["betmgm"]), id="the smaller minus is better"),
        pytest.param({"fanduel": -110, "betmgm": 50}, (-110, ["fanduel"]), id="an invalid price is no offer"),
    ],
)
async def test_the_best_price_is_the_highest_valid_one(
    store: Store, query: Query, game: Game, books: dict[str, int], best: tuple[int, list[str]]
) -> None:
    await store(NOON, game({key: {"h2h": {"Lakers": price}} for key, price in books.items()}), scope=US)
    assert await query("SELECT price, bookmaker_keys FROM analytics.best_odds") == [best]


async def test_offers_to_lay_are_not_compared_with_offers_to_back(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"betfair": {"h2h": {"Lakers": 105}, "h2h_lay": {"Lakers": 110}}}), scope=US)
    assert await query("SELECT market_key, price FROM analytics.best_odds") == [("h2h", 105)]


async def test_each_point_has_a_best_price_of_its_own(store: Store, query: Query, game: Game) -> None:
    books = {"fanduel": over(220.5, -110), "betmgm": over(221, -120), "bovada": over(220.5, -108)}
    await store(NOON, game(books), scope=US)
    assert await query("SELECT point, price, bookmaker_keys FROM analytics.best_odds ORDER BY point") == [
        (220.5, -108, ["bovada"]),
        (221.0, -120, ["betmgm"]),
    ]


@pytest.mark.usefixtures("history")
async def test_the_view_odds_reads_every_change_of_every_source(query: Query) -> None:
    assert await query(
        "SELECT source, bookmaker_title, price, is_valid, validation_notes IS NULL FROM core_betting.odds"
        " WHERE bookmaker_key = 'fanduel' ORDER BY odds_timestamp"
    ) == [
        ("historical", "Fanduel", -900, True, True),
        ("live", "Fanduel", 7, False, False),
        ("live", "Fanduel", -150, True, True),
        ("live", "Fanduel", -140, True, True),
    ]
