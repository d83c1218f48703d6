"""What was collected is read back as the answers that brought it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from storage.database import Database
from storage.exporting import answer_bodies, collected_sports, stored_answers
from storage.snapshots import Source

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPORT = "basketball_nba"
LINES = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 130}}}


@pytest.fixture
async def collected(
    store: Callable[..., Awaitable[Any]], game: Callable[..., dict[str, Any]]
) -> dict[datetime, list[dict[str, Any]]]:
    """Store three answers, one of them without any game, and a historical one; return the live ones."""
    answers = {
        NOON: [game(LINES), game(id="e2", commence_time=NOON + HOUR)],
        NOON + HOUR: [],
        NOON + 2 * HOUR: [game(LINES)],
    }
    for at, events in answers.items():
        await store(at, *events)
    await store(NOON + 3 * HOUR, game(), source=Source.HISTORICAL)
    return answers


async def test_every_live_answer_comes_back_with_its_events(database: Database, collected: Any) -> None:
    async with database.transaction() as connection:
        assert await collected_sports(connection) == [SPORT]
        answers = await stored_answers(connection, SPORT, None, None)
        bodies = {
            answer.received_at: orjson.loads(body) async for answer, body in answer_bodies(connection, answers)
        }
    expected = {at: orjson.loads(orjson.dumps(events)) for at, events in collected.items()}
    assert list(bodies) == list(expected)
    for at, events in bodies.items():
        assert sorted(events, key=lambda event: event["id"]) == sorted(expected[at], key=lambda event: event["id"])


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param(NOON, NOON + HOUR, [0, 1], id="both ends included"),
        pytest.param(NOON + HOUR / 2, None, [1, 2], id="from an instant on"),
        pytest.param(None, NOON, [0], id="up to an instant"),
        pytest.param(NOON + 9 * HOUR, None, [], id="nothing there"),
    ],
)
async def test_a_part_can_be_read(
    database: Database, collected: Any, start: datetime | None, end: datetime | None, hours: list[int]
) -> None:
    async with database.transaction() as connection:
        answers = await stored_answers(connection, SPORT, start, end)
    assert [answer.received_at for answer in answers] == [NOON + hour * HOUR for hour in hours]
