"""Events are found by time, team, sport and status, and told with their looks."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.event_list import EventFilter, read_events

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
LINES = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 130}}}
Store = Callable[..., Awaitable[Any]]
Game = Callable[..., dict[str, Any]]


async def test_an_event_is_told_with_its_looks_and_the_age_of_its_close(
    database: Database, store: Store, game: Game
) -> None:
    await store(NOON, game(LINES))
    await store(NOON + HOUR, game(LINES, commence_time=TIP_OFF + HOUR))
    await store(TIP_OFF + 2 * HOUR, game(LINES, commence_time=TIP_OFF + HOUR))
    async with database.transaction() as connection:
        (event,) = await read_events(connection, EventFilter(NOON, NOON + 24 * HOUR))
    assert (event.event_id, event.away_team, event.home_team) == ("e1", "Celtics", "Lakers")
    assert (event.snapshots, event.start_moves) == (3, 1)
    assert (event.last_look, event.last_look_before_start) == (TIP_OFF + 2 * HOUR, NOON + HOUR)
    assert event.close_age == 8 * HOUR


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({}, ["e1", "e2"], id="by time"),
        pytest.param({"end": TIP_OFF + HOUR}, ["e1"], id="up to an instant, itself not included"),
        pytest.param({"start": TIP_OFF + HOUR}, ["e2"], id="from an instant on, itself included"),
        pytest.param({"team": "bull"}, ["e2"], id="by part of a team in any case"),
        pytest.param({"team": "100%"}, [], id="where nothing stands for anything else"),
        pytest.param({"sport_key": "icehockey_nhl"}, [], id="by sport"),
        pytest.param({"status": "scheduled"}, ["e1", "e2"], id="by status"),
        pytest.param({"status": "final"}, [], id="by another status"),
    ],
)
async def test_events_are_found(
    database: Database, store: Store, game: Game, changes: dict[str, Any], found: list[str]
) -> None:
    await store(NOON, game(), game(id="e2", home_team="Bulls", commence_time=TIP_OFF + HOUR))
    wanted = EventFilter(NOON, NOON + 24 * HOUR)._replace(**changes)
    async with database.transaction() as connection:
        events = await read_events(connection, wanted)
    assert [event.event_id for event in events] == found
    assert all(event.close_age is not None for event in events)
