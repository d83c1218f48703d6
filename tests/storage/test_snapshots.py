import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.quotes import Change, SelectionKey, listing_digest
from core.scope import Scope
from core.tiers import Tier, tier_of
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.known import Heads
from storage.snapshots import Origin, Snapshot, store_scope, store_snapshots

Game = Callable[..., dict[str, Any]]
Answer = Callable[..., Any]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
StoreOne = Callable[..., Awaitable[tuple[int, int]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
US = Scope.of(["h2h"], regions=["us"])
LAKERS = SelectionKey("fanduel", "h2h", "Lakers", None, None)
LOG = {
    "sport_key": "basketball_nba",
    "events": 1,
    "in_play": 0,
    "quotes_seen": 1,
    "malformed": 0,
    "issues_opened": 0,
    "issues_closed": 0,
}


@pytest.fixture
def store_one(store: Store, database: Database, game: Game, answer: Answer) -> StoreOne:
    """Return what stores one snapshot of a known event with one change, received at noon.

    Without heads it is the first that brings a bookmaker.
    """

    async def append(change: Change, *, at: datetime = NOON, heads: Heads | None = None) -> tuple[int, int]:
        event = game({"fanduel": {"h2h": {"Lakers": -110}}})
        await store(NOON - timedelta(hours=1), game(), scope=US)
        (odds,) = answer(event).events
        async with database.transaction() as connection:
            return await store_snapshots(
                connection,
                [
                    Snapshot(
                        odds, tier_of(odds.event.commence_time, at), [change], [] if heads else [("us", "fanduel")]
                    )
                ],
                Origin(at, US),
                scope_id=await store_scope(connection, US),
                heads={"e1": heads} if heads else {},
                digests={"e1": listing_digest(odds)},
                log=LOG,
            )

    return append


async def test_a_scope_is_one_row_however_often_and_by_whomever_it_is_stored(
    database: Database, query: Query
) -> None:
    async def one() -> int:
        async with database.transaction() as connection:
            return await store_scope(connection, US)

    assert len(set(await asyncio.gather(*(one() for _ in range(5))))) == 1
    assert await query("SELECT markets, bookmakers, regions FROM raw_data.request_scopes") == [
        (["h2h"], [], ["us"])
    ]


async def test_a_snapshot_is_stored_with_its_quotes_selections_and_regions(
    store_one: StoreOne, query: Query
) -> None:
    assert await store_one(Change(LAKERS, -110, None, NOON, "why")) == (1, 1)
    assert await query("SELECT bookmaker_key, price, odds_timestamp, validation_notes FROM core_betting.odds") == [
        ("fanduel", -110, NOON, "why")
    ]
    assert await query("SELECT * FROM core_betting.event_bookmaker_regions") == [
        ("e1", "live", "us", "fanduel", NOON)
    ]
    assert await query(
        "SELECT fetch_tier, hours_until_commence, bookmaker_count, newest_last_update, validation"
        " FROM raw_data.odds_snapshots WHERE snapshot_time = :noon",
        noon=NOON,
    ) == [(Tier.PREGAME, 8.0, 1, NOON, "mark")]
    assert await query(
        "SELECT snapshot_count, quotes_stored FROM operational.fetch_logs WHERE fetched_at = :noon", noon=NOON
    ) == [(1, 1)]


async def test_a_snapshot_that_is_there_brings_nothing(store_one: StoreOne, query: Query) -> None:
    await store_one(Change(LAKERS, -110, None, NOON, None))
    assert await store_one(Change(LAKERS, -120, None, NOON, None)) == (0, 0)
    assert await query("SELECT price FROM core_betting.quotes") == [(-110,)]


async def test_a_known_selection_is_found_by_its_number(store_one: StoreOne, query: Query) -> None:
    await store_one(Change(LAKERS, -110, None, NOON, None))
    ((number,),) = await query("SELECT id FROM core_betting.selections")
    later = NOON + timedelta(minutes=1)
    await store_one(Change(LAKERS, None, None, None, None), at=later, heads=Heads(selection_ids={LAKERS: number}))
    assert await query("SELECT selection_id, price FROM core_betting.quotes ORDER BY odds_timestamp") == [
        (number, -110),
        (number, None),
    ]
