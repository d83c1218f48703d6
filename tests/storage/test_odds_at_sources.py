"""Live, historical and imported data side by side, and what later snapshots may change: nothing before them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.scope import Scope
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.readers import OddsReader, OddsRow
from storage.snapshots import Source

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Keep = Callable[..., Awaitable[IngestionReport]]
Read = Callable[..., Awaitable[list[OddsRow]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
H2H = Scope.of(["h2h"], bookmakers=["fanduel"])
LIVE, HISTORICAL, IMPORT = Source.LIVE, Source.HISTORICAL, Source.IMPORT


@pytest.fixture
def read(database: Database) -> Read:
    """Return what reads the odds of an event at an instant."""

    async def odds_at(at: datetime, *sources: Source, event_id: str = "e1") -> list[OddsRow]:
        async with database.transaction() as connection:
            reader = OddsReader(connection)
            return await reader.get_odds_at_time(event_id, at, **({"sources": sources} if sources else {}))

    return odds_at


@pytest.fixture
def keep(store: Store, game: Game) -> Keep:
    """Return what stores FanDuel's price on the Lakers as of some minutes after noon; None where it lists none."""

    async def one_price(minutes: int, price: int | None, **options: Any) -> IngestionReport:
        return await store(NOON + minutes * MINUTE, lakers(game, price), scope=H2H, **options)

    return one_price


def lakers(game: Game, price: int | None, **changes: Any) -> dict[str, Any]:
    return game({} if price is None else {"fanduel": {"h2h": {"Lakers": price}}}, **changes)


async def test_d7_historical_and_imported_odds_are_read_only_when_asked_for(keep: Keep, read: Read) -> None:
    await keep(0, -105, source=HISTORICAL)
    await keep(0, -104, source=IMPORT)
    assert await read(NOON) == []
    assert [row.price for row in await read(NOON, HISTORICAL)] == [-105]
    assert [row.price for row in await read(NOON, IMPORT)] == [-104]


@pytest.mark.parametrize(
    ("stored", "minutes", "expected"),
    [
        pytest.param([(LIVE, 0, -110), (HISTORICAL, 0, -105)], 0, ("live", -110), id="live wins ties"),
        pytest.param([(HISTORICAL, 0, -105), (LIVE, 0, -110)], 0, ("live", -110), id="whichever came first"),
        pytest.param([(LIVE, 0, -110), (HISTORICAL, 1, -105)], 1, ("historical", -105), id="the newest look wins"),
        pytest.param([(LIVE, 0, -110), (HISTORICAL, 1, -105)], 0, ("live", -110), id="but none from after"),
        pytest.param(
            [(HISTORICAL, 0, -105), (LIVE, 1, -110), (LIVE, 2, None)],
            2,
            None,
            id="a withdrawal seen last wins too",
        ),
        pytest.param([(IMPORT, 0, -104), (HISTORICAL, 0, -105)], 0, ("historical", -105), id="then by name"),
    ],
)
async def test_of_several_sources_the_one_that_looked_last_is_believed(
    keep: Keep, read: Read, stored: list[tuple[Source, int, int | None]], minutes: int, expected: Any
) -> None:
    for source, at, price in stored:
        await keep(at, price, source=source)
    rows = await read(NOON + minutes * MINUTE, *Source)
    assert [(row.source, row.price) for row in rows] == [expected] * (expected is not None)


async def test_d9_backfilled_snapshots_leave_live_reads_as_they_were(keep: Keep, read: Read) -> None:
    for minutes, price in [(0, -110), (10, -120), (20, None)]:
        await keep(minutes, price)
    instants = [NOON + minutes * MINUTE for minutes in range(-1, 25)]
    before = [await read(at) for at in instants]
    for minutes, price in [(5, -200), (15, None), (18, 300)]:
        await keep(minutes, price, source=HISTORICAL)
    assert [await read(at) for at in instants] == before


async def test_d7_a_later_snapshot_never_changes_an_earlier_read(store: Store, read: Read, game: Game) -> None:
    """Whatever comes later, what was known by an instant stays what it was, with its age."""
    europe = Scope.of(["h2h", "spreads"], regions=["eu"])
    known: dict[datetime, list[OddsRow]] = {}
    later = [
        (lakers(game, -110), H2H),
        (lakers(game, -110), europe),
        (lakers(game, -120, commence_time=NOON), H2H),
        (lakers(game, None), europe),
        (lakers(game, 130), H2H),
        (lakers(game, None), H2H),
    ]
    for n, (event, scope) in enumerate(later):
        at = NOON + n * MINUTE
        await store(at, event, scope=scope)
        assert {instant: await read(instant) for instant in known} == known
        known[at] = await read(at)
    assert [[row.price for row in rows] for rows in known.values()] == [[-110], [-110], [-110], [], [130], []]


async def test_after_the_start_the_close_is_returned_and_no_price_from_in_play(
    store: Store, read: Read, game: Game
) -> None:
    """D10: the close is judged by the start known then."""
    start = NOON + 30 * MINUTE
    await store(NOON, lakers(game, -110, commence_time=start), scope=H2H)
    await store(NOON + 29 * MINUTE, lakers(game, -115, commence_time=start), scope=H2H)
    await store(NOON + 40 * MINUTE, lakers(game, -400, commence_time=start), scope=H2H)
    for at in (NOON + 29 * MINUTE, NOON + 45 * MINUTE, NOON + timedelta(days=300)):
        ((row),) = await read(at)
        assert (row.price, row.seen_at) == (-115, NOON + 29 * MINUTE)


async def test_a_start_that_turns_out_to_have_been_earlier_does_not_undo_the_close(
    store: Store, read: Read, game: Game
) -> None:
    await store(NOON, lakers(game, -110), scope=H2H)
    await store(NOON + 30 * MINUTE, lakers(game, -400, commence_time=NOON - MINUTE), scope=H2H)
    assert [(row.price, row.seen_at) for row in await read(NOON + 60 * MINUTE)] == [(-110, NOON)]


async def test_an_absent_event_keeps_its_last_state_and_its_age(store: Store, read: Read, game: Game) -> None:
    await store(NOON, lakers(game, -110), lakers(game, -110, id="e2"), scope=H2H)
    await store(NOON + MINUTE, lakers(game, -110), scope=H2H)
    ages = [(await read(NOON + MINUTE, event_id=event_id))[0].seen_at for event_id in ("e1", "e2")]
    assert ages == [NOON + MINUTE, NOON]


async def test_a_row_says_since_when_the_price_stands_and_when_it_was_last_seen(
    store: Store, read: Read, game: Game
) -> None:
    for minutes in range(4):
        await store(NOON + minutes * MINUTE, lakers(game, -110, last_update=NOON + minutes * MINUTE), scope=H2H)
    (row,) = await read(NOON + 2 * MINUTE + timedelta(seconds=59))
    assert (row.odds_timestamp, row.last_update, row.seen_at) == (NOON, NOON, NOON + 2 * MINUTE)
    assert (row.bookmaker_title, row.is_valid, row.validation_notes, row.source) == ("Fanduel", True, None, "live")
