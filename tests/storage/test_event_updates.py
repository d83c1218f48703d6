"""Events kept up to date: what each answer changes of their rows, and the history that is written."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.values import FeedEvent, FeedScore
from storage.database import Database
from storage.event_rows import EventRow
from storage.event_updates import absent, listed, scored, store_events

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = NOON + timedelta(hours=8)
HOUR = timedelta(hours=1)


def event(commence_time: datetime = TIP_OFF) -> FeedEvent:
    return FeedEvent("e1", "basketball_nba", "NBA", commence_time, "Lakers", "Celtics")


def first(commence_time: datetime = TIP_OFF, at: datetime = NOON) -> EventRow:
    return listed(None, event(commence_time), at, in_events_list=True)


def score(home: int | None, away: int | None, *, completed: bool = True) -> FeedScore:
    return FeedScore(event(), completed, home, away, None)


def test_a_new_event_knows_its_start_and_when_it_was_seen() -> None:
    row = first()
    assert (row.status, row.commence_time, row.first_commence_time, row.scheduled_commence_time) == (
        "scheduled",
        TIP_OFF,
        TIP_OFF,
        TIP_OFF,
    )
    assert {row.first_seen_at, row.last_listed_at, row.commence_time_seen_at, row.status_changed_at} == {NOON}


def test_the_scheduled_start_is_the_last_that_had_not_passed() -> None:
    row = listed(first(), event(TIP_OFF + timedelta(minutes=3)), NOON + HOUR, in_events_list=True)
    began = listed(row, event(TIP_OFF + timedelta(minutes=9)), TIP_OFF + HOUR, in_events_list=True)
    assert began.commence_time == TIP_OFF + timedelta(minutes=9)
    assert began.scheduled_commence_time == TIP_OFF + timedelta(minutes=3)
    assert began.first_commence_time == TIP_OFF


def test_an_older_answer_changes_only_when_the_event_was_first_seen() -> None:
    row = first()
    late = listed(row, event(TIP_OFF + HOUR), NOON - HOUR, in_events_list=True)
    assert late == row._replace(first_seen_at=NOON - HOUR)


def test_only_the_free_list_ends_an_absence() -> None:
    gone = absent(first(), NOON + HOUR, None)
    assert (gone.absent_looks, gone.absent_since) == (1, NOON + HOUR)
    priced = listed(gone, event(), NOON + 2 * HOUR, in_events_list=False)
    assert (priced.absent_looks, priced.absent_since) == (1, NOON + HOUR)
    back = listed(gone, event(), NOON + 2 * HOUR, in_events_list=True)
    assert (back.absent_looks, back.absent_since) == (0, None)


def test_absences_are_counted_from_the_first_and_without_end() -> None:
    row = first(TIP_OFF + timedelta(days=9))
    for look in range(3):
        row = absent(row, NOON + look * 13 * HOUR, None)
    assert (row.absent_looks, row.absent_since, row.status) == (3, NOON, "cancelled")
    assert absent(row._replace(absent_looks=32_767), NOON + 30 * HOUR, None).absent_looks == 32_767


def test_a_result_is_completed_when_it_was_first_seen() -> None:
    row = scored(first(), score(110, 100), TIP_OFF + 3 * HOUR)
    corrected = scored(row, score(110, 101), TIP_OFF + 9 * HOUR)
    assert (row.status, row.home_score, row.away_score, row.completed_at) == (
        "final",
        110,
        100,
        TIP_OFF + 3 * HOUR,
    )
    assert (corrected.away_score, corrected.completed_at) == (101, TIP_OFF + 3 * HOUR)
    assert corrected.status_reason == "the result was corrected from 110-100 to 110-101"
    assert corrected.status_changed_at == row.status_changed_at


@pytest.mark.parametrize("half", [(None, 100), (110, None), (None, None)])
def test_half_a_score_is_none(half: tuple[int | None, int | None]) -> None:
    row = scored(first(), score(*half), TIP_OFF + 3 * HOUR)
    assert (row.status, row.home_score, row.away_score) == ("final", None, None)


hours = st.integers(-40, 40).map(lambda number: NOON + number * HOUR)


@given(st.lists(st.tuples(hours, hours), min_size=1, max_size=8, unique_by=lambda told: told[0]), st.data())
def test_the_newest_answer_tells_the_start_whatever_the_order_of_arrival(
    told: list[tuple[datetime, datetime]], data: st.DataObject
) -> None:
    row = None
    for at, start in data.draw(st.permutations(told)):
        row = listed(row, event(start), at, in_events_list=True)
    assert row is not None
    newest_at, newest_start = max(told)
    assert (row.commence_time, row.commence_time_seen_at) == (newest_start, newest_at)
    assert row.first_seen_at == min(told)[0]


async def test_seeing_an_event_again_is_written_once_an_hour(database: Database, query: Query) -> None:
    row = first()
    seen = "SELECT last_listed_at FROM core_betting.events"
    async with database.transaction() as connection:
        await store_events(connection, {}, [row], NOON)
    for minutes, written in ((30, NOON), (59, NOON), (60, NOON + HOUR)):
        at = NOON + timedelta(minutes=minutes)
        async with database.transaction() as connection:
            await store_events(connection, {"e1": row}, [listed(row, event(), at, in_events_list=True)], at)
        assert await query(seen) == [(written,)]


async def test_history_is_written_where_something_changed(database: Database, query: Query) -> None:
    row = first()
    moved = listed(row, event(TIP_OFF + HOUR), NOON + HOUR, in_events_list=True)
    final = scored(moved, score(110, 100), TIP_OFF + 4 * HOUR)
    for before, after, at in (
        (None, row, NOON),
        (row, moved, NOON + HOUR),
        (moved, final, TIP_OFF + 4 * HOUR),
        (final, final, TIP_OFF + 5 * HOUR),
    ):
        async with database.transaction() as connection:
            await store_events(connection, {"e1": before} if before else {}, [after], at)
    assert await query("SELECT seen_at, commence_time FROM core_betting.commence_time_changes ORDER BY 1") == [
        (NOON, TIP_OFF),
        (NOON + HOUR, TIP_OFF + HOUR),
    ]
    assert await query("SELECT changed_at, status FROM core_betting.event_status_changes ORDER BY 1") == [
        (NOON, "scheduled"),
        (TIP_OFF + 4 * HOUR, "final"),
    ]


async def test_what_is_stored_is_what_was_judged(database: Database, query: Query) -> None:
    row = absent(first(), NOON + HOUR, None)
    async with database.transaction() as connection:
        await store_events(connection, {}, [row], NOON + HOUR)
    assert await query(f"SELECT {', '.join(EventRow._fields)} FROM core_betting.events") == [tuple(row)]
