from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.scope import Scope
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.rebuild import rebuild_event
from storage.snapshots import Source, ValidationPolicy

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
RowsByValue = Callable[..., Awaitable[dict[str, list[tuple[Any, ...]]]]]
Rebuild = Callable[..., Awaitable[int]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
US = Scope.of(["h2h"], regions=["us"])


@pytest.fixture
def rebuild(database: Database) -> Rebuild:
    """Return what makes an event's quotes anew, in a transaction of its own."""

    async def one_event(event_id: str = "e1", source: Source = Source.LIVE) -> int:
        async with database.transaction() as connection:
            return await rebuild_event(connection, event_id, source.value)

    return one_event


def lakers(game: Game, price: Any, **changes: Any) -> dict[str, Any]:
    return game({} if price is None else {"fanduel": {"h2h": [{"name": "Lakers", "price": price}]}}, **changes)


async def test_quotes_that_were_lost_or_spoilt_are_made_anew(
    store: Store, game: Game, database: Database, rows_by_value: RowsByValue, rebuild: Rebuild
) -> None:
    for n, price in enumerate([-110, -120, None, 105]):
        await store(NOON + n * MINUTE, lakers(game, price), scope=US)

    async with database.transaction() as connection:
        before = await rows_by_value(connection)
        await connection.execute(text("DELETE FROM core_betting.event_bookmaker_regions"))
        await connection.execute(text("DELETE FROM core_betting.quotes WHERE price = -120"))
        await connection.execute(text("UPDATE core_betting.quotes SET price = 1, point = 2 WHERE price = 105"))
        await connection.execute(
            text(
                "INSERT INTO core_betting.selections (event_id, source, bookmaker_key, market_key, outcome_name)"
                " VALUES ('e1', 'live', 'fanduel', 'h2h', 'Nobody')"
            )
        )
    assert await rebuild() == 4
    async with database.transaction() as connection:
        assert await rows_by_value(connection) == before


async def test_selections_keep_their_numbers(store: Store, query: Query, game: Game, rebuild: Rebuild) -> None:
    await store(NOON, lakers(game, -110), scope=US)
    before = await query("SELECT * FROM core_betting.selections")
    await rebuild()
    assert await query("SELECT * FROM core_betting.selections") == before


async def test_only_the_event_and_source_named_are_touched(
    store: Store, query: Query, game: Game, rebuild: Rebuild
) -> None:
    await store(NOON, lakers(game, -110), lakers(game, -120, id="e2"), scope=US)
    await store(NOON, lakers(game, -130), scope=US, source=Source.HISTORICAL)
    others = (
        "SELECT quotes.ctid::text, quotes.price FROM core_betting.quotes"
        " JOIN core_betting.selections ON selections.id = selection_id"
        " WHERE (event_id, source) <> ('e1', 'live') ORDER BY price"
    )
    before = await query(others)
    await rebuild()
    assert await query(others) == before
    assert len(before) == 2


async def test_each_snapshot_is_treated_as_it_was_when_it_came(
    store: Store, query: Query, game: Game, rebuild: Rebuild
) -> None:
    for n, policy in enumerate(ValidationPolicy):
        await store(NOON, lakers(game, 3, id=f"e{n}"), scope=US, validation=policy, sport_key=f"sport{n}")
        await rebuild(f"e{n}")
    await store(NOON, lakers(game, "malformed", id="e9"), scope=US)
    assert await rebuild("e9") == 0
    assert list(ValidationPolicy) == ["off", "mark", "reject"]
    assert await query("SELECT event_id, price, is_valid FROM core_betting.odds ORDER BY event_id") == [
        ("e0", 3, True),
        ("e1", 3, False),
    ]


async def test_an_event_without_snapshots_has_no_quotes(rebuild: Rebuild) -> None:
    assert await rebuild("e9") == 0
