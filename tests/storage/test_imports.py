from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from core.feed.values import OddsAnswer
from core.quotes import listing_digest
from core.scope import Scope
from storage.database import Database
from storage.imports import differing_snapshots
from storage.snapshots import Source
from tests.storage.conftest import NOON

Make = Callable[..., Any]
SCOPE = Scope.of(["h2h"], bookmakers=["pinnacle"])


async def test_only_an_import_of_other_prices_at_the_same_instant_differs(
    database: Database, store: Callable[..., Awaitable[Any]], game: Make, answer: Callable[..., OddsAnswer]
) -> None:
    imported, changed = (game({"pinnacle": {"h2h": {"Lakers": price, "Celtics": 120}}}) for price in (-140, -150))
    await store(NOON, imported, scope=SCOPE, source=Source.IMPORT)
    await store(NOON + timedelta(hours=1), changed, scope=SCOPE)

    async def differing(game: Any, at: Any) -> list[str]:
        digests = {odds.event.event_id: listing_digest(odds) for odds in answer(game).events}
        async with database.transaction() as connection:
            return await differing_snapshots(connection, digests, at)

    assert await differing(imported, NOON) == []
    assert await differing(changed, NOON) == ["e1"]
    assert await differing(imported, NOON + timedelta(hours=1)) == []
