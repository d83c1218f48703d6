"""Games that are missing from the free list: when they are cancelled, over, or nothing at all."""

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


async def test_one_look_that_lacks_a_game_cancels_nothing(listing: Listing, named: Named, statuses: Any) -> None:
    await listing(NOON - 9 * DAY, named("e1"), named("e2"))
    report = await listing(NOON, named("e2"))
    assert (report.absent, report.status_changed) == (1, 0)
    assert await statuses() == {"e1": "scheduled", "e2": "scheduled"}


async def test_an_empty_list_cancels_nothing(listing: Listing, named: Named, statuses: Any) -> None:
    await listing(NOON - 9 * DAY, *(named(f"e{number}") for number in range(20)))
    assert (await listing(NOON)).absent == 20
    assert set((await statuses()).values()) == {"scheduled"}


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        pytest.param((0, 1, 2, 3, 20, 23.9), "scheduled", id="many looks in less than a day"),
        pytest.param((0, 30), "scheduled", id="two looks over more than a day"),
        pytest.param((0, 1, 24), "cancelled", id="three looks over a day"),
    ],
)
async def test_a_game_is_cancelled_after_three_looks_over_a_day(
    listing: Listing, named: Named, statuses: Any, hours: tuple[float, ...], status: str
) -> None:
    start = NOON + 5 * DAY
    await listing(NOON - HOUR, named("e1", start), named("e2", start))
    for hour in hours:
        await listing(NOON + hour * HOUR, named("e2", start))
    assert await statuses() == {"e1": status, "e2": "scheduled"}


async def test_a_game_that_reappears_begins_to_count_anew(listing: Listing, named: Named, statuses: Any) -> None:
    start = NOON + 5 * DAY
    await listing(NOON - HOUR, named("e1", start))
    for hour in (0, 10, 20):
        await listing(NOON + hour * HOUR)
    await listing(NOON + 21 * HOUR, named("e1", start))
    for hour in (30, 45):
        await listing(NOON + hour * HOUR)
    assert await statuses() == {"e1": "scheduled"}


async def test_a_cancelled_game_comes_back_when_it_is_listed_again(
    listing: Listing, named: Named, query: Query, statuses: Any
) -> None:
    start = NOON + 5 * DAY
    await listing(NOON - HOUR, named("e1", start))
    for hour in (0, 12, 24):
        await listing(NOON + hour * HOUR)
    assert await statuses() == {"e1": "cancelled"}
    report = await listing(NOON + 30 * HOUR, named("e1", start))
    assert (report.new, report.status_changed) == (0, 1)
    assert await query("SELECT status, absent_looks, absent_since FROM core_betting.events") == [
        ("scheduled", 0, None)
    ]


async def after_its_end(listing: Listing, named: Named, scores_call: Any, **call: Any) -> None:
    """Tell of a game that starts at tip-off and leaves the list; results are asked for ten hours later."""
    await listing(TIP_OFF + HOUR, named("e1"))
    await listing(TIP_OFF + 4 * HOUR)
    await scores_call(TIP_OFF + 10 * HOUR, **call)
    for hour in (20, 29):
        await listing(TIP_OFF + hour * HOUR)


async def test_a_started_game_that_the_scores_do_not_know_is_cancelled(
    listing: Listing, named: Named, scores_call: Any, statuses: Any
) -> None:
    await after_its_end(listing, named, scores_call)
    assert await statuses() == {"e1": "cancelled"}


@pytest.mark.parametrize(
    "call",
    [
        pytest.param({"status": 401, "error": "out of credits"}, id="it was refused"),
        pytest.param({"error": "it could not be read"}, id="it could not be read"),
    ],
)
async def test_a_call_for_results_that_failed_cancels_nothing(
    listing: Listing, named: Named, scores_call: Any, statuses: Any, call: dict[str, Any]
) -> None:
    await after_its_end(listing, named, scores_call, **call)
    assert await statuses() == {"e1": "live"}


async def test_results_that_do_not_reach_back_to_a_game_do_not_cancel_it(
    listing: Listing, named: Named, scores_call: Any, statuses: Any
) -> None:
    await listing(TIP_OFF + HOUR, named("e1"))
    await listing(TIP_OFF + 4 * HOUR)
    await scores_call(TIP_OFF + 40 * HOUR, days_from=1)
    for hour in (41, 42):
        await listing(TIP_OFF + hour * HOUR)
    assert await statuses() == {"e1": "live"}


async def test_a_game_whose_result_was_never_had_ends_without_one(
    listing: Listing, named: Named, query: Query, statuses: Any
) -> None:
    await listing(TIP_OFF + HOUR, named("e1"))
    for hour in (4, 30, 74):
        await listing(TIP_OFF + hour * HOUR)
    assert await statuses() == {"e1": "live"}
    report = await listing(TIP_OFF + 75 * HOUR)
    assert report.status_changed == 1
    assert await query("SELECT status, status_reason, home_score, completed_at FROM core_betting.events") == [
        ("final", "its result was not had in the 3 d for which the feed knows it", None, None)
    ]
    assert (await listing(TIP_OFF + 76 * HOUR)).absent == 0


async def test_a_game_of_a_sport_without_scores_ends_when_it_is_gone(
    listing: Listing, named: Named, query: Query
) -> None:
    await listing(
        TIP_OFF + HOUR, named("e1", sport_key="mma_mixed_martial_arts"), sport_key="mma_mixed_martial_arts"
    )
    for hour in (2, 20, 26):
        await listing(TIP_OFF + hour * HOUR, sport_key="mma_mixed_martial_arts")
    assert await query("SELECT status, status_reason FROM core_betting.events") == [
        ("final", "it is over, and the feed has no scores of its sport")
    ]


async def test_a_game_that_ended_without_a_result_comes_back_when_it_is_listed_again(
    listing: Listing, named: Named, statuses: Any
) -> None:
    await listing(TIP_OFF + HOUR, named("e1"))
    for hour in (4, 30, 75):
        await listing(TIP_OFF + hour * HOUR)
    assert await statuses() == {"e1": "final"}
    await listing(TIP_OFF + 80 * HOUR, named("e1", TIP_OFF + 100 * HOUR))
    assert await statuses() == {"e1": "postponed"}
