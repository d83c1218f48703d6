"""The collector in one process: it starts from the ledger, fires by itself, and stops when told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from core.clock import SystemClock
from core.config import load_settings
from core.database_url import parse_database_url
from core.errors import ConfigurationError, DatabaseUnreachableError
from core.simulation.faults import Fault
from core.simulation.server import FeedServer, serve
from core.triggers.base import Trigger
from handlers.app import open_feed
from handlers.long_running import Resources, collect
from storage.database import Database
from tests.wire.wire import containing, wire_to

HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 20


@pytest.fixture
async def served(feed: Any) -> AsyncIterator[FeedServer]:
    """Serve one game that starts in two hours."""
    feed.add(datetime.now(UTC).replace(microsecond=0) + 2 * HOUR)
    async with serve(feed, SystemClock(), api_key="k", rate_limit=None) as server:
        yield server


@pytest.fixture
async def resources(feed: Any, served: FeedServer, database: Database) -> AsyncIterator[Callable[..., Resources]]:
    """Yield what makes the resources of a collector of the small feed."""
    given = {"ODDS_API_KEY": "k", "ODDS_API_BASE_URL": served.base_url, "SPORTS": feed.sport_key, "MARKETS": "h2h"}
    settings = load_settings(**given)
    async with open_feed(settings, SystemClock()) as client:
        yield lambda **changes: Resources(load_settings(**given, **changes), SystemClock(), database, client)


async def collected(resources: Resources, until: Callable[[], Awaitable[bool]]) -> list[Trigger]:
    """Collect until a condition holds; return what was armed at first."""
    stop, armed = asyncio.Event(), list[Trigger]()

    def note(triggers: Sequence[Trigger]) -> None:
        armed.extend(triggers)

    task = asyncio.create_task(collect(resources, stop, note))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (task.done() or await until()):
            await asyncio.wait([task], timeout=0.02)
    stop.set()
    await task
    return armed


def has_run(database: Database, *jobs: str) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        async with database.transaction() as connection:
            ended = text("SELECT job FROM operational.job_runs WHERE outcome <> 'running'")
            return {job for (job,) in await connection.execute(ended)} >= set(jobs)

    return asked


async def test_it_finds_the_games_and_looks_at_them_by_itself(
    resources: Callable[..., Resources], database: Database, served: FeedServer
) -> None:
    armed = await collected(resources(), has_run(database, "update-status", "fetch-odds"))
    assert {trigger.job for trigger in armed} == {"update-status", "fetch-odds", "fetch-scores"}
    assert {call.endpoint for call in served.calls} == {"events", "odds"}


async def test_after_a_restart_it_goes_on_where_it_left_off(
    resources: Callable[..., Resources], database: Database, served: FeedServer
) -> None:
    await collected(resources(), has_run(database, "update-status", "fetch-odds"))
    calls = len(served.calls)
    armed = await collected(resources(), has_run(database))
    assert all(trigger.at > datetime.now(UTC) for trigger in armed)
    assert len(served.calls) == calls


async def test_a_failing_feed_does_not_end_it(
    resources: Callable[..., Resources], database: Database, served: FeedServer
) -> None:
    served.inject(*[Fault("events", status=422, error_code="INVALID_DATE_FORMAT")] * 2)
    await collected(resources(), has_run(database, "update-status"))
    async with database.transaction() as connection:
        rows = await connection.execute(text("SELECT outcome, next_run_at > started_at FROM operational.job_runs"))
        assert ("failed", True) in {tuple(row) for row in rows}


async def test_r3_a_run_that_meets_a_silent_database_is_given_up_and_the_chain_goes_on(
    resources: Callable[..., Resources], database_url: str, database: Database, served: FeedServer
) -> None:
    url = parse_database_url(database_url)
    async with wire_to(url.port) as wire:
        wire.swallow_from = containing("INSERT INTO raw_data.odds_snapshots")
        silent = Database(replace(url, port=wire.port), pooled=True)

        async def given_up() -> bool:
            if not any(line["event"] == "run.deadline" for line in lines):
                return False
            wire.mend()
            return True

        with capture_logs() as lines:
            limited = replace(resources(), database=silent, run_limit=timedelta(seconds=3))
            await collected(limited, given_up)
        await silent.close()
    [told] = [line for line in lines if line["event"] == "run.deadline"]
    assert (told["job"], told["seconds"]) == ("fetch-odds", 3)
    armed = await collected(resources(), has_run(database))
    assert {trigger.job for trigger in armed} == {"update-status", "fetch-odds", "fetch-scores"}


async def test_a_database_that_is_away_at_the_start_is_waited_for(
    resources: Callable[..., Resources], database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.long_running.DATABASE_WAIT", timedelta(seconds=0.1))
    url = parse_database_url(database_url)
    async with wire_to(url.port) as wire:
        away = Database(replace(url, port=wire.port), pooled=True, connect_deadline_seconds=0.2)
        await wire.refuse()

        async def back() -> bool:
            if any(line["event"] == "collector.waits_for_database" for line in lines):
                lines.clear()
                await wire.listen()
            return await has_run(database, "update-status")()

        with capture_logs() as lines:
            await collected(replace(resources(), database=away), back)
        await away.close()


async def test_a_database_that_is_not_there_is_not_waited_for(
    resources: Callable[..., Resources], database_url: str
) -> None:
    url = parse_database_url(database_url)
    refused = Database(replace(url, database="no_such_database"), pooled=True)
    with pytest.raises(DatabaseUnreachableError, match="no_such_database"):
        await collect(replace(resources(), database=refused), asyncio.Event())
    await refused.close()


class FailingClock(SystemClock):
    """The system's clock, which may fail."""

    fails = False

    def now(self) -> datetime:
        """Return the present instant, or fail."""
        if self.fails:
            raise OSError("no clock")
        return super().now()


async def test_a_heartbeat_that_breaks_does_not_end_the_collector(
    resources: Callable[..., Resources], database: Database
) -> None:
    given, clock = resources(), FailingClock()
    often = given.settings.scheduler.model_copy(update={"heartbeat_interval": timedelta(seconds=0.05)})
    settings = replace(given.settings, scheduler=often)
    ran = has_run(database, "update-status", "fetch-odds")

    async def has_broken_twice() -> bool:
        broke = sum(line["event"] == "heartbeat.broke" for line in lines)
        clock.fails = broke < 2 and (clock.fails or await ran())
        return bool(broke >= 2)

    with capture_logs() as lines:
        await collected(replace(given, settings=settings, clock=clock), has_broken_twice)


async def test_a_dry_run_asks_nothing_priced(
    resources: Callable[..., Resources], database: Database, served: FeedServer
) -> None:
    await collected(resources(SCHEDULER_DRY_RUN="true"), has_run(database, "update-status"))
    assert {call.endpoint for call in served.calls} == {"events"}


async def test_schedules_that_live_in_aws_are_left_there(resources: Callable[..., Resources]) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:fetch-odds"
    given = resources(SCHEDULER_BACKEND="aws", AWS_LAMBDA_ARN=arn)
    with pytest.raises(ConfigurationError, match="the schedules live in AWS"):
        await collect(given, asyncio.Event())
