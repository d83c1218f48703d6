"""What an answer proves absent, by what was asked."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.scope import Scope
from storage.ingestion import IngestionReport

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BOTH = {
    "h2h": {"Celtics": -110, "Lakers": -110},
    "spreads": {"Celtics": (-110, 3.5), "Lakers": (-110, -3.5)},
}
WITHDRAWN = (
    "SELECT DISTINCT bookmaker_key, market_key FROM core_betting.odds WHERE price IS NULL"
    " ORDER BY bookmaker_key, market_key"
)


def asked(*markets: str, bookmakers: tuple[str, ...] = (), regions: tuple[str, ...] = ()) -> Scope:
    return Scope.of(markets, bookmakers=bookmakers, regions=regions)


@pytest.mark.parametrize(
    ("scope", "withdrawn"),
    [
        pytest.param(
            asked("h2h", "spreads", regions=("us",)),
            [("betmgm", "h2h"), ("betmgm", "spreads"), ("fanduel", "h2h"), ("fanduel", "spreads")],
            id="the same request",
        ),
        pytest.param(
            asked("h2h", regions=("us",)), [("betmgm", "h2h"), ("fanduel", "h2h")], id="fewer markets, by region"
        ),
        pytest.param(
            asked("h2h", "spreads", "totals", bookmakers=("fanduel", "bovada")),
            [("fanduel", "h2h"), ("fanduel", "spreads")],
            id="other bookmakers",
        ),
        pytest.param(asked("spreads", bookmakers=("betmgm",)), [("betmgm", "spreads")], id="one of each"),
        pytest.param(asked("h2h", "spreads", regions=("eu",)), [], id="a region that has brought nothing"),
        pytest.param(
            asked("h2h", regions=("eu", "us")), [("betmgm", "h2h"), ("fanduel", "h2h")], id="a region in common"
        ),
        pytest.param(asked("totals", regions=("us",)), [], id="another market"),
    ],
)
async def test_only_what_an_answer_would_have_listed_is_withdrawn_by_an_empty_one(
    store: Store, query: Query, game: Game, scope: Scope, withdrawn: list[tuple[str, str]]
) -> None:
    wide = asked("h2h", "spreads", regions=("us",))
    await store(NOON, game({"fanduel": BOTH, "betmgm": BOTH}), scope=wide)
    await store(NOON + MINUTE, game(), scope=scope)
    assert await query(WITHDRAWN) == withdrawn


async def test_a_region_covers_the_books_that_it_brought_and_no_others(
    store: Store, query: Query, game: Game
) -> None:
    await store(NOON, game({"pinnacle": BOTH}), scope=asked("h2h", "spreads", bookmakers=("pinnacle",)))
    await store(NOON + MINUTE, game({"fanduel": BOTH}), scope=asked("h2h", "spreads", regions=("us",)))
    await store(NOON + 2 * MINUTE, game(), scope=asked("h2h", "spreads", regions=("us",)))
    assert await query(WITHDRAWN) == [("fanduel", "h2h"), ("fanduel", "spreads")]


async def test_what_a_region_brings_is_remembered_by_event(store: Store, query: Query, game: Game) -> None:
    europe, by_key = asked("h2h", regions=("eu",)), asked("h2h", bookmakers=("pinnacle",))
    await store(NOON, game({"pinnacle": BOTH}), scope=by_key)
    await store(NOON + MINUTE, game({"pinnacle": BOTH}, id="e2"), scope=europe)
    await store(NOON + 2 * MINUTE, game(), game(id="e2"), scope=europe)
    assert await query("SELECT DISTINCT event_id FROM core_betting.odds WHERE price IS NULL") == [("e2",)]


async def test_a_bookmaker_without_quotes_counts_as_brought(store: Store, query: Query, game: Game) -> None:
    europe, by_key = asked("h2h", regions=("eu",)), asked("h2h", bookmakers=("pinnacle",))
    await store(NOON, game({"pinnacle": BOTH}), scope=by_key)
    for minutes, bookmaker_key in [(1, "unibet"), (2, "betsson"), (3, "pinnacle")]:
        await store(NOON + minutes * MINUTE, game({bookmaker_key: {}}), scope=europe)
        assert await query(WITHDRAWN) == [("pinnacle", "h2h")] * (minutes == 3)


async def test_lay_prices_are_withdrawn_with_the_market_that_brings_them(
    store: Store, query: Query, game: Game
) -> None:
    exchange = {"h2h": {"Celtics": 105, "Lakers": -115}, "h2h_lay": {"Celtics": 110, "Lakers": -110}}
    h2h = asked("h2h", bookmakers=("betfair",))
    await store(NOON, game({"betfair": exchange}), scope=h2h)
    await store(NOON + MINUTE, game({"betfair": {}}), scope=asked("spreads", bookmakers=("betfair",)))
    assert await query(WITHDRAWN) == []
    await store(NOON + 2 * MINUTE, game({"betfair": {"h2h": exchange["h2h"]}}), scope=h2h)
    assert await query(WITHDRAWN) == [("betfair", "h2h_lay")]


async def test_equal_requests_share_a_scope(store: Store, query: Query, game: Game) -> None:
    for n, scope in enumerate(
        [asked("spreads", "h2h", regions=("us", "eu")), asked("h2h", "spreads", "h2h", regions=("eu", "us"))]
    ):
        await store(NOON + n * MINUTE, game(), scope=scope)
    assert await query("SELECT markets, bookmakers, regions FROM raw_data.request_scopes") == [
        (["h2h", "spreads"], [], ["eu", "us"])
    ]
