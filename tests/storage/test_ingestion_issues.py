from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.scope import Scope
from storage.ingestion import IngestionReport
from storage.listings import ListingReport
from storage.results import ResultsReport
from storage.snapshots import ValidationPolicy
from storage.validators import issues_of_refused

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Listing = Callable[..., Awaitable[ListingReport]]
Scores = Callable[..., Awaitable[ResultsReport]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVEN = {"h2h": {"Celtics": -110, "Lakers": -110}}
NO_VIG = {"h2h": {"Celtics": 100, "Lakers": 100}}
H2H = Scope.of(["h2h"], regions=["us"])
LOG = (
    "SELECT issue_type, event_id, opened_at - CAST(:noon AS timestamptz), closed_at - CAST(:noon AS timestamptz)"
    " FROM operational.data_quality_logs ORDER BY opened_at, id"
)
CLOSED = "SELECT event_id, closed_at FROM operational.data_quality_logs ORDER BY event_id"


async def test_an_issue_is_logged_when_it_opens_and_when_it_closes(store: Store, query: Query, game: Game) -> None:
    reports = [
        await store(NOON + n * MINUTE, game({"fanduel": books}), scope=H2H)
        for n, books in enumerate([EVEN, NO_VIG, NO_VIG, NO_VIG, EVEN, EVEN])
    ]
    assert [(report.issues_opened, report.issues_closed) for report in reports] == [
        (0, 0),
        (1, 0),
        (0, 0),
        (0, 0),
        (0, 1),
        (0, 0),
    ]
    assert await query(LOG, noon=NOON) == [("vig_out_of_range", "e1", MINUTE, 4 * MINUTE)]


async def test_an_issue_that_comes_back_is_a_row_of_its_own(store: Store, query: Query, game: Game) -> None:
    for n, books in enumerate([NO_VIG, EVEN, NO_VIG]):
        await store(NOON + n * MINUTE, game({"fanduel": books}), scope=H2H)
    assert await query(LOG, noon=NOON) == [
        ("vig_out_of_range", "e1", timedelta(0), MINUTE),
        ("vig_out_of_range", "e1", 2 * MINUTE, None),
    ]


async def test_an_absent_bookmaker_is_one_row_however_often_it_is_missed(
    store: Store, query: Query, game: Game
) -> None:
    asked = Scope.of(["h2h"], bookmakers=["fanduel", "pinnacle"])
    for n in range(5):
        await store(NOON + n * MINUTE, game({"fanduel": EVEN}), scope=asked)
    assert await query(LOG, noon=NOON) == [("bookmaker_missing", "e1", timedelta(0), None)]
    await store(NOON + 5 * MINUTE, game({"fanduel": EVEN, "pinnacle": EVEN}), scope=asked)
    assert await query(LOG, noon=NOON) == [("bookmaker_missing", "e1", timedelta(0), 5 * MINUTE)]


async def test_malformed_parts_are_logged_with_path_and_fragment_and_the_rest_is_stored(
    store: Store, query: Query, game: Game
) -> None:
    half = game({"fanduel": {"h2h": [{"name": "Celtics", "price": "x"}, {"name": "Lakers", "price": -110}]}})
    report = await store(NOON, game({"fanduel": EVEN}, id="e2"), half, "not an event")
    assert (report.events, report.malformed, report.quotes_stored) == (2, 2, 3)
    assert await query(
        "SELECT event_id, severity, path, description LIKE '$[%', raw_fragment FROM operational.data_quality_logs"
        " WHERE issue_type = 'malformed' ORDER BY path"
    ) == [
        (None, "error", "$[*]", True, '"not an event"'),
        (
            "e1",
            "error",
            "$[*].bookmakers[*].markets[*].outcomes[*].price",
            True,
            '{"name":"Celtics","price":"x"}',
        ),
    ]


@pytest.mark.parametrize("validation", list(ValidationPolicy))
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"id": "e2"}, id="an event that names no sport"),
        pytest.param("?", id="a row that is no event"),
        pytest.param({"id": "e2", "sport_key": "x", "commence_time": "2026-01-10T20:00:00Z"}, id="no bookmakers"),
    ],
)
async def test_an_event_that_stays_malformed_is_one_row_until_it_can_be_read(
    store: Store, query: Query, game: Game, broken: Any, validation: ValidationPolicy
) -> None:
    for n in range(3):
        await store(NOON + n * MINUTE, game({"fanduel": EVEN}), broken, scope=H2H, validation=validation)
    ((kind, _, opened, closed),) = await query(LOG, noon=NOON)
    assert (kind, opened, closed) == ("malformed", timedelta(0), None)
    sound = game({"fanduel": EVEN}, id="e2")
    await store(NOON + 3 * MINUTE, game({"fanduel": EVEN}), sound, scope=H2H, validation=validation)
    assert [closed for *_, closed in await query(LOG, noon=NOON)] == [3 * MINUTE]


async def test_without_validation_nothing_is_checked_and_no_open_issue_is_taken_for_gone(
    store: Store, query: Query, game: Game
) -> None:
    await store(NOON, game({"fanduel": NO_VIG}), scope=H2H)
    await store(NOON + MINUTE, game({"fanduel": EVEN}), scope=H2H, validation=ValidationPolicy.OFF)
    await store(NOON + 2 * MINUTE, game({"fanduel": NO_VIG}), scope=H2H, validation=ValidationPolicy.OFF)
    assert await query(LOG, noon=NOON) == [("vig_out_of_range", "e1", timedelta(0), None)]


async def test_a_key_that_the_feed_refused_is_logged_until_it_is_accepted(
    store: Store, query: Query, game: Game
) -> None:
    refused = issues_of_refused(bookmakers=["circasports"])
    for n, issues in enumerate([refused, refused, ()]):
        await store(NOON + n * MINUTE, game({"fanduel": EVEN}), scope=H2H, issues=issues)
    assert await query(LOG, noon=NOON) == [("bookmaker_refused", None, timedelta(0), 2 * MINUTE)]


async def test_an_issue_stays_open_while_narrower_answers_cannot_show_it(
    store: Store, query: Query, game: Game
) -> None:
    wide = Scope.of(["h2h", "spreads"], regions=["us"])
    spreads = {"spreads": {"Celtics": (-110, 3.5), "Lakers": (-110, -3.5)}}
    await store(NOON, game({"fanduel": {**NO_VIG, **spreads}}), scope=wide)
    await store(NOON + MINUTE, game({"fanduel": spreads}), scope=Scope.of(["spreads"], regions=["us"]))
    await store(NOON + 2 * MINUTE, game(id="e2"), scope=wide)
    assert (await query(LOG, noon=NOON))[0] == ("vig_out_of_range", "e1", timedelta(0), None)


async def test_what_a_late_snapshot_shows_is_logged_as_over(store: Store, query: Query, game: Game) -> None:
    await store(NOON + MINUTE, game({"fanduel": EVEN}), scope=H2H)
    await store(NOON, game({"fanduel": NO_VIG}), scope=H2H)
    assert await query(LOG, noon=NOON) == [("vig_out_of_range", "e1", timedelta(0), timedelta(0))]


async def test_a_late_answer_closes_nothing_that_opened_after_it(store: Store, query: Query, game: Game) -> None:
    await store(NOON + MINUTE, "?", scope=H2H)
    await store(NOON, game({"fanduel": EVEN}), scope=H2H)
    assert await query(LOG, noon=NOON) == [("malformed", None, MINUTE, None)]


async def test_a_point_that_jumps_is_measured_against_the_stored_one(
    store: Store, query: Query, game: Game
) -> None:
    for n, point in enumerate([210.5, 221]):
        totals = {"totals": {"Over": (-110, point), "Under": (-110, point)}}
        await store(NOON + n * MINUTE, game({"fanduel": totals}), scope=Scope.of(["totals"], regions=["us"]))
    ((description,), _) = await query(
        "SELECT description FROM operational.data_quality_logs ORDER BY outcome_name"
    )
    assert description == (
        "fanduel totals Over: the point moved from 210.5 to 221, by more than 10, since 2026-01-10 12:00:00Z"
    )


async def test_a_time_that_runs_backwards_is_seen_though_the_listing_is_unchanged(
    store: Store, query: Query, game: Game
) -> None:
    await store(NOON, game({"fanduel": EVEN}), scope=H2H)
    await store(NOON + MINUTE, game({"fanduel": EVEN}, last_update=NOON - MINUTE), scope=H2H)
    assert await query(LOG, noon=NOON) == [("time_went_backwards", "e1", MINUTE, None)]


async def test_an_issue_ends_with_the_result_of_its_event(
    store: Store, scores_call: Scores, named: Game, query: Query, game: Game
) -> None:
    """The last look comes before the start: none after it shows that the issue is gone."""
    await store(NOON, game({"fanduel": NO_VIG}), game({"fanduel": NO_VIG}, id="e2"), scope=H2H)
    over = TIP_OFF + timedelta(hours=3)
    scores = [{"name": "Lakers", "score": "110"}, {"name": "Celtics", "score": "100"}]
    await scores_call(over, {**named("e1"), "completed": True, "scores": scores, "last_update": over})
    assert await query(CLOSED) == [("e1", over), ("e2", None)]


async def test_an_issue_that_was_gone_before_the_result_keeps_its_end(
    store: Store, scores_call: Scores, named: Game, query: Query, game: Game
) -> None:
    await store(NOON, game({"fanduel": NO_VIG}), scope=H2H)
    await store(NOON + MINUTE, game({"fanduel": EVEN}), scope=H2H)
    over = TIP_OFF + timedelta(hours=3)
    scores = [{"name": "Lakers", "score": "110"}, {"name": "Celtics", "score": "100"}]
    await scores_call(over, {**named("e1"), "completed": True, "scores": scores, "last_update": over})
    assert await query(CLOSED) == [("e1", NOON + MINUTE)]


async def test_an_issue_ends_with_an_event_that_is_cancelled(
    store: Store, listing: Listing, named: Game, query: Query, game: Game
) -> None:
    start = NOON + timedelta(days=9)
    events = [game({"fanduel": NO_VIG}, id=event_id, commence_time=start) for event_id in ("e1", "e2")]
    await store(NOON, *events, scope=H2H)
    for hours in (1, 2, 24):
        await listing(NOON + timedelta(hours=hours), named("e2", start))
    assert await query(CLOSED) == [("e1", None), ("e2", None)]
    await listing(NOON + timedelta(hours=25), named("e2", start))
    assert await query(CLOSED) == [("e1", NOON + timedelta(hours=25)), ("e2", None)]
