"""A rebuild tells whether the stored quotes were what the raw snapshots say."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
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
        assert (await rebuild_and_compare(connection, EVENT)).differing == 1
        assert (await rebuild_and_compare(connection, EVENT)).differing == 0


@pytest.mark.parametrize(
    ("breaks", "differing"),
    [
        pytest.param("DELETE FROM core_betting.quotes WHERE price = 130", 1, id="a quote is gone"),
        pytest.param(
            "INSERT INTO core_betting.quotes (snapshot_id, odds_timestamp, selection_id, price)"
            " SELECT snapshot_id, odds_timestamp + interval '1 minute', selection_id, 100"
            " FROM core_betting.quotes",
            2,
            id="quotes that were never offered",
        ),
        pytest.param(
            "INSERT INTO core_betting.selections (event_id, source, bookmaker_key, market_key, outcome_name)"
            " VALUES ('e1', 'live', 'fanduel', 'totals', 'Over')",
            1,
            id="a selection that was never listed",
        ),
        pytest.param("DELETE FROM core_betting.event_bookmaker_regions", 1, id="what a region brought is gone"),
        pytest.param(
            "UPDATE core_betting.event_bookmaker_regions SET first_seen_at = first_seen_at + interval '1 day'",
            1,
            id="a region brought it later",
        ),
    ],
)
async def test_each_row_that_is_made_from_snapshots_is_compared(
    database: Database, store: Store, game: Game, breaks: str, differing: int
) -> None:
    await store(NOON, game(LINES))
    async with database.transaction() as connection:
        await connection.execute(text(breaks))
        assert (await rebuild_and_compare(connection, EVENT)).differing == differing
        assert (await rebuild_and_compare(connection, EVENT)).differing == 0


async def test_one_event_can_be_named(database: Database, store: Store, game: Game) -> None:
    await store(NOON, game(LINES), game(LINES, id="e2"))
    async with database.transaction() as connection:
        assert [event.event_id for event in await stored_events(connection, "e2")] == ["e2"]
        assert await stored_events(connection, "e3") == []
