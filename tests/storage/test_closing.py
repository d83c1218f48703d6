"""The close of an event: the last look before the start as it was known then."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage.closing import CLOSES, Close, read_closes, read_last_closes, read_new_closes
from storage.database import Database
from storage.runs import RunOutcome, begin_run, finish_run
from storage.snapshots import Source
from tests.storage.plans import read_whole, scans_of

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = NOON + timedelta(hours=8)
MINUTE = timedelta(minutes=1)
PRICES = {"draftkings": {"h2h": {"Lakers": -150, "Celtics": 130}}}


@pytest.fixture
def closes(database: Database) -> Callable[..., Awaitable[list[Close]]]:
    """Return what reads the closes since an instant."""

    async def read(since: datetime = NOON) -> list[Close]:
        async with database.transaction() as connection:
            return await read_closes(connection, since)

    return read


async def test_the_age_of_the_close_is_counted_from_the_start(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    for minutes in (90, 35, 5):
        await store(TIP_OFF - minutes * MINUTE, game(PRICES))
    await listing(TIP_OFF + MINUTE, _named(game))
    (close,) = await closes()
    assert close == Close("e1", "basketball_nba", "Lakers", "Celtics", TIP_OFF, TIP_OFF - 5 * MINUTE, TIP_OFF)
    assert close.age == 5 * MINUTE


async def test_d10_an_in_play_look_is_no_close(store: Any, game: Any, closes: Any) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 5 * MINUTE, game(PRICES))
    (close,) = await closes()
    assert close.seen_at == TIP_OFF - 5 * MINUTE


async def test_d10_a_start_rewritten_afterwards_does_not_change_which_look_was_the_last(
    store: Any, game: Any, closes: Any
) -> None:
    """At the start the feed rewrites it to when the game really began, here before the last look."""
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 5 * MINUTE, game(PRICES, commence_time=TIP_OFF - 7 * MINUTE))
    (close,) = await closes()
    assert (close.commence_time, close.seen_at, close.age) == (TIP_OFF, TIP_OFF - 5 * MINUTE, 5 * MINUTE)


async def test_a_start_that_is_put_off_at_the_last_moment_moves_the_close(
    store: Any, game: Any, closes: Any
) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 25 * MINUTE, game(PRICES, commence_time=TIP_OFF + 30 * MINUTE))
    await store(TIP_OFF + 31 * MINUTE, game(PRICES, commence_time=TIP_OFF + 30 * MINUTE))
    (close,) = await closes()
    assert (close.commence_time, close.age) == (TIP_OFF + 30 * MINUTE, 5 * MINUTE)


async def test_an_event_that_was_never_looked_at_before_its_start_has_no_close(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    await listing(NOON, _named(game))
    await store(TIP_OFF + MINUTE, game(PRICES))
    (close,) = await closes()
    assert (close.seen_at, close.age) == (None, None)


async def test_an_event_to_come_or_cancelled_has_no_close(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    far = TIP_OFF + timedelta(days=5)
    await store(NOON, game(PRICES), game(PRICES, id="e2", commence_time=far))
    for day in (1, 2, 3):
        await listing(NOON + day * timedelta(days=1), _named(game))
    assert [close.event_id for close in await closes()] == ["e1"]


async def test_imported_snapshots_are_no_looks(store: Any, game: Any, listing: Any, closes: Any) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES), source=Source.HISTORICAL)
    await listing(TIP_OFF + MINUTE, _named(game))
    assert [close.seen_at for close in await closes()] == [None]


async def test_an_event_whose_odds_were_imported_was_nobodys_to_look_at(
    store: Any, game: Any, listing: Any, closes: Any
) -> None:
    await store(TIP_OFF - 5 * MINUTE, game(PRICES), source=Source.IMPORT)
    await listing(TIP_OFF + MINUTE, _named(game))
    assert await closes() == []


async def test_closes_before_the_given_instant_are_left_out(store: Any, game: Any, closes: Any) -> None:
    await store(TIP_OFF - MINUTE, game(PRICES))
    await store(TIP_OFF + MINUTE, game(PRICES))
    assert await closes(TIP_OFF + MINUTE) == []
    assert len(await closes(TIP_OFF)) == 1


async def test_the_last_closes_are_those_that_started_last_the_earliest_first(
    store: Any, game: Any, database: Database
) -> None:
    starts = [TIP_OFF, TIP_OFF - 9 * MINUTE, TIP_OFF, TIP_OFF + 9 * MINUTE]
    games = [game(PRICES, id=f"e{number}", commence_time=at) for number, at in enumerate(starts)]
    await store(TIP_OFF - 30 * MINUTE, *games)
    await store(TIP_OFF + 10 * MINUTE, *games)
    async with database.transaction() as connection:
        everything = await read_closes(connection, NOON)
        assert [close.event_id for close in everything] == ["e1", "e0", "e2", "e3"]
        for count in range(1, 6):
            assert await read_last_closes(connection, count) == everything[-count:]


STARTED = (
    "INSERT INTO raw_data.request_scopes (markets, bookmakers, regions) VALUES ('{h2h}', '{betmgm}', '{}')",
    "INSERT INTO core_betting.events (id, sport_key, sport_title, commence_time, commence_time_seen_at,"
    " first_commence_time, scheduled_commence_time, status, status_reason, status_changed_at, first_seen_at,"
    " last_listed_at, absent_looks)"
    " SELECT 'e' || number, 'basketball_nba', 'NBA', at, at, at, at, 'final', '', at, at - interval '3 days', at,"
    "  0 FROM (SELECT number, timestamptz '2025-01-01' + number * interval '1 hour' AS at"
    "   FROM generate_series(1, 3000) AS number) AS hours",
    "INSERT INTO raw_data.odds_snapshots (snapshot_time, commence_time, hours_until_commence, scope_id,"
    " bookmaker_count, event_id, source, fetch_tier, validation, listing_digest, raw_data)"
    " SELECT commence_time - look * interval '10 minutes', commence_time, 1, scopes.id, 1, events.id, 'live',"
    "  'closing', 'mark', '', '{}'"
    " FROM core_betting.events, raw_data.request_scopes AS scopes, generate_series(1, 3) AS look",
    "ANALYZE",
)


@pytest.mark.parametrize(
    ("since", "count"),
    [
        pytest.param(datetime(2025, 1, 1, tzinfo=UTC), 10, id="the last ten"),
        pytest.param(datetime(2025, 5, 5, 15, tzinfo=UTC), None, id="those since the run before"),
    ],
)
async def test_new_closes_are_found_without_reading_those_of_years(
    database: Database, since: datetime, count: int | None
) -> None:
    asked = {"since": since, "count": count}
    async with database.transaction() as connection:
        for statement in STARTED:
            await connection.execute(text(statement))
        assert len((await connection.execute(CLOSES, asked)).all()) == 10
        explain = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {CLOSES.text}")
        ((plans,),) = await connection.execute(explain, asked)
    (events,), (snapshots,) = (scans_of(plans[0]["Plan"], table) for table in ("events", "odds_snapshots"))
    assert read_whole(plans[0]["Plan"]) == set()
    assert events["Actual Rows"] <= 11
    assert snapshots["Actual Loops"] <= 11
    assert snapshots["Index Cond"] == "(event_id = events.id)"


async def test_a_start_is_told_by_the_run_after_it_and_by_no_other(
    store: Any, game: Any, database: Database
) -> None:
    """Runs every 20 minutes; the one 20 minutes after the start failed, so the next tells of it."""
    await store(TIP_OFF - 5 * MINUTE, game(PRICES))
    await store(TIP_OFF + 5 * MINUTE, game(PRICES))
    told = []
    async with database.transaction() as connection:
        for minutes in range(-30, 60, 20):
            slot = TIP_OFF + minutes * MINUTE
            number = await begin_run(
                connection,
                job="update-status",
                sport_key="basketball_nba",
                scheduled_at=slot,
                started_at=slot,
                reason="as planned",
            )
            assert number is not None
            outcome = RunOutcome.FAILED if minutes == 10 else RunOutcome.STORED
            await finish_run(
                connection,
                number,
                finished_at=slot,
                outcome=outcome,
                reason="done",
                next_run=None,
            )
            for sport_key in ("basketball_nba", "icehockey_nhl"):
                closes = await read_new_closes(connection, "update-status", sport_key, slot)
                told += [(minutes, close.event_id, close.is_missed) for close in closes]
    assert told == [(30, "e1", False)]


@pytest.mark.parametrize(
    ("age", "missed"),
    [
        pytest.param(5, False, id="a look minutes before"),
        pytest.param(60, False, id="a look an hour before"),
        pytest.param(61, True, id="a look longer ago"),
        pytest.param(None, True, id="no look"),
    ],
)
def test_a_close_is_missed_where_nobody_looked_within_the_hour_before(age: int | None, missed: bool) -> None:
    seen_at = None if age is None else TIP_OFF - age * MINUTE
    assert Close("e1", "basketball_nba", None, None, TIP_OFF, seen_at).is_missed is missed


def _named(game: Any) -> dict[str, Any]:
    row: dict[str, Any] = game()
    del row["bookmakers"]
    return row
