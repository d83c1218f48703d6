"""What stands out in what was collected, read back from a game that is stored by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import highlights
from storage.database import Database

TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOOKMAKERS = ("betmgm", "draftkings", "fanduel", "pinnacle")

Store = Callable[..., Awaitable[Any]]
Make = Callable[..., dict[str, Any]]


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Yield a connection to read by."""
    async with database.transaction() as connection:
        yield connection


def board(total: float, spread: float = -3.5, bookmakers: tuple[str, ...] = BOOKMAKERS) -> dict[str, Any]:
    markets = {
        "totals": {"Over": (-110, total), "Under": (-110, total)},
        "spreads": {"Lakers": (-110, spread), "Celtics": (-110, -spread)},
    }
    return dict.fromkeys(bookmakers, markets)


async def play(store: Store, game: Make, *totals: float, every: timedelta = HOUR / 2) -> None:
    """Store a look for each total, the last five minutes before the start, and one in play."""
    last = TIP_OFF - timedelta(minutes=5)
    for place, total in enumerate(totals):
        await store(last - every * (len(totals) - 1 - place), game(board(total)))
    await store(TIP_OFF + HOUR, game(board(999)))


async def test_looks_at_an_event_are_those_before_its_start(
    store: Store, game: Make, connection: AsyncConnection
) -> None:
    await play(store, game, 220, 221, 222)
    looks = await highlights.read_event_looks(connection, "e1")
    assert [look.before_start for look in looks] == [
        timedelta(minutes=65),
        timedelta(minutes=35),
        timedelta(minutes=5),
    ]
    assert {look.tier for look in looks} == {"closing"}
    assert await highlights.read_snapshots_by_tier(connection) == {"closing": 3, "in_play": 1}


async def test_no_price_comes_from_in_play(store: Store, game: Make, connection: AsyncConnection) -> None:
    await play(store, game, 220)
    assert await highlights.read_in_play_quotes(connection) == 0


async def test_the_largest_moves_run_from_opening_to_close_at_one_bookmaker(
    store: Store, game: Make, listing: Store, named: Make, connection: AsyncConnection
) -> None:
    await play(store, game, 220, 226, 224)
    await listing(TIP_OFF + HOUR, named("e1"))
    first, second = await highlights.read_largest_moves(connection, "pinnacle", 2)
    assert (first.market_key, first.outcome_name) == ("totals", "Over")
    assert (first.opening_point, first.closing_point) == (220, 224)
    assert (first.opened_before_start, first.close_age) == (timedelta(minutes=65), timedelta(minutes=5))
    assert (second.market_key, second.outcome_name, second.opening_point) == ("spreads", "Lakers", -3.5)
    assert await highlights.read_largest_moves(connection, "bovada", 2) == []


async def test_steam_is_the_move_that_most_bookmakers_made_between_two_looks(
    store: Store, game: Make, connection: AsyncConnection
) -> None:
    await play(store, game, 220, 220.5, 224)
    steam = await highlights.read_steam(connection, within=timedelta(minutes=35), least=4)
    assert steam is not None
    assert (steam.bookmaker_count, steam.point_before, steam.point) == (4, 220.5, 224)
    assert (steam.look_before, steam.at) == (TIP_OFF - timedelta(minutes=35), TIP_OFF - timedelta(minutes=5))
    assert await highlights.read_steam(connection, within=timedelta(minutes=35), least=5) is None


async def test_a_move_between_looks_far_apart_is_no_steam(
    store: Store, game: Make, connection: AsyncConnection
) -> None:
    await play(store, game, 220, 230, every=3 * HOUR)
    assert await highlights.read_steam(connection, within=timedelta(minutes=35), least=4) is None


async def test_a_changed_start_is_told_once_it_was_seen_before_it_passed(
    listing: Store, named: Make, connection: AsyncConnection
) -> None:
    seen_at = TIP_OFF - 4 * HOUR
    await listing(TIP_OFF - 8 * HOUR, named("e1"), named("e2"))
    await listing(seen_at, named("e1", TIP_OFF + HOUR / 6), named("e2"))
    await listing(TIP_OFF + HOUR / 2, named("e1", TIP_OFF + HOUR / 6), named("e2", TIP_OFF + HOUR / 60))
    (change,) = await highlights.read_changed_starts(connection)
    assert (change.event_id, change.seen_at, change.before, change.commence_time) == (
        "e1",
        seen_at,
        TIP_OFF,
        TIP_OFF + HOUR / 6,
    )


async def test_a_postponed_game_is_told_with_its_reason(
    listing: Store, named: Make, connection: AsyncConnection
) -> None:
    await listing(TIP_OFF - 8 * HOUR, named("e1"))
    await listing(TIP_OFF - 4 * HOUR, named("e1", TIP_OFF + 48 * HOUR))
    (off,) = await highlights.read_called_off(connection)
    assert (off.status, off.at) == ("postponed", TIP_OFF - 4 * HOUR)
    assert "2 d later" in off.reason


async def test_an_empty_database_has_nothing_to_show(connection: AsyncConnection) -> None:
    assert await highlights.read_looks(connection) == []
    assert await highlights.read_bytes_received(connection) == 0
    assert await highlights.read_called_off(connection) == []
