"""One look at all odds of a sport: when it is due, and whatever the feed answers."""

import zlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from core.feed.errors import FeedError, FeedUnavailableError, PayloadError
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.fetch_odds import look, plan_fetch_odds
from handlers.jobs import JobRun
from handlers.planning import read_state
from storage.runs import RunOutcome

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CALLS = "SELECT endpoint, status, error IS NULL, body IS NULL FROM raw_data.api_responses ORDER BY id"
LEDGER = "SELECT endpoint, expected, charged, remaining, used FROM operational.credit_ledger ORDER BY id"
ODDS, EVENTS = "/v4/sports/basketball_nba/odds", "/v4/sports/basketball_nba/events"


async def test_when_nothing_is_known_the_free_list_is_read_first(collect: Collect) -> None:
    world = await collect()
    report = await world.fire()
    assert (report.outcome, [call.endpoint for call in world.server.calls]) == (RunOutcome.SKIPPED, ["events"])
    assert report.reason.startswith("no upcoming game")
    assert (await world.armed()).at == world.clock.now() + DAY


async def test_a_new_game_on_the_free_list_is_looked_at_at_once(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    report = await world.fire()
    assert [call.endpoint for call in world.server.calls] == ["events", "odds"]
    assert report.outcome is RunOutcome.STORED
    assert report.reason == "first look: Away 1 at Home 1 starts in 2 h"
    assert {"events": 1, "snapshots": 1, "quotes_stored": 4}.items() <= dict(report.counts).items()


async def test_d4_every_snapshot_has_its_run_and_every_quote_its_snapshot(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire()
    ((number,),) = await world.query("SELECT id FROM operational.job_runs")
    assert await world.query("SELECT DISTINCT job_run_id FROM raw_data.odds_snapshots") == [(number,)]
    assert await world.query("SELECT DISTINCT job_run_id FROM operational.fetch_logs") == [(number,)]
    assert await world.query(
        "SELECT count(*) FROM core_betting.quotes JOIN raw_data.odds_snapshots AS s ON s.id = quotes.snapshot_id"
    ) == [(4,)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"no JSON at all", id="no JSON"),
        pytest.param(b'{"message": "we moved"}', id="an object in place of a list"),
        pytest.param(b"<html>\xff\xfe</html>", id="bytes that are no text"),
        pytest.param(b"", id="nothing"),
    ],
)
async def test_d1_a_body_that_is_not_the_contract_is_kept_whole_and_the_run_fails_clearly(
    collect: Collect, feed: Any, noon: datetime, body: bytes
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", body=body))
    with pytest.raises(PayloadError, match="does not fit its contract at"):
        await world.fire()
    ((kept, error, number),) = await world.query(
        "SELECT body, error, job_run_id FROM raw_data.api_responses WHERE endpoint = :odds", odds=ODDS
    )
    assert zlib.decompress(kept) == body
    assert (await world.runs())[-1] == ("fetch-odds", "failed", error)
    assert await world.query("SELECT outcome FROM operational.job_runs WHERE id = :number", number=number) == [
        ("failed",)
    ]
    assert await world.query("SELECT count(*) FROM raw_data.odds_snapshots") == [(0,)]


async def test_what_cannot_be_read_is_set_aside_while_the_rest_is_stored(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    feed.add(noon + 3 * HOUR)
    feed.add(noon + 4 * HOUR)
    world = await collect()
    await world.fire("update-status")
    events = orjson.loads(orjson.dumps(feed.odds(feed.sport_key, noon).events))
    events[1]["commence_time"] = "after lunch"
    events[2]["bookmakers"][0]["markets"][0]["outcomes"][0]["price"] = "evens"
    world.server.inject(Fault("odds", body=orjson.dumps(events)))
    report = await world.fire()
    assert {"events": 2, "snapshots": 2, "malformed": 2}.items() <= dict(report.counts).items()
    issues = await world.query(
        "SELECT event_id, severity, path, raw_fragment FROM operational.data_quality_logs"
        " WHERE issue_type = 'malformed' ORDER BY event_id"
    )
    assert [(event_id[-1], severity) for event_id, severity, _, _ in issues] == [("2", "error"), ("3", "error")]
    assert "after lunch" in issues[0][3]
    assert "evens" in issues[1][3]
    ((kept, error),) = await world.query(
        "SELECT body, error FROM raw_data.api_responses WHERE endpoint = :odds", odds=ODDS
    )
    assert error == "2 parts could not be read"
    assert orjson.loads(zlib.decompress(kept)) == events


async def test_games_in_play_are_counted_and_left_out(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon - HOUR)
    feed.add(noon + 2 * HOUR)
    world = await collect()
    report = await world.fire()
    assert {"events": 2, "in_play": 1, "quotes_seen": 4, "quotes_stored": 4}.items() <= dict(report.counts).items()
    assert await world.query(
        "SELECT DISTINCT event_id FROM core_betting.selections JOIN core_betting.quotes"
        " ON quotes.selection_id = selections.id"
    ) == [(feed.games[1].event_id,)]
    assert await world.query("SELECT event_id, fetch_tier FROM raw_data.odds_snapshots ORDER BY 1") == [
        (feed.games[0].event_id, "in_play"),
        (feed.games[1].event_id, "closing"),
    ]


async def test_a_game_that_starts_between_plan_and_look_does_not_close_with_an_in_play_price(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon + 20 * MINUTE)
    world = await collect()
    await world.fire()
    game.commence_time = noon + 10 * MINUTE
    game.prices = (-900, 600)
    await world.fire_after(15 * MINUTE)
    assert await world.query("SELECT max(price) FROM core_betting.quotes") == [(130,)]


async def test_every_answered_call_is_in_the_credit_ledger(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect(plan_credits=100)
    await world.fire()
    world.server.inject(Fault("odds", status=422, error_code="INVALID_REGION"))
    with pytest.raises(Exception, match="INVALID_REGION"):
        await world.fire_after(30 * MINUTE)
    world.server.inject(*[Fault("odds", status=503)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire_after(3 * MINUTE)
    assert await world.query(LEDGER) == [
        (EVENTS, 0, 0, 100, 0),
        (ODDS, 1, 1, 99, 1),
        (ODDS, 1, 0, 99, 1),
        (ODDS, 1, 0, 99, 1),
    ]
    assert [row[1:] for row in await world.query(CALLS)] == [
        (200, True, True),
        (200, True, True),
        (422, False, False),
        (503, False, False),
    ]


async def test_a_feed_without_an_answer_leaves_no_call_but_a_failed_run(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(*[Fault("odds", reset=True)] * 3)
    with pytest.raises(FeedUnavailableError):
        await world.fire()
    (_, outcome, reason) = (await world.runs())[-1]
    assert outcome == "failed"
    assert ODDS in reason
    assert await world.query("SELECT count(*) FROM operational.credit_reservations WHERE settled_at IS NULL") == [
        (0,)
    ]


async def test_a_passing_fault_is_not_a_failure(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", status=503), Fault("odds", status=429, error_code="EXCEEDED_FREQ_LIMIT"))
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert len(world.calls("odds")) == 3


async def test_an_empty_answer_is_a_look_too(collect: Collect, feed: Any, noon: datetime) -> None:
    """The list has a game that no bookmaker prices yet: it is not asked for again at once."""
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    world.server.inject(Fault("odds", body=b"[]"))
    assert (await world.fire()).outcome is RunOutcome.STORED
    assert (await world.armed()).at == noon + 30 * MINUTE


async def test_a_look_asked_for_by_hand_asks_whatever_the_plan_says(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire()
    world.clock.advance(MINUTE)
    ((number,),) = await world.query("SELECT max(id) FROM operational.job_runs")
    report = await look(world.app, JobRun(Trigger("fetch-odds", feed.sport_key, noon, "by hand"), number))
    assert (report.snapshots, report.quotes_stored) == (1, 0)


async def test_the_plan_names_tier_and_reason(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 26 * HOUR)
    world = await collect()
    await world.fire()
    trigger = await plan_fetch_odds(world.app, await read_state(world.app, feed.sport_key))
    assert (trigger.at, trigger.tier) == (noon + 2 * HOUR, "sharp")
    assert trigger.reason == "tier boundary: Away 1 at Home 1 enters sharp, 1 d before its start"


async def test_s1_the_key_is_nowhere_though_the_feed_repeats_it(
    collect: Collect, feed: Any, noon: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.add(noon + 170 * MINUTE)
    world = await collect()
    key = world.app.settings.feed.api_key.get_secret_value()
    echo = f"you asked /odds?apiKey={key}"
    await world.fire()
    for fault in (
        Fault("odds", body=echo.encode()),
        Fault("odds", status=422, error_code="INVALID_REGION", message=echo),
        Fault("odds", status=401, error_code="INVALID_KEY", message=echo),
        Fault("odds", body=orjson.dumps([{"id": "e1", "commence_time": echo}])),
        *[Fault("odds", reset=True)] * 3,
    ):
        world.server.inject(fault)
    for _ in range(3):
        with pytest.raises(FeedError) as failure:
            await world.fire_after(31 * MINUTE)
        assert key not in repr(failure.value)
    await world.fire_after(31 * MINUTE)
    with pytest.raises(FeedUnavailableError) as failure:
        await world.fire_after(31 * MINUTE)
    assert key not in repr(failure.value)
    stored = await world.everything_stored()
    assert "you asked /odds?apiKey=[redacted]" in stored
    assert key not in stored
    logged = capsys.readouterr().out
    assert "INVALID_REGION" in logged
    assert key not in logged
