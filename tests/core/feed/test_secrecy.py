"""The key shows in nothing that any failure of the feed leaves behind."""

import asyncio
import logging
import socket
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from core.clock import VirtualClock
from core.errors import LinekeeperError
from core.feed import errors
from core.feed.client import FeedClient
from core.scope import Scope

if TYPE_CHECKING:
    from tests.core.feed.conftest import ScriptedFeed

SCOPE = Scope.of(["h2h", "spreads"], bookmakers=["fanduel", "draftkings"])
SPORT = "basketball_nba"


def everything_said_of(error: BaseException) -> str:
    """Return what any report of an error could show, locals of its frames and all errors behind it included."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    parts = [*report.format(), *traceback.format_exception(error), str(error), repr(error), repr(vars(error))]
    for behind in (error.__cause__, error.__context__):
        parts += [everything_said_of(behind)] if behind else []
    return "\n".join(parts)


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(
            lambda feed: feed.will_refuse(401, "INVALID_KEY", f"{feed.key} is not valid"), id="a refused key"
        ),
        pytest.param(lambda feed: feed.will_refuse(401, "OUT_OF_USAGE_CREDITS"), id="no credits"),
        pytest.param(
            lambda feed: feed.will_refuse(422, "INVALID_MARKET", f"?apiKey={feed.key}: h2h"), id="a refused market"
        ),
        pytest.param(lambda feed: feed.will_repeat_the_url(404), id="a page that repeats the URL"),
        pytest.param(lambda feed: feed.will_repeat_the_url(500), id="a fault that repeats the URL"),
        pytest.param(
            lambda feed: feed.will_answer(302, b"", {"Location": f"/x?apiKey={feed.key}"}), id="a redirect"
        ),
        pytest.param(lambda feed: feed.will_answer(429, b""), id="too many requests"),
        pytest.param(
            lambda feed: feed.will_answer(200, b"no gzip", {"Content-Encoding": "gzip"}), id="wrong encoding"
        ),
        pytest.param(lambda feed: feed.will_reset(), id="a reset connection"),
        pytest.param(lambda feed: feed.will_break_off(), id="a body that breaks off"),
    ],
)
async def test_s1_the_key_is_in_nothing_that_a_failure_shows(
    feed: "ScriptedFeed",
    client: FeedClient,
    caplog: pytest.LogCaptureFixture,
    fail: Callable[["ScriptedFeed"], None],
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    for _ in range(3):
        fail(feed)
    with structlog.testing.capture_logs() as lines, pytest.raises(LinekeeperError) as caught:
        await client.odds(SPORT, SCOPE)
    said = [
        everything_said_of(caught.value),
        repr(getattr(caught.value, "answer", None)),
        repr(lines),
        caplog.text,
    ]
    assert feed.key in feed.requests[0].query_string
    assert feed.key not in "\n".join(said)


async def test_s1_the_key_is_in_nothing_that_an_unreachable_feed_shows(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock
) -> None:
    async def sleep(_: float) -> None:
        return None

    client = FeedClient(session, SecretStr(feed.key), base_url="http://127.0.0.1:1", clock=clock, sleep=sleep)
    with pytest.raises(errors.FeedUnavailableError, match=r"could not be had from 127\.0\.0\.1:1: ") as caught:
        await client.odds(SPORT, SCOPE)
    said = everything_said_of(caught.value)
    assert feed.key not in said
    assert caught.value.answer is None
    assert caught.value.__context__ is None


async def test_s1_the_key_is_in_nothing_that_a_feed_of_an_unknown_name_shows(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(_: float) -> None:
        return None

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = FeedClient(session, SecretStr(feed.key), base_url="https://feed.invalid", clock=clock, sleep=sleep)
    with pytest.raises(errors.FeedUnavailableError, match=r"could not be had from feed\.invalid") as caught:
        await client.odds(SPORT, SCOPE)
    said = everything_said_of(caught.value)
    assert feed.key not in said
