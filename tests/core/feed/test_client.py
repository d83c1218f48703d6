import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from core.clock import SystemClock, VirtualClock
from core.errors import ConfigurationError
from core.feed import errors
from core.feed.client import FeedClient
from core.scope import Scope

if TYPE_CHECKING:
    from tests.core.feed.conftest import ScriptedFeed

SCOPE = Scope.of(["h2h", "spreads"], bookmakers=["fanduel", "draftkings"])
SPORT = "basketball_nba"


@pytest.mark.parametrize(
    ("call", "path", "query"),
    [
        pytest.param(lambda c: c.sports(), "/v4/sports", {}, id="sports"),
        pytest.param(
            lambda c: c.sports(include_inactive=True), "/v4/sports", {"all": "true"}, id="sports of all seasons"
        ),
        pytest.param(lambda c: c.events(SPORT), f"/v4/sports/{SPORT}/events", {"dateFormat": "iso"}, id="events"),
        pytest.param(
            lambda c: c.odds(SPORT, SCOPE),
            f"/v4/sports/{SPORT}/odds",
            {
                "markets": "h2h,spreads",
                "bookmakers": "draftkings,fanduel",
                "oddsFormat": "american",
                "dateFormat": "iso",
            },
            id="odds by bookmakers",
        ),
        pytest.param(
            lambda c: c.odds(SPORT, Scope.of(["h2h"], regions=["us", "eu"])),
            f"/v4/sports/{SPORT}/odds",
            {"markets": "h2h", "regions": "eu,us", "oddsFormat": "american", "dateFormat": "iso"},
            id="odds by regions",
        ),
        pytest.param(
            lambda c: c.event_odds(SPORT, "ab12", Scope.of(["player_points"], regions=["us"])),
            f"/v4/sports/{SPORT}/events/ab12/odds",
            {"markets": "player_points", "regions": "us", "oddsFormat": "american", "dateFormat": "iso"},
            id="odds of one event",
        ),
        pytest.param(lambda c: c.scores(SPORT), f"/v4/sports/{SPORT}/scores", {"dateFormat": "iso"}, id="scores"),
        pytest.param(
            lambda c: c.scores(SPORT, days_from=3),
            f"/v4/sports/{SPORT}/scores",
            {"dateFormat": "iso", "daysFrom": "3"},
            id="scores with completed games",
        ),
    ],
)
async def test_a_call_asks_what_the_contract_says(
    feed: "ScriptedFeed",
    client: FeedClient,
    call: Callable[[FeedClient], Awaitable[object]],
    path: str,
    query: dict[str, str],
) -> None:
    feed.will_answer()
    await call(client)
    [request] = feed.requests
    assert request.path == path
    assert dict(request.query) == {**query, "apiKey": feed.key}


async def test_an_answer_keeps_everything_but_the_key(
    feed: "ScriptedFeed", client: FeedClient, clock: VirtualClock
) -> None:
    feed.will_answer(body=[{"id": "x"}], headers={"set-cookie": "who=me", "x-other": "1"})
    answer = await client.odds(SPORT, SCOPE)
    assert answer.endpoint == f"/v4/sports/{SPORT}/odds"
    assert answer.parameters["markets"] == "h2h,spreads"
    assert answer.body == b'[{"id":"x"}]'
    assert answer.credits == (480, 20, 3)
    assert answer.received_at == clock.now()
    assert answer.duration_ms > 0
    assert {"content-type", "date", "x-requests-last"} <= set(answer.headers)
    assert not {"set-cookie", "x-other"} & set(answer.headers)
    assert feed.key not in repr(answer)


async def test_a_compressed_answer_is_asked_for_and_read(feed: "ScriptedFeed", client: FeedClient) -> None:
    feed.will_zip([{"id": "x" * 1000}])
    answer = await client.events(SPORT)
    assert "gzip" in feed.requests[0].headers["Accept-Encoding"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.body == b'[{"id":"' + b"x" * 1000 + b'"}]'


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(lambda feed: feed.will_answer(500, b"oops"), id="500"),
        pytest.param(lambda feed: feed.will_answer(503, b""), id="503"),
        pytest.param(lambda feed: feed.will_refuse(429, "EXCEEDED_FREQ_LIMIT"), id="429"),
        pytest.param(lambda feed: feed.will_reset(), id="a reset connection"),
        pytest.param(
            lambda feed: feed.will_answer(200, b"<html>", headers={"x-requests-last": "0"}), id="a page of a proxy"
        ),
        pytest.param(lambda feed: feed.will_break_off(last="0"), id="a body that breaks off and costs nothing"),
    ],
)
async def test_what_may_pass_is_tried_again(
    feed: "ScriptedFeed", client: FeedClient, waits: list[float], fail: Callable[["ScriptedFeed"], None]
) -> None:
    fail(feed)
    fail(feed)
    feed.will_answer(body=[1])
    answer = await client.events(SPORT)
    assert answer.body == b"[1]"
    assert len(feed.requests) == 3
    assert 0 <= waits[0] <= 2
    assert 0 <= waits[1] <= 4


async def test_a_third_failure_is_the_last(feed: "ScriptedFeed", client: FeedClient) -> None:
    for _ in range(4):
        feed.will_answer(502, b"oops")
    with pytest.raises(errors.FeedUnavailableError, match="502") as caught:
        await client.events(SPORT)
    assert len(feed.requests) == 3
    assert caught.value.answer is not None
    assert caught.value.answer.body == b"oops"
    assert caught.value.answer.credits.remaining == 480


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "INVALID_KEY", errors.InvalidKeyError),
        (401, "OUT_OF_USAGE_CREDITS", errors.QuotaExhaustedError),
        (404, "UNKNOWN_SPORT", errors.UnknownSportError),
        (404, "EVENT_NOT_FOUND", errors.EventNotFoundError),
        (422, "INVALID_MARKET", errors.InvalidMarketError),
        (422, "INVALID_BOOKMAKERS", errors.InvalidBookmakersError),
        (422, "MISSING_REGION", errors.FeedRejectedError),
    ],
)
async def test_a_refusal_is_never_tried_again(
    feed: "ScriptedFeed", client: FeedClient, status: int, code: str, expected: type[errors.FeedRejectedError]
) -> None:
    feed.will_refuse(status, code, x_requests_remaining="0")
    with pytest.raises(expected) as caught:
        await client.odds(SPORT, SCOPE)
    assert len(feed.requests) == 1
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.error_code) == (status, code)
    assert caught.value.answer is not None
    assert caught.value.answer.credits.remaining == 0


async def test_a_redirect_is_an_error_and_not_followed(feed: "ScriptedFeed", client: FeedClient) -> None:
    feed.will_answer(302, b"", {"Location": "/elsewhere"})
    with pytest.raises(errors.FeedRejectedError, match="redirect"):
        await client.events(SPORT)
    assert [request.path for request in feed.requests] == [f"/v4/sports/{SPORT}/events"]


async def test_a_body_that_breaks_off_still_tells_the_credits(
    feed: "ScriptedFeed", client: FeedClient, clock: VirtualClock
) -> None:
    feed.will_break_off()
    with pytest.raises(errors.FeedUnavailableError) as caught:
        await client.odds(SPORT, SCOPE)
    assert caught.value.answer is not None
    assert caught.value.answer.body == b""
    assert caught.value.answer.credits == (480, 20, 3)


async def test_an_answer_that_was_paid_for_and_broke_off_is_not_bought_again_at_once(
    feed: "ScriptedFeed", client: FeedClient
) -> None:
    feed.will_break_off()
    feed.will_answer(body=[1])
    with pytest.raises(errors.FeedUnavailableError) as caught:
        await client.odds(SPORT, SCOPE)
    assert caught.value.was_charged
    assert len(feed.requests) == 1


async def test_no_wait_goes_past_the_deadline(
    feed: "ScriptedFeed", client: FeedClient, clock: VirtualClock, waits: list[float]
) -> None:
    for _ in range(3):
        feed.will_answer(503)
    deadline = clock.now() + timedelta(seconds=1e-6)
    with pytest.raises(errors.FeedUnavailableError):
        await client.events(SPORT, deadline=deadline)
    assert waits == []
    assert clock.now() < deadline


async def test_nothing_is_asked_once_the_deadline_has_passed(
    feed: "ScriptedFeed", client: FeedClient, clock: VirtualClock
) -> None:
    with pytest.raises(errors.FeedUnavailableError, match="no time was left"):
        await client.events(SPORT, deadline=clock.now())
    assert feed.requests == []


async def test_an_attempt_ends_at_the_deadline(feed: "ScriptedFeed", session: aiohttp.ClientSession) -> None:
    feed.will_hang()
    clock = SystemClock()
    client = FeedClient(session, SecretStr(feed.key), base_url=feed.base_url, clock=clock)
    deadline = clock.now() + timedelta(seconds=0.3)
    with pytest.raises(errors.FeedUnavailableError, match=r"did not come within 0\.\d s"):
        await client.events(SPORT, deadline=deadline)
    assert timedelta(0) <= clock.now() - deadline < timedelta(seconds=0.3)


async def test_no_second_holds_more_calls_than_allowed(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock, waits: list[float]
) -> None:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    client = FeedClient(
        session, SecretStr(feed.key), base_url=feed.base_url, clock=clock, sleep=sleep, calls_per_second=5
    )
    for _ in range(12):
        feed.will_answer()
    await asyncio.gather(*(client.events(SPORT) for _ in range(12)))
    assert len(waits) == 7
    assert all(0.5 < wait <= 1 for wait in waits[:5])
    assert all(1.5 < wait <= 2 for wait in waits[5:])


@pytest.mark.parametrize("key", ["", "../v4", "a b", "x?y", "x/y", "é"])
async def test_a_key_that_cannot_be_part_of_a_path_is_refused(
    feed: "ScriptedFeed", client: FeedClient, key: str
) -> None:
    with pytest.raises(ConfigurationError, match="no sport key"):
        await client.events(key)
    with pytest.raises(ConfigurationError, match="no event id"):
        await client.event_odds(SPORT, key, SCOPE)
    assert feed.requests == []


@pytest.mark.parametrize("days", [0, 4, -1])
async def test_scores_of_other_days_than_the_feed_has_are_refused(client: FeedClient, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 3"):
        await client.scores(SPORT, days_from=days)


async def test_a_repeated_call_is_logged(feed: "ScriptedFeed", client: FeedClient) -> None:
    feed.will_answer(503)
    feed.will_answer()
    with structlog.testing.capture_logs() as lines:
        await client.events(SPORT)
    [line] = lines
    assert line["event"] == "feed.call_repeated"
    assert line["endpoint"] == f"/v4/sports/{SPORT}/events"
    assert "503" in line["reason"]
