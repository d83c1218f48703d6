"""What was paid for while the database was away comes in later: once, and as of the instant at which it came."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.errors import AnswerNotStoredError, DatabaseLostError, DatabaseUnreachableError, LeaseLostError
from core.feed.lost_answers import LostAnswer, find_answers
from core.simulation.faults import Fault
from core.simulation.uncertain_scheduler import UncertainScheduler
from core.triggers.base import Trigger
from handlers.lost_answers import import_lost_answers
from handlers.runs import run_job
from handlers.simulation.process import Disturb, Process, Step

Collect = Callable[..., Awaitable[Any]]
Captured = pytest.CaptureFixture[str]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ODDS_AT = "SELECT outcome_name, price FROM core_betting.odds_at(:event_id, :at) ORDER BY 1, bookmaker_key"
CHARGED = "SELECT recorded_at, charged FROM operational.credit_ledger WHERE charged > 0 ORDER BY id"
CUT = DatabaseUnreachableError("cut")


async def run(world: Any, disturb: Disturb, job: str = "fetch-odds") -> None:
    """Run a job now, in a process that meets what disturbs it."""
    trigger = Trigger(job, world.feed.sport_key, world.clock.now(), "as planned", "closing")
    scheduler = UncertainScheduler(world.clock, random.Random(1))
    await run_job(Process(scheduler, disturb).app(world.app), trigger)


def once_answered(endpoint: str, happens: Exception, at: str = "transaction: begins") -> Disturb:
    """Return what meets each transaction, at a step of it, from the answer of an endpoint on."""
    answered = False

    async def disturb(step: Step) -> None:
        nonlocal answered
        answered = answered or step.name == f"feed: {endpoint} answered"
        if answered and step.name == at:
            raise happens

    return disturb


async def lose(world: Any, captured: Captured, endpoint: str = "odds") -> tuple[LostAnswer, ...]:
    """Return what the log tells of a run whose database is away through all tries, once the feed has answered."""
    captured.readouterr()
    job = "fetch-odds" if endpoint == "odds" else "fetch-scores"
    with pytest.raises(AnswerNotStoredError):
        await run(world, once_answered(endpoint, CUT), job)
    return told(captured)


def told(captured: Captured) -> tuple[LostAnswer, ...]:
    """Return the lost answers of which the log tells, all of them whole."""
    found = find_answers(captured.readouterr().out.splitlines())
    assert found.faults == ()
    return found.answers


async def begin(collect: Collect, feed: Any, noon: datetime) -> Any:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    return world


async def test_what_a_database_that_is_away_did_not_take_comes_in_from_the_log(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    lost = await lose(world, capsys)
    received_at = lost[0].answer.received_at
    assert await world.query("SELECT id FROM raw_data.odds_snapshots") == []
    world.clock.advance(3 * HOUR)
    [report] = await import_lost_answers(world.app, lost)
    assert (report.is_new, report.snapshots, report.quotes, report.error) == (True, 1, 4, None)
    assert await world.query(CHARGED) == [(received_at, 1)]
    assert await world.query("SELECT snapshot_time, source, fetch_tier FROM raw_data.odds_snapshots") == [
        (received_at, "live", "closing")
    ]


async def test_the_same_log_again_changes_nothing(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    lost = await lose(world, capsys)
    await import_lost_answers(world.app, lost)
    before = await world.rows()
    world.clock.advance(HOUR)
    [report] = await import_lost_answers(world.app, lost)
    assert not report.is_new
    assert await world.rows() == before


async def test_d7_it_is_known_from_the_instant_at_which_it_came_and_changes_nothing_of_later(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    game = feed.games[0]
    await world.fire()
    world.clock.advance(30 * MINUTE)
    game.prices = (-200, 170)
    (lost,) = await lose(world, capsys)
    world.clock.advance(30 * MINUTE)
    game.prices = (-110, -110)
    await world.fire()
    newest = world.clock.now()

    async def seen(at: datetime) -> list[int]:
        return [price for _, price in await world.query(ODDS_AT, event_id=game.event_id, at=at)]

    received_at, before_it = lost.answer.received_at, lost.answer.received_at - timedelta(microseconds=1)
    assert await seen(received_at) == [130, 130, -150, -150]
    await import_lost_answers(world.app, [lost])
    assert await seen(before_it) == [130, 130, -150, -150]
    assert await seen(received_at) == [170, 170, -200, -200]
    assert await seen(newest) == [-110, -110, -110, -110]


async def test_d4_the_ledger_tells_when_it_was_taken_in_and_by_what(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    (lost,) = await lose(world, capsys)
    world.clock.advance(3 * HOUR)
    await import_lost_answers(world.app, [lost])
    by = (
        "SELECT runs.job, runs.scheduled_at, runs.started_at, runs.outcome, runs.report->'run_number'"
        " FROM raw_data.odds_snapshots AS snapshots JOIN operational.job_runs AS runs ON runs.id = job_run_id"
    )
    assert await world.query(by) == [
        ("import-fetch-odds", lost.answer.received_at, world.clock.now(), "stored", lost.run_number)
    ]


async def test_d3_what_was_stored_though_nobody_could_say_so_is_not_stored_twice(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    in_doubt = DatabaseLostError("cut while a transaction was committed, which may have taken effect")
    capsys.readouterr()
    with pytest.raises(AnswerNotStoredError):
        await run(world, once_answered("odds", in_doubt, at="transaction: committed"))
    lost = told(capsys)
    stored = "SELECT (SELECT count(*) FROM raw_data.odds_snapshots), (SELECT count(*) FROM core_betting.quotes)"
    before = [*await world.query(stored), *await world.query(CHARGED)]
    assert before[0] == (1, 4)
    [report] = await import_lost_answers(world.app, lost)
    assert (report.snapshots, report.quotes) == (0, 0)
    assert [*await world.query(stored), *await world.query(CHARGED)] == before


async def test_what_a_run_was_cut_off_with_is_told(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    capsys.readouterr()
    waiting, answered = asyncio.Event(), False

    async def hang(step: Step) -> None:
        nonlocal answered
        answered = answered or step.name == "feed: odds answered"
        if answered and step.name == "transaction: commits":
            waiting.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(run(world, hang))
    await waiting.wait()
    task.cancel()
    await asyncio.wait([task])
    [report] = await import_lost_answers(world.app, told(capsys))
    assert report.snapshots == 1


async def test_c8_a_run_that_has_lost_its_turn_writes_nothing_and_tells_the_log(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    capsys.readouterr()

    async def overtaken(step: Step) -> None:
        if step.name == "feed: odds answered":
            async with world.app.database.transaction() as connection:
                await connection.execute(text("UPDATE operational.job_leases SET generation = generation + 1"))

    with pytest.raises(LeaseLostError):
        await run(world, overtaken)
    assert await world.query("SELECT id FROM raw_data.odds_snapshots") == []
    [report] = await import_lost_answers(world.app, told(capsys))
    assert report.snapshots == 1


async def test_what_cannot_be_read_is_kept_whole_with_what_it_cost(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    feed.garbled = b"<html>odds</html>"
    (lost,) = await lose_unread(world, capsys)
    [report] = await import_lost_answers(world.app, [lost])
    assert report.error is not None
    assert "does not fit its contract" in report.error
    assert "<html>odds</html>" in await world.everything_stored()
    assert await world.query(CHARGED) == [(lost.answer.received_at, 1)]


async def lose_unread(world: Any, captured: Captured) -> tuple[LostAnswer, ...]:
    captured.readouterr()
    with pytest.raises(Exception, match="does not fit its contract"):
        await run(world, once_answered("odds", CUT))
    return told(captured)


async def test_a_result_comes_in_where_none_is_known_and_no_later_one_is_undone(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    games = [feed.add(noon - 3 * HOUR), feed.add(noon - 3 * HOUR)]
    world = await collect()
    await world.fire("fetch-scores")
    for game in games:
        game.listed, game.completed_at, game.score = False, noon, (101, 99)
    world.clock.advance(15 * MINUTE)
    lost = await lose(world, capsys, "scores")
    games[0].score = (103, 99)
    games[1].completed_at = None
    await world.fire_after(HOUR, "fetch-scores")
    [report] = await import_lost_answers(world.app, lost)
    assert (report.is_new, report.results) == (True, 1)
    results = "SELECT status, home_score, away_score FROM core_betting.events ORDER BY id"
    assert await world.query(results) == [("final", 103, 99), ("final", 101, 99)]


async def test_s1_the_key_is_not_in_it_though_the_feed_repeats_it(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    key = world.app.settings.feed.api_key.get_secret_value()
    feed.garbled = f"[] you asked with {key}".encode()
    (lost,) = await lose_unread(world, capsys)
    assert lost.answer.body == b"[] you asked with [redacted]"
    assert key not in repr(lost)


async def test_a_refusal_that_could_not_be_kept_is_kept_too(
    collect: Collect, feed: Any, noon: datetime, capsys: Captured
) -> None:
    world = await begin(collect, feed, noon)
    world.server.inject(Fault("odds", 0, 401, "INVALID_KEY", "no such key"))
    capsys.readouterr()

    async def away(step: Step) -> None:
        if step.name.startswith("transaction") and world.calls("odds"):
            raise CUT

    with pytest.raises(Exception, match="INVALID_KEY"):
        await run(world, away)
    [report] = await import_lost_answers(world.app, told(capsys))
    assert report.error is not None
    assert "no such key" in await world.everything_stored()
