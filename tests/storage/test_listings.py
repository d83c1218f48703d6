"""The free list of events: new games, and starts that move."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.listings import ListingReport

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Listing = Callable[..., Awaitable[ListingReport]]
Named = Callable[..., dict[str, Any]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = NOON + timedelta(hours=8)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def statuses(query: Query) -> Callable[[], Awaitable[dict[str, str]]]:
    """Return what reads the status of every event."""

    async def read() -> dict[str, str]:
        return {row[0]: row[1] for row in await query("SELECT id, status FROM core_betting.events")}

    return read


async def test_new_games_are_stored_with_their_first_start(listing: Listing, named: Named, query: Query) -> None:
    report = await listing(NOON, named("e1"), named("e2", NOON - HOUR))
    assert report == ListingReport(listed=2, new=2, start_moved=0, status_changed=0, absent=0, malformed=0)
    assert await query(
        "SELECT id, status, first_commence_time, status_reason FROM core_betting.events ORDER BY id"
    ) == [
        ("e1", "scheduled", TIP_OFF, "listed with a start to come"),
        ("e2", "live", NOON - HOUR, "its start has passed"),
    ]
    assert await query(
        "SELECT event_id, seen_at, commence_time FROM core_betting.commence_time_changes ORDER BY 1"
    ) == [
        ("e1", NOON, TIP_OFF),
        ("e2", NOON, NOON - HOUR),
    ]


async def test_the_same_list_again_is_no_news(listing: Listing, named: Named, query: Query) -> None:
    await listing(NOON, named("e1"))
    report = await listing(NOON + HOUR / 2, named("e1"))
    assert report == ListingReport(listed=1, new=0, start_moved=0, status_changed=0, absent=0, malformed=0)
    assert len(await query("SELECT 1 FROM core_betting.commence_time_changes")) == 1
    assert len(await query("SELECT 1 FROM core_betting.event_status_changes")) == 1


async def test_moved_starts_are_kept_as_history(listing: Listing, named: Named, query: Query) -> None:
    for hours in (0, 1, 2):
        report = await listing(NOON + hours * HOUR, named("e1", TIP_OFF + hours * timedelta(minutes=3)))
        assert report.start_moved == (hours > 0)
    assert await query("SELECT commence_time - first_commence_time FROM core_betting.events") == [
        (timedelta(minutes=6),)
    ]
    assert await query("SELECT seen_at, commence_time FROM core_betting.commence_time_changes ORDER BY 1") == [
        (NOON + hours * HOUR, TIP_OFF + hours * timedelta(minutes=3)) for hours in (0, 1, 2)
    ]


async def test_a_start_moved_by_more_than_a_day_is_postponed_until_it_is_moved_back(
    listing: Listing, named: Named, query: Query, statuses: Any
) -> None:
    await listing(NOON, named("e1"))
    report = await listing(NOON + HOUR, named("e1", TIP_OFF + 2 * DAY))
    assert (report.start_moved, report.status_changed) == (1, 1)
    assert await statuses() == {"e1": "postponed"}
    await listing(NOON + 2 * HOUR, named("e1", TIP_OFF + 3 * HOUR))
    assert await statuses() == {"e1": "scheduled"}
    assert [row[0] for row in await query("SELECT reason FROM core_betting.event_status_changes ORDER BY id")] == [
        "listed with a start to come",
        "its start was moved 2 d later",
        "it starts Sat 10 Jan 23:00 UTC",
    ]


async def test_a_list_that_arrives_late_does_not_rewind_a_start(
    listing: Listing, named: Named, query: Query
) -> None:
    await listing(NOON, named("e1"))
    await listing(NOON + 2 * HOUR, named("e1", TIP_OFF + HOUR))
    await listing(NOON + HOUR, named("e1"), named("e2"))
    assert await query("SELECT id, commence_time FROM core_betting.events ORDER BY id") == [
        ("e1", TIP_OFF + HOUR),
        ("e2", TIP_OFF),
    ]


async def test_a_list_that_arrives_late_makes_no_newer_game_absent(
    listing: Listing, named: Named, query: Query
) -> None:
    await listing(NOON + HOUR, named("e1"))
    assert (await listing(NOON, named("e2"))).absent == 0
    assert await query("SELECT id, absent_looks FROM core_betting.events ORDER BY id") == [("e1", 0), ("e2", 0)]


async def test_a_glitch_of_an_hour_on_many_games_is_history_and_nothing_else(
    listing: Listing, named: Named, query: Query, statuses: Any
) -> None:
    starts = {f"e{number}": TIP_OFF + number * DAY for number in range(12)}
    await listing(NOON, *(named(event_id, start) for event_id, start in starts.items()))
    early = await listing(NOON + HOUR, *(named(event_id, start - HOUR) for event_id, start in starts.items()))
    back = await listing(NOON + 5 * HOUR, *(named(event_id, start) for event_id, start in starts.items()))
    assert (early.start_moved, back.start_moved) == (12, 12)
    assert (early.status_changed, back.status_changed) == (0, 0)
    assert dict(await query("SELECT id, commence_time FROM core_betting.events")) == starts
    assert await query("SELECT count(*) FROM core_betting.commence_time_changes") == [(36,)]


async def test_a_glitch_that_makes_a_game_seem_started_is_undone(
    listing: Listing, named: Named, query: Query
) -> None:
    """Moved to before the present by mistake, it is live for a while; its scheduled start is the one before."""
    await listing(NOON, named("e1", NOON + HOUR))
    await listing(NOON + HOUR / 4, named("e1", NOON))
    assert await query("SELECT status, scheduled_commence_time FROM core_betting.events") == [
        ("live", NOON + HOUR)
    ]
    await listing(NOON + HOUR / 2, named("e1", NOON + HOUR))
    assert await query("SELECT status FROM core_betting.events") == [("scheduled",)]


async def test_a_game_that_cannot_be_read_is_logged_and_not_absent(
    listing: Listing, named: Named, query: Query
) -> None:
    await listing(NOON, named("e1"), named("e2"))
    report = await listing(NOON + HOUR, {**named("e1"), "commence_time": "soon"}, named("e2"))
    assert (report.listed, report.absent, report.malformed) == (1, 0, 1)
    assert await query("SELECT event_id, issue_type, path FROM operational.data_quality_logs") == [
        ("e1", "malformed", "$[*].commence_time")
    ]
    assert await query("SELECT DISTINCT absent_looks FROM core_betting.events") == [(0,)]


async def test_sports_do_not_miss_each_others_games(listing: Listing, named: Named, query: Query) -> None:
    await listing(NOON, named("e1"))
    await listing(NOON + HOUR, named("e2", sport_key="icehockey_nhl"), sport_key="icehockey_nhl")
    assert await query("SELECT DISTINCT absent_looks FROM core_betting.events") == [(0,)]


async def test_a_game_that_is_over_and_is_listed_again_is_the_game_it_was(
    listing: Listing, named: Named, query: Query, scores_call: Callable[..., Awaitable[Any]]
) -> None:
    await listing(NOON, named("e1", NOON + HOUR))
    over = {**named("e1", NOON + HOUR), "completed": True, "scores": None, "last_update": None}
    await scores_call(NOON + 5 * HOUR, over)
    report = await listing(NOON + 6 * HOUR, named("e1", NOON + HOUR))
    assert (report.listed, report.new) == (1, 0)
    assert await query("SELECT status, first_seen_at FROM core_betting.events") == [("final", NOON)]
