"""Keys that the feed refuses: named, logged, and left out of one more call."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.feed.errors import FeedRejectedError, InvalidBookmakersError, InvalidMarketError
from core.simulation.faults import Fault
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ISSUES = (
    "SELECT issue_type, bookmaker_key, market_key, closed_at IS NULL FROM operational.data_quality_logs"
    " WHERE issue_type LIKE '%refused' ORDER BY id"
)
SCOPES = "SELECT markets, bookmakers FROM raw_data.request_scopes"


@pytest.fixture
def game(feed: Any, noon: datetime) -> Any:
    """List one game, two hours before its start."""
    return feed.add(noon + 2 * HOUR)


async def test_refused_bookmakers_are_named_and_left_out(
    collect: Collect, game: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    world = await collect(bookmakers=("draftkings", "fanduel", "circasports", "nobody"))
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert [call.parameters["bookmakers"] for call in world.calls("odds")] == [
        "circasports,draftkings,fanduel,nobody",
        "draftkings,fanduel",
    ]
    assert await world.query(ISSUES) == [
        ("bookmaker_refused", "circasports", None, True),
        ("bookmaker_refused", "nobody", None, True),
    ]
    assert await world.query(SCOPES) == [(["h2h"], ["draftkings", "fanduel"])]
    logged = capsys.readouterr().out
    assert "feed.keys_refused" in logged
    assert "circasports" in logged


async def test_a_refused_market_is_named_and_left_out(collect: Collect, game: Any) -> None:
    world = await collect(markets=("h2h", "player_points"))
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert [call.parameters["markets"] for call in world.calls("odds")] == ["h2h,player_points", "h2h"]
    assert await world.query(ISSUES) == [("market_refused", None, "player_points", True)]
    assert await world.query(SCOPES) == [(["h2h"], ["draftkings", "fanduel"])]
    assert world.server.credits_used == 1


async def test_refused_bookmakers_and_markets_cost_one_more_call_each(collect: Collect, game: Any) -> None:
    world = await collect(markets=("h2h", "player_points"), bookmakers=("draftkings", "nobody"))
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert [call.status for call in world.calls("odds")] == [422, 422, 200]
    assert [row[0] for row in await world.query(ISSUES)] == ["bookmaker_refused", "market_refused"]


async def test_a_refusal_that_goes_on_is_logged_once(collect: Collect, game: Any) -> None:
    world = await collect(bookmakers=("draftkings", "nobody"))
    await world.fire()
    await world.fire_after(30 * MINUTE)
    assert [call.status for call in world.calls("odds")] == [422, 200, 422, 200]
    assert len(await world.query(ISSUES)) == 1


async def test_a_key_that_is_offered_again_closes_the_issue(collect: Collect, feed: Any, game: Any) -> None:
    world = await collect(bookmakers=("draftkings", "nobody"))
    await world.fire()
    feed.bookmaker_keys = frozenset({"nobody"})
    await world.fire_after(30 * MINUTE)
    assert await world.query(ISSUES) == [("bookmaker_refused", "nobody", None, False)]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        pytest.param({"bookmakers": ("nobody", "no_one")}, InvalidBookmakersError, id="every bookmaker"),
        pytest.param({"markets": ("player_points",)}, InvalidMarketError, id="every market"),
    ],
)
async def test_when_nothing_is_left_to_ask_for_the_run_fails_and_says_why(
    collect: Collect, game: Any, asked: dict[str, Any], error: type[Exception]
) -> None:
    world = await collect(**asked)
    with pytest.raises(error) as failure:
        await world.fire()
    assert len(world.calls("odds")) == 1
    assert (await world.runs())[-1][1:] == ("failed", str(failure.value))
    refused = next(iter(asked.values()))
    assert all(key in str(failure.value) for key in refused)


@pytest.mark.parametrize("code", ["INVALID_BOOKMAKERS", "INVALID_MARKET"])
async def test_a_refusal_that_names_no_key_of_ours_is_a_failure(collect: Collect, game: Any, code: str) -> None:
    world = await collect()
    world.server.inject(Fault("odds", status=422, error_code=code, message="Invalid: somebody, something"))
    with pytest.raises(FeedRejectedError, match=code):
        await world.fire()
    assert len(world.calls("odds")) == 1


async def test_the_refusals_are_kept_with_their_bodies_and_cost_nothing(collect: Collect, game: Any) -> None:
    world = await collect(bookmakers=("draftkings", "nobody"))
    await world.fire()
    assert await world.query(
        "SELECT status, body IS NOT NULL, error LIKE '%nobody%' FROM raw_data.api_responses"
        " WHERE endpoint LIKE '%/odds' ORDER BY id"
    ) == [(422, True, True), (200, False, None)]
    assert await world.query(
        "SELECT expected, charged FROM operational.credit_ledger WHERE endpoint LIKE '%/odds' ORDER BY id"
    ) == [(1, 0), (1, 1)]
