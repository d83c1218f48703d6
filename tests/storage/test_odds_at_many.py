"""The set-based read and `core_betting.odds_at` are one law: row for row the same, whatever was stored."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.ingestion import IngestionReport
from storage.odds_at_many import KnownQuoteColumns, read_odds_at_many
from storage.readers import OddsReader, OddsRow
from storage.snapshots import Source
from tests.storage.test_odds_at import LAW, PAST_THE_END, Snapshot, as_the_feed_lists_it, histories

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
StoreIn = Callable[..., Awaitable[IngestionReport]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Asked = list[tuple[str, datetime]]


async def by_set(connection: AsyncConnection, asked: Asked, **options: Any) -> KnownQuoteColumns:
    return await read_odds_at_many(connection, [event for event, _ in asked], [at for _, at in asked], **options)


def rows(columns: KnownQuoteColumns) -> list[tuple[Any, ...]]:
    return sorted(zip(*columns, strict=True), key=repr)


def as_columns(number: int, row: OddsRow) -> tuple[Any, ...]:
    """Return a row of `odds_at` as the set-based read gives it."""
    return (
        number,
        row.selection_id,
        row.bookmaker_key,
        row.market_key,
        row.outcome_name,
        row.description,
        row.price,
        row.point,
        microseconds(row.odds_timestamp),
        row.last_update and microseconds(row.last_update),
        microseconds(row.seen_at),
        row.is_valid,
        row.source,
    )


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


async def one_by_one(
    connection: AsyncConnection, asked: Asked, sources: Sequence[str] = ("live",)
) -> list[tuple[Any, ...]]:
    reader = OddsReader(connection)
    found = [
        as_columns(number, row)
        for number, (event_id, at) in enumerate(asked)
        for row in await reader.get_odds_at_time(event_id, at, sources=sources)
    ]
    return sorted(found, key=repr)


@st.composite
def sourced_histories(draw: st.DrawFn) -> list[Snapshot]:
    """Draw snapshots of one event from several sources, some of them at the same instants."""
    return [
        replace(snapshot, source=source)
        for source in draw(st.sets(st.sampled_from(Source), min_size=1))
        for snapshot in draw(histories())
    ]


@LAW
@given(
    stored=st.tuples(sourced_histories(), sourced_histories()),
    sources=st.sampled_from([("live",), ("import",), ("live", "historical"), tuple(Source)]),
)
async def test_many_reads_at_once_are_the_reads_one_by_one(
    database: Database,
    store_in: StoreIn,
    game: Game,
    stored: tuple[list[Snapshot], list[Snapshot]],
    sources: tuple[str, ...],
) -> None:
    async with database.transaction() as connection:
        asked: Asked = [("nobody", NOON)]
        for event_id, history in zip(("e1", "e2"), stored, strict=True):
            for snapshot in history:
                at = NOON + snapshot.minute * MINUTE
                await store_in(
                    connection,
                    at,
                    {**as_the_feed_lists_it(game, snapshot), "id": event_id},
                    scope=snapshot.scope,
                    validation=snapshot.validation,
                    source=snapshot.source,
                )
                asked.append((event_id, at))
            asked += [(event_id, NOON - MINUTE), (event_id, NOON + PAST_THE_END * MINUTE)]
        assert rows(await by_set(connection, asked, sources=sources)) == await one_by_one(
            connection, asked, sources
        )
        await connection.rollback()


async def test_instants_come_back_to_the_microsecond(database: Database, store: Store, game: Game) -> None:
    at = datetime(2026, 1, 10, 12, 34, 56, 987_653, tzinfo=UTC)
    await store(at, game({"fanduel": {"h2h": {"Lakers": -110}}}))
    async with database.transaction() as connection:
        columns = await by_set(connection, [("e1", at)])
        assert columns.odds_timestamp == [microseconds(at)]
        assert rows(await by_set(connection, [("e1", at - timedelta(microseconds=1))])) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        pytest.param({}, {("fanduel", "h2h"), ("fanduel", "totals"), ("pinnacle", "h2h")}, id="all"),
        pytest.param({"bookmakers": ["pinnacle"]}, {("pinnacle", "h2h")}, id="of a bookmaker"),
        pytest.param({"markets": ["totals", "h2h_lay"]}, {("fanduel", "totals")}, id="of markets"),
        pytest.param({"markets": ["totals"]}, {("fanduel", "totals")}, id="of one market"),
        pytest.param({"markets": ["h2h_lay"]}, set(), id="of one that nobody quotes"),
    ],
)
async def test_only_what_is_named_is_read(
    database: Database, store: Store, game: Game, filters: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    totals = {"Over": (-110, 220.5), "Under": (-110, 220.5)}
    await store(
        NOON,
        game({"fanduel": {"h2h": {"Lakers": -110}, "totals": totals}, "pinnacle": {"h2h": {"Lakers": -105}}}),
    )
    async with database.transaction() as connection:
        columns = await by_set(connection, [("e1", NOON)], **filters)
    assert set(zip(columns.bookmaker_key, columns.market_key, strict=True)) == found


async def test_an_event_may_name_bookmakers_besides_those_of_all(
    database: Database, store: Store, game: Game
) -> None:
    quoted = {key: {"h2h": {"Lakers": -110}} for key in ("betmgm", "bovada", "fanduel", "pinnacle")}
    await store(NOON, game(quoted), game(quoted, id="e2"), game(quoted, id="e3"))
    asked = [(event_id, NOON) for event_id in ("e1", "e2", "e3")]
    also = [["fanduel", "bovada"], [], ["pinnacle"]]
    async with database.transaction() as connection:
        columns = await by_set(connection, asked, bookmakers=["pinnacle", "nobody"], also=also)
        without = await by_set(connection, asked, bookmakers=["pinnacle"])
    assert sorted(zip(columns.number, columns.bookmaker_key, strict=True)) == [
        *((0, key) for key in ("bovada", "fanduel", "pinnacle")),
        (1, "pinnacle"),
        (2, "pinnacle"),
    ]
    assert sorted(zip(without.number, without.bookmaker_key, strict=True)) == [(n, "pinnacle") for n in range(3)]


async def test_a_draw_that_was_withdrawn_is_told_without_a_price_from_then_on(
    database: Database, store: Store, game: Game
) -> None:
    teams = {"Lakers": 110, "Celtics": 230}
    for minutes, outcomes in [(0, {**teams, "Draw": 260}), (5, teams), (9, {"Lakers": 110})]:
        await store(NOON + minutes * MINUTE, game({"fanduel": {"h2h": outcomes}}))
    asked = [("e1", NOON + minutes * MINUTE) for minutes in (4, 6, 10)]
    async with database.transaction() as connection:
        columns = await by_set(connection, asked)
    told = sorted(zip(columns.number, columns.outcome_name, columns.price, strict=True))
    assert told == [
        (0, "Celtics", 230),
        (0, "Draw", 260),
        (0, "Lakers", 110),
        (1, "Celtics", 230),
        (1, "Draw", None),
        (1, "Lakers", 110),
        (2, "Draw", None),
        (2, "Lakers", 110),
    ]


async def test_the_same_event_may_be_read_at_several_instants(
    database: Database, store: Store, game: Game
) -> None:
    for minutes, price in [(0, -110), (5, -120)]:
        await store(NOON + minutes * MINUTE, game({"fanduel": {"h2h": {"Lakers": price}}}))
    async with database.transaction() as connection:
        columns = await by_set(connection, [("e1", NOON), ("e1", NOON + 9 * MINUTE), ("e1", NOON - MINUTE)])
    assert sorted(zip(columns.number, columns.price, strict=True)) == [(0, -110), (1, -120)]
