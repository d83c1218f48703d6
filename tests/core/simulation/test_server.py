import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.simulation.faults import Fault
from core.simulation.market import SimulatedMarket
from core.simulation.recorded_feed import RecordedFeed

NFL = "/americanfootball_nfl"
Opened = Callable[..., Any]


@pytest.mark.parametrize("name", ["apiKey", "api_key"])
async def test_the_key_is_taken_under_either_name(open_desk: Opened, name: str) -> None:
    async with open_desk(api_key="s3cret") as desk:
        assert (await desk.ask("", key=None, **{name: "s3cret"})).status == 200


async def test_a_missing_and_a_wrong_key_are_refused(open_desk: Opened) -> None:
    async with open_desk() as desk:
        missing = await desk.ask("", key=None)
        wrong = await desk.ask("", key="other")
        assert (missing.status, missing.error_code) == (401, "MISSING_KEY")
        assert (wrong.status, wrong.error_code) == (401, "INVALID_KEY")


async def test_every_answer_carries_the_credits(open_desk: Opened) -> None:
    async with open_desk(plan_credits=10) as desk:
        await desk.ask(f"{NFL}/odds", regions="us", markets="h2h,totals")
        for reply in (await desk.ask(""), await desk.ask(f"{NFL}/odds"), await desk.ask("/curling/odds")):
            assert reply.headers["x-requests-used"] == "2"
            assert reply.headers["x-requests-remaining"] == "8"
            assert reply.headers["x-requests-last"] == "0"


async def test_without_credits_priced_calls_are_refused_and_free_ones_go_on(open_desk: Opened) -> None:
    async with open_desk(plan_credits=4) as desk:
        assert (await desk.ask(f"{NFL}/odds", regions="us", markets="h2h,totals,spreads")).status == 200
        refused = await desk.ask(f"{NFL}/scores", daysFrom=1)
        assert (refused.status, refused.error_code, refused.cost) == (401, "OUT_OF_USAGE_CREDITS", 0)
        assert (await desk.ask(f"{NFL}/scores")).status == 200
        for path in ("/odds", f"/events/{'a' * 32}/odds", "/scores"):
            reply = await desk.ask(f"{NFL}{path}", regions="us")
            assert (reply.status, reply.error_code) == (401, "OUT_OF_USAGE_CREDITS")
        assert (await desk.ask("")).status == 200
        assert (await desk.ask(f"{NFL}/events")).status == 200
        assert desk.server.account.remaining == 0


async def test_the_virtual_first_of_the_month_resets_the_credits(open_desk: Opened) -> None:
    async with open_desk(plan_credits=2) as desk:
        await desk.ask(f"{NFL}/odds", regions="us", markets="h2h,totals")
        desk.clock.advance_to(datetime(2025, 10, 1, tzinfo=UTC))
        assert (await desk.ask("")).headers["x-requests-remaining"] == "2"


async def test_more_calls_in_a_second_than_allowed_are_refused(open_desk: Opened) -> None:
    async with open_desk(rate_limit=3) as desk:
        replies = [await desk.ask("") for _ in range(4)]
        assert [reply.status for reply in replies] == [200, 200, 200, 429]
        assert replies[-1].error_code == "EXCEEDED_FREQ_LIMIT"


async def test_without_a_rate_limit_any_number_passes(open_desk: Opened) -> None:
    async with open_desk(rate_limit=None) as desk:
        assert {(await desk.ask("")).status for _ in range(40)} == {200}


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate", "gzip"), ("identity", None)])
async def test_large_answers_are_compressed_where_accepted(
    open_desk: Opened, accepted: str, encoding: str | None
) -> None:
    async with open_desk() as desk, aiohttp.ClientSession(auto_decompress=False) as session:
        query = {"apiKey": "demo", "regions": "us"}
        url = f"{desk.server.base_url}/v4/sports{NFL}/odds"
        async with session.get(url, params=query, headers={"Accept-Encoding": accepted}) as answer:
            assert answer.headers.get("Content-Encoding") == encoding
            assert (await answer.read())[:1] == (b"\x1f" if encoding else b"[")


async def test_calls_are_logged_without_the_key(open_desk: Opened) -> None:
    async with open_desk() as desk:
        await desk.ask(f"{NFL}/odds", regions="us")
        call = desk.server.calls[0]
        assert (call.endpoint, call.sport_key, call.status, call.cost) == ("odds", "americanfootball_nfl", 200, 1)
        assert call.parameters == {"regions": "us"}
        assert call.at == desk.clock.now()


async def test_an_injected_refusal_meets_one_call_of_its_endpoint(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.server.inject(
            Fault(endpoint="scores", status=500), Fault(endpoint="odds", status=502, body=b"<html>")
        )
        reply = await desk.ask(f"{NFL}/odds", regions="us")
        assert (reply.status, reply.body, reply.cost) == (502, b"<html>", 0)
        assert (await desk.ask(f"{NFL}/odds", regions="us")).status == 200
        assert (await desk.ask(f"{NFL}/scores")).status == 500
        assert desk.server.credits_used == 1


async def test_faults_that_are_forgotten_meet_nobody(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.server.inject(*[Fault(status=503)] * 3)
        assert (await desk.ask("")).status == 503
        desk.server.forget_faults()
        assert (await desk.ask("")).status == 200


async def test_an_injected_reset_breaks_the_body_off(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.server.inject(Fault(reset=True))
        with pytest.raises(aiohttp.ClientError):
            await desk.ask(f"{NFL}/odds", regions="us")
        assert (await desk.ask(f"{NFL}/odds", regions="us")).status == 200


@pytest.mark.parametrize(
    ("fault", "used"),
    [
        pytest.param(Fault(reset=True), 1, id="its body breaks off"),
        pytest.param(Fault(body=b"<html>"), 1, id="a page in its place"),
        pytest.param(Fault(status=503), 0, id="the feed is down"),
        pytest.param(Fault(status=429, body=b"slow down"), 0, id="the feed asks to wait"),
        pytest.param(Fault(error_code="INVALID_REGION"), 0, id="a refusal"),
    ],
)
async def test_an_answer_of_200_is_charged_whatever_its_body(open_desk: Opened, fault: Fault, used: int) -> None:
    async with open_desk() as desk:
        desk.server.inject(fault)
        with suppress(aiohttp.ClientError):
            assert (await desk.ask(f"{NFL}/odds", regions="us")).cost == used
        assert desk.server.credits_used == desk.server.calls[0].cost == used


async def test_an_injected_delay_only_delays(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.server.inject(Fault(delay=0.1))
        began = time.monotonic()
        assert (await desk.ask("")).status == 200
        assert time.monotonic() - began >= 0.1


async def test_a_caller_that_gives_up_leaves_the_server_standing(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.server.inject(Fault(delay=5))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(desk.ask(""), 0.05)
        assert (await desk.ask("")).status == 200


async def test_the_simulated_market_is_served_like_any_source(open_desk: Opened) -> None:
    start = datetime(2026, 1, 12, 18, tzinfo=UTC)
    market = SimulatedMarket(7, "basketball_nba", start, 5)
    async with open_desk(market, start) as desk:
        reply = await desk.ask("/basketball_nba/odds", bookmakers="pinnacle", oddsFormat="american")
        assert reply.rows
        assert {book["key"] for row in reply.rows for book in row["bookmakers"]} == {"pinnacle"}
        listed = {row["id"] for row in (await desk.ask("/basketball_nba/events")).rows}
        assert {row["id"] for row in reply.rows} <= listed


@pytest.mark.slow
async def test_a_look_at_a_recorded_answer_is_quick(open_desk: Opened, shared_data: Path) -> None:
    feed = RecordedFeed(shared_data / "recordings" / "nfl-2025-week12.jsonl.xz")
    query = {"regions": "us", "markets": "h2h,spreads,totals", "oddsFormat": "american"}
    async with open_desk(feed, feed.facts.first_at, rate_limit=None) as desk:
        took = []
        for _ in range(60):
            desk.clock.advance(timedelta(minutes=20))
            began = time.perf_counter()
            await desk.ask(f"{NFL}/odds", **query)
            took.append(time.perf_counter() - began)
    feed.close()
    assert sorted(took)[30] < 0.008 * 4
