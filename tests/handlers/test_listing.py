"""The free list as a job reads it: stored, logged, or kept whole where it cannot be read."""

import zlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from core.feed.errors import FeedUnavailableError, PayloadError, UnknownSportError
from core.simulation.faults import Fault

Collect = Callable[..., Awaitable[Any]]
DAY = timedelta(days=1)
CALLS = "SELECT status, error, body FROM raw_data.api_responses ORDER BY id"
EVENTS = "SELECT id, absent_looks FROM core_betting.events ORDER BY id"


async def test_the_list_is_stored_and_logged_without_its_body(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon + DAY)
    world = await collect()
    await world.fire("update-status")
    assert await world.query(EVENTS) == [(game.event_id, 0)]
    assert await world.query(CALLS) == [(200, None, None)]


async def test_the_log_tells_the_history_of_a_game_by_its_id(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon + timedelta(minutes=5))
    world = await collect()
    with capture_logs() as lines:
        await world.fire("update-status")
        await world.fire("fetch-odds")
        game.completed_at, game.score, game.listed = noon + timedelta(hours=3), (101, 99), False
        await world.fire_after(timedelta(hours=4), "fetch-scores")
    told = [(line["event"], line["job"]) for line in lines if game.event_id in str(line)]
    assert told == [
        ("events.listed", "update-status"),
        ("odds.stored", "fetch-odds"),
        ("scores.stored", "fetch-scores"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"events": []}', id="an object"),
        pytest.param(b"null", id="null"),
    ],
)
async def test_d1_a_list_that_cannot_be_read_is_kept_and_makes_no_game_absent(
    collect: Collect, feed: Any, noon: datetime, body: bytes
) -> None:
    game = feed.add(noon + DAY)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("events", body=body))
    with pytest.raises(PayloadError):
        await world.fire_after(timedelta(hours=3), "update-status")
    ((_, error, kept),) = (await world.query(CALLS))[1:]
    assert zlib.decompress(kept) == body
    assert (await world.runs())[-1][1:] == ("failed", error)
    assert await world.query(EVENTS) == [(game.event_id, 0)]


async def test_a_page_in_place_of_the_list_is_asked_past_at_once(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + DAY)
    world = await collect()
    world.server.inject(Fault("events", body=b"<html>bad gateway</html>"))
    await world.fire("update-status")
    assert len(world.calls("events")) == 2
    assert await world.query(CALLS) == [(200, None, None)]


async def test_d1_a_page_that_stays_in_place_of_the_list_is_an_outage_and_kept(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    world = await collect()
    world.server.inject(*[Fault("events", body=b"<html>bad gateway</html>")] * 3)
    with pytest.raises(FeedUnavailableError, match="with 200, free of credits, is no JSON"):
        await world.fire("update-status")
    ((status, _, kept),) = await world.query(CALLS)
    assert (status, zlib.decompress(kept)) == (200, b"<html>bad gateway</html>")


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(None, id="without a start"),
        pytest.param("9999-12-31T00:00:00Z", id="with a start that no day can be added to"),
    ],
)
async def test_an_event_that_cannot_be_read_is_set_aside_with_the_whole_body(
    collect: Collect, feed: Any, noon: datetime, start: str | None
) -> None:
    feed.add(noon + DAY)
    feed.add(noon + DAY)
    world = await collect()
    rows = [dict(row) for row in feed.events(feed.sport_key, noon)]
    rows[0]["commence_time"] = start
    world.server.inject(Fault("events", body=orjson.dumps(rows)))
    report = await world.fire("update-status")
    assert (report.counts["listed"], report.counts["malformed"]) == (1, 1)
    ((status, error, kept),) = await world.query(CALLS)
    assert (status, error, orjson.loads(zlib.decompress(kept))) == (200, "1 part could not be read", rows)
    assert await world.query("SELECT issue_type, event_id FROM operational.data_quality_logs") == [
        ("malformed", rows[0]["id"])
    ]


async def test_a_sport_that_the_feed_does_not_know_is_refused_with_its_answer_kept(
    collect: Collect, feed: Any
) -> None:
    world = await collect()
    feed.sport_key = "basketball_moon"
    world.server.inject(Fault("events", status=404, error_code="UNKNOWN_SPORT", message="Unknown sport"))
    with pytest.raises(UnknownSportError):
        await world.fire("update-status")
    ((status, error, kept),) = await world.query(CALLS)
    assert (status, b"UNKNOWN_SPORT" in zlib.decompress(kept)) == (404, True)
    assert "UNKNOWN_SPORT" in error


async def test_an_outage_makes_no_game_absent(collect: Collect, feed: Any, noon: datetime) -> None:
    game = feed.add(noon + 5 * DAY)
    world = await collect()
    await world.fire("update-status")
    for _ in range(4):
        world.server.inject(*[Fault("events", status=502)] * 3)
        with pytest.raises(FeedUnavailableError):
            await world.fire_after(timedelta(hours=12), "update-status")
    assert await world.query(EVENTS) == [(game.event_id, 0)]
