from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.scope import Scope
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.readers import BestPrice, ClosingLine, LineMove, OddsReader
from storage.snapshots import Source

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
US = Scope.of(["h2h", "spreads", "totals"], regions=["us"])


@pytest.fixture
async def reader(database: Database) -> AsyncIterator[OddsReader]:
    """Yield a reader on a connection of its own."""
    async with database.transaction() as connection:
        yield OddsReader(connection)


@pytest.fixture
async def history(store: Store, game: Game) -> None:
    """Store a game at noon and at one: FanDuel moves its moneyline and withdraws its spread, BetMGM comes in."""
    spread = {"Lakers": (-110, -3.5)}
    await store(NOON, game({"fanduel": {"h2h": {"Lakers": -150}, "spreads": spread}}), scope=US)
    await store(
        NOON + HOUR,
        game({"fanduel": {"h2h": {"Lakers": -140}}, "betmgm": {"h2h": {"Lakers": -145}, "spreads": spread}}),
        scope=US,
    )


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(NOON - HOUR, [], id="before the first look"),
        pytest.param(
            NOON + HOUR / 2, [("fanduel", "h2h", -150), ("fanduel", "spreads", -110)], id="as known by then"
        ),
        pytest.param(
            NOON + HOUR,
            [("betmgm", "h2h", -145), ("betmgm", "spreads", -110), ("fanduel", "h2h", -140)],
            id="from the instant of a snapshot on",
        ),
    ],
)
async def test_odds_at_a_time_are_the_odds_known_by_then(
    reader: OddsReader, at: datetime, expected: list[tuple[str, str, int]]
) -> None:
    rows = await reader.get_odds_at_time("e1", at)
    assert [(row.bookmaker_key, row.market_key, row.price) for row in rows] == expected


@pytest.mark.usefixtures("history")
async def test_odds_of_an_unknown_event_are_none(reader: OddsReader) -> None:
    assert await reader.get_odds_at_time("e9", NOON) == []


@pytest.mark.parametrize("event_ids", [["e2", "e9", "e1"], ["e1", "e2", "e1"], ["e9"], []])
@pytest.mark.parametrize("sources", [["live"], ["historical", "live"]])
async def test_odds_of_many_events_are_those_of_one_after_another(
    store: Store, reader: OddsReader, game: Game, event_ids: list[str], sources: list[str]
) -> None:
    quoted = {key: {"h2h": {"Lakers": -150, "Celtics": 130}} for key in ("fanduel", "betmgm")}
    await store(NOON, game(quoted), game(quoted, id="e2"), scope=US)
    await store(NOON + HOUR / 2, game({"betmgm": quoted["betmgm"]}), scope=US, source=Source.HISTORICAL)
    one_by_one = [
        row
        for event_id in event_ids
        for row in await reader.get_odds_at_time(event_id, NOON + HOUR, sources=sources)
    ]
    assert await reader.get_odds_of_events(event_ids, NOON + HOUR, sources=sources) == one_by_one
    assert len(one_by_one) == 4 * len([event_id for event_id in event_ids if event_id != "e9"])


async def test_other_sources_are_read_when_named(store: Store, reader: OddsReader, game: Game) -> None:
    await store(NOON, game({"fanduel": {"h2h": {"Lakers": -150}}}), scope=US, source=Source.HISTORICAL)
    assert await reader.get_odds_at_time("e1", NOON) == []
    assert len(await reader.get_odds_at_time("e1", NOON, sources=["live", "historical"])) == 1


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(
            {},
            [
                (NOON, "fanduel", "h2h", None, -150),
                (NOON, "fanduel", "spreads", None, -110),
                (NOON + HOUR, "betmgm", "h2h", None, -145),
                (NOON + HOUR, "betmgm", "spreads", None, -110),
                (NOON + HOUR, "fanduel", "h2h", -150, -140),
                (NOON + HOUR, "fanduel", "spreads", -110, None),
            ],
            id="all of the event, the oldest first",
        ),
        pytest.param(
            {"market_key": "h2h", "bookmaker_key": "fanduel"},
            [(NOON, "fanduel", "h2h", None, -150), (NOON + HOUR, "fanduel", "h2h", -150, -140)],
            id="one market of one bookmaker",
        ),
        pytest.param(
            {"until": NOON + HOUR - timedelta(seconds=1), "market_key": "h2h"},
            [(NOON, "fanduel", "h2h", None, -150)],
            id="up to an instant",
        ),
    ],
)
async def test_line_movement_is_every_change_with_what_was_before(
    reader: OddsReader, filters: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    moves = await reader.get_line_movement("e1", **filters)
    assert [
        (move.odds_timestamp, move.bookmaker_key, move.market_key, move.previous_price, move.price)
        for move in moves
    ] == expected


async def test_a_move_tells_the_points_too(store: Store, reader: OddsReader, game: Game) -> None:
    for n, point in enumerate([220.5, 222]):
        await store(NOON + n * HOUR, game({"fanduel": {"totals": {"Over": (-110, point)}}}), scope=US)
    assert (await reader.get_line_movement("e1"))[-1] == LineMove(
        "fanduel", "totals", "Over", None, NOON + HOUR, -110, -110, 220.5, 222.0
    )


@pytest.mark.usefixtures("history")
async def test_best_odds_are_the_highest_prices_known_by_then(reader: OddsReader) -> None:
    assert await reader.get_best_odds("e1", NOON) == [
        BestPrice("h2h", "Lakers", None, None, -150, ("fanduel",)),
        BestPrice("spreads", "Lakers", None, -3.5, -110, ("fanduel",)),
    ]
    assert await reader.get_best_odds("e1", NOON + HOUR, market_key="h2h") == [
        BestPrice("h2h", "Lakers", None, None, -140, ("fanduel",))
    ]


async def test_best_odds_leave_out_invalid_prices_and_offers_to_lay(
    store: Store, reader: OddsReader, game: Game
) -> None:
    books = {
        "betfair": {"h2h": {"Lakers": 105}, "h2h_lay": {"Lakers": 110}},
        "bovada": {"h2h": {"Lakers": 105}},
        "fanduel": {"h2h": {"Lakers": 99_999}},
    }
    await store(NOON, game(books), scope=US)
    assert await reader.get_best_odds("e1", NOON) == [
        BestPrice("h2h", "Lakers", None, None, 105, ("betfair", "bovada"))
    ]


@pytest.mark.usefixtures("history")
async def test_bookmakers_are_compared_outcome_by_outcome_the_best_price_first(reader: OddsReader) -> None:
    (lakers,) = await reader.compare_bookmakers("e1", "h2h", NOON + 2 * HOUR)
    assert (lakers.market_key, lakers.outcome_name, lakers.description) == ("h2h", "Lakers", None)
    assert [(row.bookmaker_key, row.price) for row in lakers.quotes] == [("fanduel", -140), ("betmgm", -145)]
    assert await reader.compare_bookmakers("e1", "totals", NOON + HOUR) == []


@pytest.fixture
async def three_events(store: Store, game: Game) -> None:
    """Store events that start one, two and three hours after noon, the last one of another sport."""
    for n, sport_key in [(3, "basketball_wnba"), (1, "basketball_nba"), (2, "basketball_nba")]:
        event = game(id=f"e{n}", commence_time=NOON + n * HOUR, sport_key=sport_key)
        await store(NOON, event, sport_key=sport_key)


@pytest.mark.usefixtures("three_events")
@pytest.mark.parametrize(
    ("hours", "filters", "expected"),
    [
        pytest.param((1, 4), {}, ["e1", "e2", "e3"], id="the earliest first"),
        pytest.param((2, 3), {}, ["e2"], id="the start is in, the end is not"),
        pytest.param((1, 4), {"sport_key": "basketball_wnba"}, ["e3"], id="one sport"),
        pytest.param((1, 4), {"status": "final"}, [], id="one status"),
        pytest.param((5, 9), {}, [], id="nothing starts then"),
    ],
)
async def test_events_are_found_by_their_start(
    reader: OddsReader, hours: tuple[int, int], filters: dict[str, str], expected: list[str]
) -> None:
    start, end = (NOON + hour * HOUR for hour in hours)
    events = await reader.get_events_by_date_range(start, end, **filters)
    assert [event.id for event in events] == expected
    assert all(start <= event.commence_time < end for event in events)


@pytest.mark.usefixtures("history")
async def test_closing_lines_are_those_of_started_events_narrowed_as_asked(
    reader: OddsReader, listing: Callable[..., Awaitable[Any]], named: Callable[..., dict[str, Any]]
) -> None:
    day = NOON, NOON + timedelta(days=1)
    assert await reader.get_closing_lines(*day) == []
    await listing(NOON + timedelta(hours=9), named("e1"))
    lines = await reader.get_closing_lines(*day)
    assert [(one.bookmaker_key, one.market_key, one.price) for one in lines] == [
        ("betmgm", "h2h", -145),
        ("betmgm", "spreads", -110),
        ("fanduel", "h2h", -140),
    ]
    assert {one.seen_at for one in lines} == {NOON + HOUR}
    narrowed = await reader.get_closing_lines(*day, market_key="h2h", bookmaker_key="fanduel")
    assert [one.price for one in narrowed] == [-140]
    assert await reader.get_closing_lines(*day, sport_key="icehockey_nhl") == []


@pytest.mark.usefixtures("history")
async def test_closing_lines_are_the_rows_of_the_view_and_of_other_sources_where_named(
    reader: OddsReader, store: Store, game: Game, listing: Callable[..., Awaitable[Any]], database: Database
) -> None:
    backfilled = game({"pinnacle": {"h2h": {"Lakers": -138}}})
    await store(NOON + HOUR, backfilled, scope=US, source=Source.HISTORICAL)
    await listing(NOON + timedelta(hours=9), backfilled)
    day = NOON, NOON + timedelta(days=1)
    columns = ", ".join(ClosingLine._fields[:-1])
    async with database.transaction() as connection:
        view = await connection.execute(
            text(f"SELECT {columns} FROM analytics.closing_lines ORDER BY bookmaker_key, market_key")
        )
    lines = await reader.get_closing_lines(*day)
    assert [line[:-1] for line in lines] == [tuple(row) for row in view]
    assert {line.source for line in lines} == {"live"}
    [line] = await reader.get_closing_lines(*day, sources=["historical"])
    assert (line.bookmaker_key, line.price, line.source) == ("pinnacle", -138, "historical")
