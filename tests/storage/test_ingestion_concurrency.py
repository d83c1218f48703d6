"""Several collectors store at once, each on a connection of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from core.scope import Scope
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.locks import of_sport, take_lock
from storage.rebuild import rebuild_event

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
AllRows = Callable[[], Awaitable[dict[str, list[tuple[Any, ...]]]]]
RowsByValue = Callable[[AsyncConnection], Awaitable[dict[str, list[tuple[Any, ...]]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PRICES = (-110, -112, -115, -110)
COUNTS = (
    "SELECT (SELECT count(*) FROM raw_data.odds_snapshots), (SELECT count(*) FROM core_betting.selections),"
    " (SELECT count(*) FROM core_betting.quotes), (SELECT count(*) FROM operational.fetch_logs),"
    " (SELECT count(*) FROM raw_data.request_scopes)"
)


def books(price: int, *keys: str) -> dict[str, dict[str, dict[str, int]]]:
    return {key: {"h2h": {"Celtics": price, "Lakers": -110}} for key in keys}


async def test_one_answer_stored_by_eight_at_once_is_stored_once(store: Store, query: Query, game: Game) -> None:
    events = [game(books(-110, "fanduel", "betmgm"), id=f"e{n}") for n in range(10)]
    reports = await asyncio.gather(*(store(NOON, *events) for _ in range(8)))
    assert sorted(report.snapshots for report in reports) == [0] * 7 + [10]
    assert await query(COUNTS) == [(10, 40, 40, 1, 1)]


@pytest.mark.parametrize("order", ["forwards", "backwards", "mixed"])
async def test_overlapping_answers_stored_at_once_leave_what_raw_data_say(
    store: Store, game: Game, database: Database, rows_by_value: RowsByValue, order: str
) -> None:
    steps = list(range(12))
    steps = {"forwards": steps, "backwards": steps[::-1], "mixed": steps[::2] + steps[1::2]}[order]
    reports = await asyncio.gather(
        *(
            store(
                NOON + n * MINUTE,
                *(game(books(PRICES[(n + event) % 4], "fanduel"), id=f"e{event}") for event in range(n % 3, 4)),
            )
            for n in steps
        )
    )
    assert sum(report.snapshots for report in reports) == 36
    async with database.transaction() as connection:
        stored = await rows_by_value(connection)
        await take_lock(connection, of_sport("basketball_nba"))
        for event in range(4):
            await rebuild_event(connection, f"e{event}", "live")
        assert await rows_by_value(connection) == stored


async def test_sports_stored_at_once_share_new_bookmakers_and_scopes(
    store: Store, query: Query, game: Game
) -> None:
    keys = [f"book{n}" for n in range(20)]
    await asyncio.gather(
        *(
            store(
                NOON + n * MINUTE,
                game(
                    books(PRICES[n % 4], *keys[:: 1 if sport % 2 else -1]),
                    id=f"{sport}",
                    sport_key=f"sport{sport}",
                ),
                sport_key=f"sport{sport}",
                scope=Scope.of(["h2h"], regions=["us", f"r{n % 2}"]),
            )
            for n in range(4)
            for sport in range(4)
        )
    )
    assert await query("SELECT count(*) FROM core_betting.bookmakers") == [(20,)]
    assert await query(COUNTS) == [(16, 160, 4 * 20 * 5, 16, 2)]


async def test_a_store_that_fails_leaves_nothing_and_lets_the_next_one_in(
    store: Store, store_in: Store, all_rows: AllRows, game: Game, database: Database
) -> None:
    before = await all_rows()

    async def fail() -> None:
        async with database.transaction() as connection:
            await store_in(connection, NOON, game(books(-110, "fanduel")))
            msg = "the process died"
            raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="died"):
        await fail()
    assert await all_rows() == before
    assert (await store(NOON, game(books(-110, "fanduel")))).snapshots == 1
