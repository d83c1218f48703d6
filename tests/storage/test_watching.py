"""The history of looks and of starts, as it is stored."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from core.planning.unwatched import KnownStart
from storage.database import Database
from storage.watching import read_known_starts, read_looks

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPORT = "basketball_nba"


async def test_looks_and_starts_come_in_the_order_in_which_they_were(
    database: Database, store: Callable[..., Awaitable[Any]], game: Callable[..., dict[str, Any]]
) -> None:
    await store(NOON, game())
    await store(NOON + HOUR, game(commence_time=TIP_OFF + HOUR))
    await store(NOON + 2 * HOUR, game(commence_time=TIP_OFF + HOUR))
    async with database.transaction() as connection:
        assert await read_looks(connection, SPORT) == [NOON, NOON + HOUR, NOON + 2 * HOUR]
        assert await read_looks(connection, "icehockey_nhl") == []
        assert await read_known_starts(connection, SPORT) == [
            KnownStart(NOON, "e1", TIP_OFF),
            KnownStart(NOON + HOUR, "e1", TIP_OFF + HOUR),
        ]


async def test_a_cancelled_event_has_no_start_from_then_on(
    database: Database, store: Callable[..., Awaitable[Any]], game: Callable[..., dict[str, Any]]
) -> None:
    await store(NOON, game())
    async with database.transaction() as connection:
        await connection.execute(
            text("UPDATE core_betting.events SET status = 'cancelled', status_changed_at = :at"),
            {"at": NOON + HOUR},
        )
        assert (await read_known_starts(connection, SPORT))[-1] == KnownStart(NOON + HOUR, "e1", None)
