"""What is answered and cannot be used: kept whole, booked, and not paid for again at once."""

import io
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from core.errors import AnswerNotStoredError
from core.metrics import MetricsEmitter
from core.redaction import Redactor

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FALLBACK = timedelta(minutes=30)
KEPT = "SELECT endpoint, error, body FROM raw_data.api_responses WHERE error <> ''"
CHARGED = "SELECT endpoint, charged FROM operational.credit_ledger WHERE charged > 0 ORDER BY id"


async def refuse(world: Any, table: str, but: str = "false") -> None:
    """Let the database refuse all that is written to a table, but for rows of which something is true."""
    async with world.app.database.transaction() as connection:
        await connection.execute(text(f"ALTER TABLE {table} ADD CHECK ({but}) NOT VALID"))


async def test_d1_odds_that_the_database_refuses_are_kept_whole_with_what_they_cost(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await refuse(world, "core_betting.quotes")
    with pytest.raises(AnswerNotStoredError, match="paid for and could not be stored: CheckViolationError"):
        await world.fire()
    ((endpoint, error, body),) = await world.query(KEPT)
    assert endpoint.endswith("/odds")
    assert error == (await world.runs())[-1][2]
    assert [row["id"] for row in orjson.loads(zlib.decompress(body))] == [feed.games[0].event_id]
    assert await world.query(CHARGED) == [(endpoint, 1)]


async def test_q1_what_the_database_refuses_is_not_paid_for_again_before_a_fallback_interval(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await refuse(world, "core_betting.quotes")
    with pytest.raises(AnswerNotStoredError):
        await world.fire()
    assert (await world.armed()).at == noon + FALLBACK
    world.clock.advance(MINUTE)
    assert (await world.fire(at=noon)).reason == "this slot has been run"
    assert world.server.credits_used == 1


async def test_an_answer_of_which_nothing_can_be_kept_is_told_of_and_not_paid_for_again_at_once(
    collect: Collect, feed: Any, noon: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await refuse(world, "core_betting.quotes")
    await refuse(world, "raw_data.api_responses")
    with pytest.raises(AnswerNotStoredError, match="paid for and could not be stored"):
        await world.fire()
    (told,) = [line for line in capsys.readouterr().out.splitlines() if "feed.answer_lost" in line]
    assert "charged=1" in told
    assert "/odds" in told
    assert (await world.armed()).at == noon + FALLBACK


async def test_every_answer_of_which_nothing_can_be_kept_is_a_metric_of_the_deployment(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    told = io.StringIO()
    metrics = MetricsEmitter(told, clock=world.clock, redactor=Redactor(()))
    world = replace(world, app=replace(world.app, metrics=metrics))
    await world.fire("update-status")
    await refuse(world, "core_betting.quotes")
    with pytest.raises(AnswerNotStoredError):
        await world.fire()
    assert told.getvalue() == "", "its call keeps it whole"
    await refuse(world, "raw_data.api_responses")
    with pytest.raises(AnswerNotStoredError):
        await world.fire_after(FALLBACK)
    document = orjson.loads(told.getvalue())
    [directive] = document["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [[]]
    assert directive["Metrics"] == [{"Name": "AnswersLost", "Unit": "Count"}]
    assert document["AnswersLost"] == 1


async def test_results_that_the_database_refuses_are_kept_and_booked_too(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    game = feed.add(noon - 3 * HOUR)
    world = await collect()
    await world.fire("fetch-scores")
    game.listed, game.completed_at, game.score = False, noon, (101, 99)
    await refuse(world, "core_betting.events", "status <> 'final'")
    with pytest.raises(AnswerNotStoredError):
        await world.fire_after(15 * MINUTE, "fetch-scores")
    (endpoint,) = [endpoint for endpoint, _, _ in await world.query(KEPT)]
    assert await world.query(CHARGED) == [(endpoint, 2)]
