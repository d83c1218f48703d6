"""The close of an event: the last look before the start as it was known then."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.closing import Close, read_closes
from storage.database import Database
from storage.snapshots import Source

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = NOON + timedelta(hours=8)
MINUTE = timedelta(minutes=1)
PRICES = {"draftkings": {"h2h": {"Lakers": -150, "Celtics": 130}}}


@pytest.fixture
def closes(database: Database) -> Callable[..., Awaitable[list[Close]]]:
    """Return what reads the closes since an instant."""

    async def read(since: datetime = NOON) -> list[Close]:
        async with database.transaction() as connection:
            return await read_closes(connection, since)

    return read


async def test_the_age_of_the_close_is_counted_from_the_start(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    for minutes in (90, 35, 5):
        await store(TIP_OFF - minutes * MINUTE, game(PRICES))
    await listing(TIP_OFF + MINUTE, _named(game))
    (close,) = await closes()
    assert close == Close("e1", "basketball_nba", "Lakers", "Celtics", TIP_OFF, TIP_OFF - 5 * MINUTE)
    assert close.age == 5 * MINUTE


async def test_d10_an_in_play_look_is_no_close(store: Any, game: Any, closes: Any) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 5 * MINUTE, game(PRICES))
    (close,) = await closes()
    assert close.seen_at == TIP_OFF - 5 * MINUTE


async def test_d10_a_start_rewritten_afterwards_does_not_change_which_look_was_the_last(
    store: Any, game: Any, closes: Any
) -> None:
    """At the start the feed rewrites it to when the game really began, here before the last look."""
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 5 * MINUTE, game(PRICES, commence_time=TIP_OFF - 7 * MINUTE))
    (close,) = await closes()
    assert (close.commence_time, close.seen_at, close.age) == (TIP_OFF, TIP_OFF - 5 * MINUTE, 5 * MINUTE)


async def test_a_start_that_is_put_off_at_the_last_moment_moves_the_close(
    store: Any, game: Any, closes: Any
) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 25 * MINUTE, game(PRICES, commence_time=TIP_OFF + 30 * MINUTE))
    await store(TIP_OFF + 31 * MINUTE, game(PRICES, commence_time=TIP_OFF + 30 * MINUTE))
    (close,) = await closes()
    assert (close.commence_time, close.age) == (TIP_OFF + 30 * MINUTE, 5 * MINUTE)


async def test_an_event_that_was_never_looked_at_before_its_start_has_no_close(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    await listing(NOON, _named(game))
    await store(TIP_OFF + MINUTE, game(PRICES))
    (close,) = await closes()
    assert (close.seen_at, close.age) == (None, None)


async def test_an_event_to_come_or_cancelled_has_no_close(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    far = TIP_OFF + timedelta(days=5)
    await store(NOON, game(PRICES), game(PRICES, id="e2", commence_time=far))
    for day in (1, 2, 3):
        await listing(NOON + day * timedelta(days=1), _named(game))
    assert [close.event_id for close in await closes()] == ["e1"]


async def test_imported_snapshots_are_no_looks(store: Any, game: Any, listing: Any, closes: Any) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES), source=Source.HISTORICAL)
    await listing(TIP_OFF + MINUTE, _named(game))
    assert [close.seen_at for close in await closes()] == [None]


async def test_closes_before_the_given_instant_are_left_out(store: Any, game: Any, closes: Any) -> None:
    await store(TIP_OFF - MINUTE, game(PRICES))
    await store(TIP_OFF + MINUTE, game(PRICES))
    assert await closes(TIP_OFF + MINUTE) == []
    assert len(await closes(TIP_OFF)) == 1


def _named(game: Any) -> dict[str, Any]:
    row: dict[str, Any] = game()
    del row["bookmakers"]
    return row
