from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from storage.collected_span import CollectedSpan, read_last_looks, read_span
from storage.database import Database
from storage.snapshots import Source
from tests.storage.conftest import NOON, TIP_OFF

Make = Callable[..., Any]


async def test_the_span_is_from_the_first_answer_to_the_last_start_of_what_is_asked_for(
    database: Database, store: Callable[..., Awaitable[Any]], game: Make
) -> None:
    odds = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 120}}}
    later = TIP_OFF + timedelta(days=9)
    await store(NOON, game(odds))
    await store(NOON + timedelta(hours=1), game(odds, id="e2", commence_time=later))
    await store(NOON - timedelta(days=99), game(odds, id="old"), source=Source.IMPORT)

    async def span(**narrowed: Any) -> CollectedSpan:
        async with database.transaction() as connection:
            return await read_span(connection, **narrowed)

    assert await span() == await span(sports=["basketball_nba"]) == CollectedSpan(NOON, later)
    assert await span(sports=["icehockey_nhl"]) == await span(sources=["historical"]) == CollectedSpan(None, None)
    assert (await span(sources=["live", "import"])).first_at == NOON - timedelta(days=99)


async def test_each_sport_has_its_own_last_look(
    database: Database, store: Callable[..., Awaitable[Any]], game: Make
) -> None:
    odds = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 120}}}
    await store(NOON, game(odds))
    await store(NOON + timedelta(hours=1), game(odds))
    await store(NOON + timedelta(days=9), game(odds, id="old"), source=Source.IMPORT)
    async with database.transaction() as connection:
        assert await read_last_looks(connection, ["live"]) == {"basketball_nba": NOON + timedelta(hours=1)}
        assert await read_last_looks(connection, ["historical"]) == {}


async def test_of_several_sports_it_is_from_the_first_answer_of_any_to_the_last_start_of_any(
    database: Database, store: Callable[..., Awaitable[Any]], game: Make
) -> None:
    odds = {"fanduel": {"h2h": {"Lakers": -150, "Celtics": 120}}}
    starts = {"icehockey_nhl": 3, "americanfootball_nfl": 1, "basketball_nba": 2}
    for place, (sport_key, days) in enumerate(starts.items()):
        start = TIP_OFF + timedelta(days=days)
        one = {**game(odds, id=sport_key, commence_time=start), "sport_key": sport_key}
        for hours in (place, place + 1):
            await store(NOON + timedelta(hours=hours), one, sport_key=sport_key)
    async with database.transaction() as connection:
        assert await read_span(connection) == CollectedSpan(NOON, TIP_OFF + timedelta(days=3))
        assert await read_span(connection, sports=["basketball_nba", "americanfootball_nfl"]) == CollectedSpan(
            NOON + timedelta(hours=1), TIP_OFF + timedelta(days=2)
        )
