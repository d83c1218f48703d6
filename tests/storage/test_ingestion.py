from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from core.scope import Scope
from storage.ingestion import IngestionReport
from storage.snapshots import Source, ValidationPolicy

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
AllRows = Callable[[], Awaitable[dict[str, list[tuple[Any, ...]]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVEN = {"h2h": {"Celtics": -110, "Lakers": -110}}
MOVED = {"h2h": {"Celtics": -120, "Lakers": 100}}
HISTORY = (
    "SELECT bookmaker_key, outcome_name, price, point FROM core_betting.odds"
    " ORDER BY odds_timestamp, bookmaker_key, market_key, outcome_name, description, point"
)


async def test_the_raw_event_is_kept_as_the_feed_sent_it(store: Store, query: Query, game: Game) -> None:
    event = game({"fanduel": EVEN}, a_field_of_tomorrow={"x": [1, 2.5, None]})
    await store(NOON, event)
    ((raw, tier, hours, in_time),) = await query(
        "SELECT raw_data::text, fetch_tier, hours_until_commence, snapshot_time FROM raw_data.odds_snapshots"
    )
    assert orjson.loads(raw) == orjson.loads(orjson.dumps(event))
    assert (tier, hours, in_time) == ("pregame", 8.0, NOON)


@pytest.mark.parametrize(
    "twice",
    [
        pytest.param(lambda game: [game({"fanduel": EVEN}), game({"fanduel": MOVED}, id="e2")], id="two events"),
        pytest.param(lambda game: [], id="no event at all"),
        pytest.param(lambda game: [game()], id="an event without bookmakers"),
        pytest.param(lambda game: [game({"fanduel": EVEN}), {"id": "e2"}, "?"], id="parts that cannot be read"),
        pytest.param(lambda game: [{"id": "e2"}], id="nothing that can be read"),
    ],
)
async def test_the_same_answer_twice_changes_no_row_of_any_table(
    store: Store, all_rows: AllRows, game: Game, twice: Callable[[Game], list[Any]]
) -> None:
    await store(NOON - MINUTE, game({"fanduel": MOVED, "betmgm": EVEN}))
    first = await store(NOON, *twice(game))
    rows = await all_rows()
    again = await store(NOON, *twice(game))
    assert await all_rows() == rows
    assert again.events == first.events
    assert (again.snapshots, again.quotes_stored, again.issues_opened, again.issues_closed) == (0, 0, 0, 0)


async def test_an_old_answer_sent_again_changes_no_row_of_any_table(
    store: Store, all_rows: AllRows, game: Game
) -> None:
    answers = [(NOON + n * MINUTE, game({"fanduel": books})) for n, books in enumerate([EVEN, MOVED, {}, EVEN])]
    for at, event in answers:
        await store(at, event)
    rows = await all_rows()
    for at, event in answers:
        await store(at, event)
    assert await all_rows() == rows


async def test_an_answer_stored_in_part_is_completed(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"fanduel": EVEN}))
    report = await store(NOON, game({"fanduel": MOVED}), game({"fanduel": MOVED}, id="e2"))
    assert (report.events, report.snapshots, report.quotes_stored) == (2, 1, 2)
    prices = await query("SELECT event_id, price FROM core_betting.odds ORDER BY event_id, outcome_name")
    assert prices == [("e1", -110), ("e1", -110), ("e2", -120), ("e2", 100)]


async def test_a_price_is_one_row_until_it_changes(store: Store, query: Query, game: Game) -> None:
    reports = [
        await store(NOON + n * MINUTE, game({"fanduel": books}))
        for n, books in enumerate([EVEN, EVEN, MOVED, MOVED])
    ]
    assert [report.quotes_stored for report in reports] == [2, 0, 2, 0]
    assert [report.quotes_seen for report in reports] == [2, 2, 2, 2]
    assert await query(HISTORY) == [
        ("fanduel", "Celtics", -110, None),
        ("fanduel", "Lakers", -110, None),
        ("fanduel", "Celtics", -120, None),
        ("fanduel", "Lakers", 100, None),
    ]


async def test_a_refreshed_last_update_alone_stores_nothing(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"fanduel": EVEN}))
    later = NOON + MINUTE
    report = await store(later, game({"fanduel": EVEN}, last_update=later))
    assert (report.snapshots, report.quotes_stored) == (1, 0)
    assert await query("SELECT DISTINCT last_update FROM core_betting.quotes") == [(NOON,)]
    assert await query("SELECT max(newest_last_update) FROM raw_data.odds_snapshots") == [(later,)]


async def test_the_same_body_at_two_instants_is_two_snapshots(store: Store, query: Query, game: Game) -> None:
    for at in (NOON, NOON + timedelta(microseconds=1)):
        await store(at, game({"fanduel": EVEN}))
    assert await query("SELECT count(*), count(DISTINCT snapshot_time) FROM raw_data.odds_snapshots") == [(2, 2)]


async def test_a_moved_point_is_a_row_of_the_same_selection(store: Store, query: Query, game: Game) -> None:
    for n, point in enumerate([4, 4.0, 4.5]):
        totals = {"Over": (-110, point), "Under": (-110, point)}
        await store(NOON + n * MINUTE, game({"fanduel": {"totals": totals}}))
    assert await query("SELECT count(*) FROM core_betting.selections") == [(2,)]
    assert await query("SELECT point, count(*) FROM core_betting.quotes GROUP BY point ORDER BY 1") == [
        (4.0, 2),
        (4.5, 2),
    ]


async def test_a_withdrawn_quote_leaves_a_tombstone_and_may_return(store: Store, query: Query, game: Game) -> None:
    one_sided = {"h2h": {"Celtics": -110}}
    for n, books in enumerate([EVEN, one_sided, one_sided, EVEN]):
        await store(NOON + n * MINUTE, game({"fanduel": books}))
    assert await query(
        "SELECT odds_timestamp - CAST(:noon AS timestamptz), price, point, last_update IS NULL"
        " FROM core_betting.odds WHERE outcome_name = 'Lakers' ORDER BY odds_timestamp",
        noon=NOON,
    ) == [
        (timedelta(0), -110, None, False),
        (MINUTE, None, None, True),
        (3 * MINUTE, -110, None, False),
    ]


async def test_a_book_that_vanishes_is_withdrawn_whole(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"fanduel": EVEN, "betmgm": EVEN}))
    report = await store(NOON + MINUTE, game({"fanduel": EVEN}))
    assert report.quotes_stored == 2
    assert (await query(HISTORY))[-2:] == [("betmgm", "Celtics", None, None), ("betmgm", "Lakers", None, None)]


async def test_an_event_absent_from_an_answer_keeps_its_odds(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"fanduel": EVEN}), game({"fanduel": EVEN}, id="e2"))
    await store(NOON + MINUTE, game({"fanduel": EVEN}))
    assert await query("SELECT count(*) FROM core_betting.quotes WHERE price IS NULL") == [(0,)]


@pytest.mark.parametrize("lead", [timedelta(0), -MINUTE], ids=["started this instant", "started a minute ago"])
async def test_an_event_in_play_is_kept_raw_and_adds_no_quote(
    store: Store, query: Query, game: Game, lead: timedelta
) -> None:
    await store(NOON, game({"fanduel": EVEN}))
    report = await store(NOON + MINUTE, game({"fanduel": MOVED}, commence_time=NOON + MINUTE + lead))
    assert (report.snapshots, report.in_play, report.quotes_seen, report.quotes_stored) == (1, 1, 0, 0)
    assert await query("SELECT fetch_tier FROM raw_data.odds_snapshots ORDER BY id") == [
        ("pregame",),
        ("in_play",),
    ]
    assert {price for _, _, price, _ in await query(HISTORY)} == {-110}


async def test_odds_before_a_postponed_start_go_on_after_prices_from_in_play(
    store: Store, query: Query, game: Game
) -> None:
    await store(NOON, game({"fanduel": EVEN}))
    await store(NOON + MINUTE, game({"fanduel": MOVED}, commence_time=NOON))
    await store(NOON + 2 * MINUTE, game({"fanduel": EVEN}))
    assert len(await query(HISTORY)) == 2


async def test_every_line_of_a_prop_is_a_selection_of_its_own(store: Store, query: Query, game: Game) -> None:
    def prop(*lines: float) -> dict[str, Any]:
        return game(
            {
                "fanduel": {
                    "player_points": [
                        {"name": side, "description": "Anthony Davis", "price": -115, "point": line}
                        for line in lines
                        for side in ("Over", "Under")
                    ]
                }
            }
        )

    props = Scope.of(["player_points"], bookmakers=["fanduel"])
    await store(NOON, prop(23.5, 24.5), scope=props)
    await store(NOON + MINUTE, prop(24.5, 25.5), scope=props)
    assert await query(
        "SELECT line, array_agg(price ORDER BY odds_timestamp) FROM core_betting.selections"
        " JOIN core_betting.quotes ON selection_id = selections.id"
        " WHERE outcome_name = 'Over' AND description = 'Anthony Davis' GROUP BY line ORDER BY line"
    ) == [(23.5, [-115, None]), (24.5, [-115]), (25.5, [-115])]


async def test_a_rejected_quote_is_not_stored_and_a_marked_one_says_why(
    store: Store, query: Query, game: Game
) -> None:
    impossible = {"h2h": {"Celtics": -50, "Lakers": -110}}
    await store(NOON, game({"fanduel": impossible}), validation=ValidationPolicy.REJECT)
    await store(NOON, game({"fanduel": impossible}, id="e2"), validation=ValidationPolicy.MARK)
    await store(NOON, game({"fanduel": impossible}, id="e3"), validation=ValidationPolicy.OFF)
    rows = await query(
        "SELECT event_id, price, is_valid, validation_notes LIKE '%-50 is outside%' FROM core_betting.odds"
        " ORDER BY event_id, outcome_name"
    )
    assert rows == [
        ("e1", -110, True, None),
        ("e2", -50, False, True),
        ("e2", -110, True, None),
        ("e3", -50, True, None),
        ("e3", -110, True, None),
    ]


async def test_a_quote_that_becomes_invalid_is_withdrawn_where_invalid_ones_are_rejected(
    store: Store, query: Query, game: Game
) -> None:
    for n, price in enumerate([-110, -50, -50, -110]):
        event = game({"fanduel": {"h2h": {"Celtics": price, "Lakers": -110}}})
        await store(NOON + n * MINUTE, event, validation=ValidationPolicy.REJECT)
    assert [price for _, name, price, _ in await query(HISTORY) if name == "Celtics"] == [-110, None, -110]


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        pytest.param(
            {
                "sport_key": "soccer_epl",
                "bookmakers": {"unibet": {"h2h": {"Away": 210, "Draw": 240, "Home": 120}}},
            },
            [("unibet", "Away", 210, None), ("unibet", "Draw", 240, None), ("unibet", "Home", 120, None)],
            id="three ways, with a draw",
        ),
        pytest.param(
            {
                "bookmakers": {
                    "betfair": {
                        "h2h": {"Celtics": 105, "Lakers": -115},
                        "h2h_lay": {"Celtics": 110, "Lakers": -110},
                    }
                }
            },
            [
                ("betfair", "Celtics", 105, None),
                ("betfair", "Lakers", -115, None),
                ("betfair", "Celtics", 110, None),
                ("betfair", "Lakers", -110, None),
            ],
            id="offers to lay, beside offers to back",
        ),
        pytest.param(
            {
                "home_team": None,
                "away_team": None,
                "bookmakers": {"unibet": {"outrights": {"Scottie Scheffler": 450, "Rory McIlroy": 900}}},
            },
            [("unibet", "Rory McIlroy", 900, None), ("unibet", "Scottie Scheffler", 450, None)],
            id="an outright market without teams",
        ),
    ],
)
async def test_every_shape_of_market_is_stored(
    store: Store, query: Query, game: Game, event: dict[str, Any], kept: list[tuple[Any, ...]]
) -> None:
    bookmakers = event.pop("bookmakers")
    scope = Scope.of(["h2h", "outrights"], regions=["eu"])
    await store(NOON, game(bookmakers, **event), scope=scope)
    assert await query(HISTORY) == kept
    await store(NOON + MINUTE, game(**event), scope=scope)
    assert len(await query(HISTORY)) == 2 * len(kept)


async def test_each_source_has_quotes_of_its_own(store: Store, query: Query, game: Game) -> None:
    for source in Source:
        await store(NOON, game({"fanduel": EVEN}), source=source)
    assert await query("SELECT source, count(*) FROM core_betting.odds GROUP BY source ORDER BY source") == [
        ("historical", 2),
        ("import", 2),
        ("live", 2),
    ]


async def test_a_bookmaker_takes_the_name_it_was_last_given(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({"williamhill_us": EVEN}))
    renamed = game({"williamhill_us": EVEN})
    renamed["bookmakers"][0]["title"] = "Caesars"
    await store(NOON + MINUTE, renamed)
    assert await query("SELECT * FROM core_betting.bookmakers") == [("williamhill_us", "Caesars", NOON)]
