from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.quality import IssueType
from core.quotes import Head, SelectionKey
from core.scope import Scope
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.known import Known, read_heads, read_known
from storage.snapshots import Source

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPORT = "basketball_nba"
US = Scope.of(["h2h"], regions=["us"])
EUROPE = Scope.of(["h2h"], regions=["eu"])
LAKERS = SelectionKey("fanduel", "h2h", "Lakers", None, None)


async def known_of(
    database: Database, *event_ids: str, scope: Scope = US, source: Source = Source.LIVE, at: datetime = NOON
) -> Known:
    async with database.transaction() as connection:
        return await read_known(connection, SPORT, event_ids, source=source, scope=scope, snapshot_time=at)


def lakers(game: Game, price: int | None, *others: str, **changes: Any) -> dict[str, Any]:
    books = {} if price is None else {"fanduel": {"h2h": {"Lakers": price}}}
    return game({**books, **{key: {} for key in others}}, **changes)


async def test_of_an_empty_database_nothing_is_known(database: Database) -> None:
    assert await known_of(database, "e1") == Known({}, {}, None, is_logged=False)


async def test_the_newest_snapshot_is_known_by_time_not_by_arrival(
    store: Store, database: Database, game: Game
) -> None:
    for minutes in (0, 2, 1):
        await store(NOON + minutes * MINUTE, lakers(game, -110 - minutes), scope=US)
    newest = (await known_of(database, "e1")).events["e1"].newest
    assert newest is not None
    assert (newest.snapshot_time, newest.validation, newest.in_play) == (NOON + 2 * MINUTE, "mark", False)
    assert newest.newest_last_update == NOON


async def test_a_newest_snapshot_from_in_play_says_so(store: Store, database: Database, game: Game) -> None:
    await store(NOON, lakers(game, None, commence_time=NOON), scope=US)
    newest = (await known_of(database, "e1")).events["e1"].newest
    assert newest is not None
    assert (newest.in_play, newest.newest_last_update) == (True, None)


@pytest.mark.parametrize(
    ("at", "source", "stored", "logged"),
    [
        pytest.param(NOON, Source.LIVE, True, True, id="the same instant and source"),
        pytest.param(NOON + MINUTE, Source.LIVE, False, False, id="another instant"),
        pytest.param(NOON, Source.IMPORT, False, False, id="another source"),
    ],
)
async def test_a_snapshot_is_there_by_event_instant_and_source(
    store: Store, database: Database, game: Game, at: datetime, source: Source, *, stored: bool, logged: bool
) -> None:
    await store(NOON, lakers(game, -110), scope=US)
    known = await known_of(database, "e1", at=at, source=source)
    assert (known.events["e1"].has_this_snapshot, known.is_logged) == (stored, logged)


async def test_each_region_is_known_by_what_it_brought_for_the_event(
    store: Store, database: Database, game: Game
) -> None:
    await store(NOON, lakers(game, -110, "betmgm"), lakers(game, None, id="e2"), scope=US)
    known = (await known_of(database, "e1", "e2")).events
    assert known["e1"].memory.covers(US, "fanduel")
    assert known["e1"].memory.covers(US, "betmgm")
    assert not known["e1"].memory.covers(EUROPE, "fanduel")
    assert not known["e2"].memory.covers(US, "fanduel")


async def test_a_scope_is_known_once_it_was_asked_for(store: Store, database: Database, game: Game) -> None:
    await store(NOON, game(), scope=US)
    assert (await known_of(database)).scope_id is not None
    assert (await known_of(database, scope=EUROPE)).scope_id is None


async def test_open_issues_are_those_of_the_events_named_and_of_none(
    store: Store, database: Database, game: Game
) -> None:
    await store(NOON, lakers(game, 3), lakers(game, 3, id="e2"), "?", scope=US)
    of_e1 = (await known_of(database, "e1")).open_issues
    assert {(key.issue_type, key.event_id) for key in of_e1} == {
        (IssueType.PRICE_OUT_OF_RANGE, "e1"),
        (IssueType.SIDE_MISSING, "e1"),
        (IssueType.MALFORMED, None),
    }
    assert len(set(of_e1.values())) == 3


async def test_heads_are_the_newest_quotes_of_every_selection(
    store: Store, database: Database, game: Game
) -> None:
    await store(NOON, lakers(game, -110), scope=US)
    await store(NOON + MINUTE, lakers(game, -120), scope=US)
    async with database.transaction() as connection:
        heads = await read_heads(connection, ["e1", "e9"], source="live")
    assert heads["e1"].heads == {LAKERS: Head(-120, None, NOON, NOON + MINUTE)}
    assert heads["e1"].selection_ids.keys() == {LAKERS}
    assert heads["e9"].heads == {}


async def test_a_withdrawn_selection_has_a_head_without_a_price(
    store: Store, database: Database, game: Game
) -> None:
    await store(NOON, lakers(game, -110), scope=US)
    await store(NOON + MINUTE, lakers(game, None), scope=US)
    async with database.transaction() as connection:
        heads = await read_heads(connection, ["e1"], source="live")
        assert heads["e1"].heads == {LAKERS: Head(None, None, None, NOON + MINUTE)}
        assert (await read_heads(connection, ["e1"], source="import"))["e1"].heads == {}
