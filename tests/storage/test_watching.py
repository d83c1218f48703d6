"""The history of looks and of starts, as it is stored."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.planning.unwatched import KnownStart
from storage.database import Database
from storage.watching import read_known_starts, read_looks, read_looks_about

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


@pytest.mark.parametrize(
    ("span", "hours"),
    [
        pytest.param((1.5, 2.5), [1, 2, 3], id="one on either side"),
        pytest.param((1, 3), [1, 2, 3], id="at both ends"),
        pytest.param((2.2, 2.8), [2, 3], id="none within"),
        pytest.param((-2, -1), [0], id="before the first"),
        pytest.param((5, 6), [4], id="after the last"),
    ],
)
async def test_the_looks_of_a_time_come_with_those_beside_it(
    database: Database,
    store: Callable[..., Awaitable[Any]],
    game: Any,
    span: tuple[float, float],
    hours: list[int],
) -> None:
    for hour in range(5):
        await store(NOON + hour * HOUR, game())
    async with database.transaction() as connection:
        looks = await read_looks_about(connection, SPORT, *(NOON + hour * HOUR for hour in span))
        assert looks == [NOON + hour * HOUR for hour in hours]
        assert await read_looks_about(connection, "icehockey_nhl", NOON, NOON + HOUR) == []


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
