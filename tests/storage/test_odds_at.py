"""The law of reading: odds as of an instant are those of the newest pre-start snapshot that covered them by then.

The oracle below knows snapshots and nothing of how they are stored.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from core.scope import Scope
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.readers import OddsReader
from storage.rebuild import rebuild_event
from storage.snapshots import Source, ValidationPolicy

Game = Callable[..., dict[str, Any]]
StoreIn = Callable[..., Awaitable[IngestionReport]]
RowsByValue = Callable[[AsyncConnection], Awaitable[dict[str, list[tuple[Any, ...]]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEADS = (60, 60, 1, 0)
PAST_THE_END = 120
BOOKMAKERS = ("betfair", "pinnacle")
ASKED_OF = {"h2h": "h2h", "h2h_lay": "h2h", "spreads": "spreads", "player_points": "player_points"}
OUTCOMES: dict[str, list[tuple[str, str | None, float | None]]] = {
    "h2h": [("Lakers", None, None)],
    "h2h_lay": [("Lakers", None, None)],
    "spreads": [("Lakers", None, -3.5), ("Lakers", None, -4.0)],
    "player_points": [("Over", "Davis", 20.5), ("Over", "Davis", 22.0)],
}
IMPOSSIBLE = 50
PRICES = (-110, 105, IMPOSSIBLE)


class Listed(NamedTuple):
    """A quote as a snapshot lists it."""

    bookmaker_key: str
    market_key: str
    name: str
    description: str | None
    point: float | None
    price: int

    @property
    def selection(self) -> tuple[Any, ...]:
        """Return what tells it from the other outcomes of the event: of a prop the point is a part."""
        return (*self[:4], self.point if self.market_key == "player_points" else None)


@dataclass(frozen=True)
class Snapshot:
    """One event as one answer gives it; instants are minutes after noon."""

    minute: int
    start: int
    scope: Scope
    listed: tuple[Listed, ...]
    without_quotes: tuple[str, ...] = ()
    validation: ValidationPolicy = ValidationPolicy.MARK
    source: Source = Source.LIVE

    @property
    def accepted(self) -> dict[tuple[Any, ...], Listed]:
        """Return the quotes that it counts as listed, by selection."""
        rejects = self.validation is ValidationPolicy.REJECT
        return {quote.selection: quote for quote in self.listed if not (rejects and quote.price == IMPOSSIBLE)}

    @property
    def bookmaker_keys(self) -> set[str]:
        """Return the bookmakers that it names."""
        return {quote.bookmaker_key for quote in self.listed} | set(self.without_quotes)


class Said(NamedTuple):
    """What the newest snapshot that covered a selection says of it, and since when that has been so."""

    quote: Listed | None
    since: int
    seen: int


@dataclass
class Oracle:
    """What is known of one event, looked at one snapshot after the other."""

    brought: dict[str, set[str]] = field(default_factory=dict)
    said: dict[tuple[Any, ...], Said] = field(default_factory=dict)

    def look(self, snapshot: Snapshot) -> None:
        """Take in a pre-start snapshot, later than all before."""
        for region in snapshot.scope.regions:
            self.brought.setdefault(region, set()).update(snapshot.bookmaker_keys)
        accepted = snapshot.accepted
        for selection in self.said.keys() | accepted.keys():
            if selection in accepted or self._covers(snapshot.scope, selection):
                quote, before = accepted.get(selection), self.said.get(selection)
                since = before.since if before and before.quote == quote else snapshot.minute
                self.said[selection] = Said(quote, since, snapshot.minute)

    def _covers(self, scope: Scope, selection: tuple[Any, ...]) -> bool:
        bookmaker_key, market_key, *_ = selection
        if ASKED_OF[market_key] not in scope.markets:
            return False
        return bookmaker_key in scope.bookmakers or any(
            bookmaker_key in self.brought.get(region, ()) for region in scope.regions
        )


def expected(snapshots: Iterable[Snapshot], minute: int) -> set[tuple[Any, ...]]:
    """Return each quote that the newest pre-start snapshot covering it lists, as of a minute."""
    oracle = Oracle()
    for snapshot in sorted(snapshots, key=lambda snapshot: snapshot.minute):
        if snapshot.minute <= minute and snapshot.start > snapshot.minute:
            oracle.look(snapshot)
    return {(*said.quote, said.since, said.seen) for said in oracle.said.values() if said.quote is not None}


MARKETS = (["h2h"], ["h2h", "spreads"], ["h2h", "player_points"])
SCOPES = [
    *(Scope.of(markets, regions=regions) for markets in MARKETS for regions in (["us"], ["eu"], ["eu", "us"])),
    *(Scope.of(markets, bookmakers=keys) for markets in MARKETS for keys in (["pinnacle"], BOOKMAKERS)),
]
POSSIBLE = {
    scope: [
        Listed(bookmaker_key, market_key, *outcome, price)
        for bookmaker_key in scope.bookmakers or BOOKMAKERS
        for market_key, asked in ASKED_OF.items()
        if asked in scope.markets
        for outcome in OUTCOMES[market_key]
        for price in PRICES
    ]
    for scope in SCOPES
}


def listings(scope: Scope) -> st.SearchStrategy[list[Listed]]:
    return st.lists(st.sampled_from(POSSIBLE[scope]), max_size=4, unique_by=lambda quote: quote.selection)


@st.composite
def histories(draw: st.DrawFn) -> list[Snapshot]:
    """Draw snapshots of one event in any order: a few requests, repeated, while the start moves."""
    asked = draw(st.lists(st.sampled_from(SCOPES), min_size=1, max_size=3))
    history: list[Snapshot] = []
    for minute in draw(st.lists(st.integers(0, 20), min_size=1, max_size=7, unique=True)):
        scope = draw(st.sampled_from(asked))
        alike = [list(snapshot.listed) for snapshot in history if {*snapshot.listed} <= {*POSSIBLE[scope]}]
        history.append(
            Snapshot(
                minute,
                minute + draw(st.sampled_from(LEADS)),
                scope,
                tuple(draw(listings(scope) if not alike else st.sampled_from(alike) | listings(scope))),
                tuple(draw(st.sets(st.sampled_from(scope.bookmakers or BOOKMAKERS), max_size=1))),
                draw(st.sampled_from(ValidationPolicy)),
            )
        )
    return history


def as_the_feed_lists_it(game: Game, snapshot: Snapshot) -> dict[str, Any]:
    bookmakers: dict[str, dict[str, list[dict[str, Any]]]] = {key: {} for key in snapshot.without_quotes}
    for bookmaker_key, market_key, name, description, point, price in snapshot.listed:
        outcome = {"name": name, "description": description, "point": point, "price": price}
        bookmakers.setdefault(bookmaker_key, {}).setdefault(market_key, []).append(outcome)
    return game(bookmakers, commence_time=NOON + snapshot.start * MINUTE)


async def store_all(store_in: StoreIn, game: Game, connection: AsyncConnection, snapshots: list[Snapshot]) -> None:
    for snapshot in snapshots:
        await store_in(
            connection,
            NOON + snapshot.minute * MINUTE,
            as_the_feed_lists_it(game, snapshot),
            scope=snapshot.scope,
            validation=snapshot.validation,
            source=snapshot.source,
        )


async def read(
    connection: AsyncConnection, minute: int, sources: tuple[str, ...] = ("live",)
) -> set[tuple[Any, ...]]:
    rows = await OddsReader(connection).get_odds_at_time("e1", NOON + minute * MINUTE, sources=sources)
    found = {
        (
            *row[1:2],
            *row[3:6],
            row.point,
            row.price,
            (row.odds_timestamp - NOON) // MINUTE,
            (row.seen_at - NOON) // MINUTE,
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def looked(minute: int, scope: Scope, *listed: Listed, **changes: Any) -> Snapshot:
    return Snapshot(minute, **{"start": 60, **changes}, scope=scope, listed=listed)


EUROPE = Scope.of(["h2h"], regions=["eu"])
BY_KEY = Scope.of(["h2h"], bookmakers=["pinnacle"])
WIDER = Scope.of(["h2h", "spreads"], bookmakers=["pinnacle"])
WON = Listed("pinnacle", "h2h", "Lakers", None, None, -110)
MOVED = WON._replace(price=105)
SPREAD = Listed("pinnacle", "spreads", "Lakers", None, -3.5, -110)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(
            [looked(1, BY_KEY, WON), looked(2, EUROPE), looked(3, EUROPE, WON)],
            id="what a region brings later says nothing of its answers before",
        ),
        pytest.param(
            [looked(1, BY_KEY, WON), looked(2, EUROPE), looked(3, EUROPE, without_quotes=("pinnacle",))],
            id="a listing without quotes differs from one without the bookmaker",
        ),
        pytest.param(
            [looked(1, BY_KEY, WON), looked(2, BY_KEY, MOVED, start=2), looked(3, BY_KEY, MOVED)],
            id="a price first seen in play is a change once the start is put off",
        ),
        pytest.param(
            [looked(1, WIDER, WON, SPREAD), looked(2, BY_KEY, WON), looked(3, WIDER, WON)],
            id="the same listing proves more where more was asked",
        ),
        pytest.param(
            [looked(1, BY_KEY, WON), looked(3, BY_KEY, WON), looked(2, BY_KEY)],
            id="a withdrawal that arrives late is between the two",
        ),
        pytest.param(
            [looked(3, BY_KEY, MOVED), looked(1, BY_KEY, WON), looked(2, BY_KEY, WON, start=2)],
            id="the oldest arrives last",
        ),
    ],
)
async def test_the_law_holds_in_the_corners(
    database: Database, store_in: StoreIn, game: Game, rows_by_value: RowsByValue, history: list[Snapshot]
) -> None:
    async with database.transaction() as connection:
        await store_all(store_in, game, connection, history)
        for minute in range(5):
            assert await read(connection, minute) == expected(history, minute)
        rows = await rows_by_value(connection)
        await rebuild_event(connection, "e1", "live")
        assert await rows_by_value(connection) == rows


LAW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@given(history=histories())
async def test_odds_at_an_instant_are_those_of_the_newest_snapshots_that_covered_them(
    database: Database, store_in: StoreIn, game: Game, history: list[Snapshot]
) -> None:
    async with database.transaction() as connection:
        await store_all(store_in, game, connection, history)
        for minute in [-1, *(snapshot.minute for snapshot in history), PAST_THE_END]:
            assert await read(connection, minute) == expected(history, minute)
        await connection.rollback()


@LAW
@given(history=histories())
async def test_any_order_of_arrival_and_a_rebuild_give_the_same_rows(
    database: Database, store_in: StoreIn, game: Game, rows_by_value: RowsByValue, history: list[Snapshot]
) -> None:
    async with database.transaction() as connection:
        as_drawn = await connection.begin_nested()
        await store_all(store_in, game, connection, history)
        rows = await rows_by_value(connection)
        await rebuild_event(connection, "e1", "live")
        assert await rows_by_value(connection) == rows
        await as_drawn.rollback()
        await store_all(store_in, game, connection, sorted(history, key=lambda snapshot: snapshot.minute))
        assert await rows_by_value(connection) == rows
        await connection.rollback()
