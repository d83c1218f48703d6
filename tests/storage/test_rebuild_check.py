"""A rebuild tells whether the stored quotes were what the raw snapshots say."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from storage.database import Database
from storage.rebuild_check import StoredEvent, rebuild_and_compare, stored_events

Store = Callable[..., Awaitable[Any]]
Game = Callable[..., dict[str, Any]]
LINES = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 130}}}
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
EVENT = StoredEvent("e1", "basketball_nba", "live")


async def test_untouched_quotes_do_not_differ(database: Database, store: Store, game: Game) -> None:
    await store(NOON, game(LINES))
    await store(NOON + timedelta(hours=1), game({"fanduel": {"h2h": {"Lakers": -160, "Celtics": 140}}}))
    async with database.transaction() as connection:
        assert await stored_events(connection) == [EVENT]
        rebuilt = await rebuild_and_compare(connection, EVENT)
    assert (rebuilt.quotes, rebuilt.differing) == (4, 0)


async def test_a_changed_quote_is_told_and_mended(database: Database, store: Store, game: Game) -> None:
    await store(NOON, game(LINES))
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE core_betting.quotes SET price = 100 WHERE price = 130"))
        assert (await rebuild_and_compare(connection, EVENT)).differing == 2
        assert (await rebuild_and_compare(connection, EVENT)).differing == 0


async def test_one_event_can_be_named(database: Database, store: Store, game: Game) -> None:
    await store(NOON, game(LINES), game(LINES, id="e2"))
    async with database.transaction() as connection:
        assert [event.event_id for event in await stored_events(connection, "e2")] == ["e2"]
        assert await stored_events(connection, "e3") == []
