"""What CloudWatch is told of runs: one line each, whatever becomes of the run, and each close once."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import LinekeeperError
from core.metrics import Metric, MetricsEmitter
from core.redaction import Redactor
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.measuring import closing_metrics, run_and_measure
from storage.closing import Close
from storage.statements import fetch

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CREDITS = {"CreditsLeft", "CreditsSpendable", "CreditsAtReset"}

Collect = Callable[..., Awaitable[Any]]


class Watched:
    """A collector, and what CloudWatch reads of its runs."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.stream = io.StringIO()
        self.metrics = MetricsEmitter(self.stream, clock=world.clock, redactor=Redactor(()))

    async def run(self, job: str, *, late: timedelta = timedelta(0), slot: datetime | None = None) -> None:
        """Run a job that was due some time ago."""
        at = slot or self.world.clock.now() - late
        await run_and_measure(
            self.world.app, Trigger(job, self.world.feed.sport_key, at, "as planned"), self.metrics
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return every document told, without its metadata."""
        documents = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [{name: value for name, value in one.items() if name != "_aws"} for one in documents]

    @property
    def looked_at(self) -> list[set[str]]:
        """Return, of every document told, what CloudWatch makes a metric of."""
        documents = [json.loads(line)["_aws"]["CloudWatchMetrics"] for line in self.stream.getvalue().splitlines()]
        return [{metric["Name"] for metric in directive["Metrics"]} for [directive] in documents]


@pytest.fixture
async def watched(collect: Collect) -> Watched:
    return Watched(await collect())


async def test_a_good_look_tells_its_lateness_what_it_brought_and_the_credits_left(
    watched: Watched, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 5 * MINUTE)
    await watched.run("fetch-odds", late=20 * timedelta(seconds=1))
    assert watched.lines == [
        {
            "job": "fetch-odds",
            "sport_key": feed.sport_key,
            "RunFailed": 0,
            "FetchSuccess": 1,
            "Lateness": 20,
            "Events": 1,
            "QuotesSeen": 4,
            "QuotesStored": 4,
            "CreditsLeft": 499,
            "CreditsSpendable": 449,
            "CreditsAtReset": pytest.approx(500 - 31 / 9.5, abs=0.1),
        }
    ]


async def test_only_what_an_alarm_or_a_graph_looks_at_is_a_metric_of_a_run(
    watched: Watched, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 5 * MINUTE)
    await watched.run("update-status")
    await watched.run("fetch-odds")
    await watched.run("fetch-scores")
    looked = {"FetchSuccess", "Lateness", "Events", "QuotesSeen", "QuotesStored"}
    assert watched.looked_at == [{"FetchSuccess", *CREDITS}, looked]
    watched.world.clock.advance(MINUTE)
    watched.world.server.inject(*[Fault("events", status=503)] * 3)
    with pytest.raises(LinekeeperError):
        await watched.run("update-status")
    assert watched.looked_at[-1] == {"RunFailed", "FetchSuccess", *CREDITS}


async def test_what_looks_may_spend_goes_by_the_plan_that_the_feed_tells_as_the_planner_does(
    collect: Collect,
) -> None:
    watched = Watched(await collect(plan_credits=20_000, ODDS_API_QUOTA=500))
    watched.world.server.account.used = 18_001
    await watched.run("update-status")
    [told] = watched.lines
    assert (told["CreditsLeft"], told["CreditsSpendable"]) == (1_999, 0)


async def test_the_credits_of_an_account_are_a_metric_of_its_first_sport_alone(collect: Collect) -> None:
    world = await collect()
    collection = world.app.settings.collection.model_copy(update={"sports": ("icehockey_nhl", "basketball_nba")})
    settings = replace(world.app.settings, collection=collection)
    watched = Watched(replace(world, app=replace(world.app, settings=settings)))
    await watched.run("update-status")
    assert watched.looked_at == [{"FetchSuccess"}]
    assert watched.lines[0].keys() >= CREDITS


async def test_keys_that_the_feed_refuses_are_a_metric_of_the_job_whatever_the_sport_until_none_is_refused(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 2 * HOUR)
    watched = Watched(await collect(bookmakers=("draftkings", "nobody", "no_one")))
    await watched.run("fetch-odds")
    feed.bookmaker_keys = frozenset({"nobody", "no_one"})
    watched.world.clock.advance(30 * MINUTE)
    await watched.run("fetch-odds")
    refused, *looks = watched.lines
    assert (refused, watched.looked_at[0]) == ({"job": "fetch-odds", "KeysRefused": 2}, {"KeysRefused"})
    assert [(look["RunFailed"], look["FetchSuccess"]) for look in looks] == [(0, 1), (0, 1)]
    counted = "SELECT report->'keys_refused' FROM operational.job_runs WHERE job = 'fetch-odds' ORDER BY id"
    assert await watched.world.query(counted) == [(2,), (0,)]


async def test_a_failed_run_is_no_fetch_success_and_is_raised(watched: Watched) -> None:
    watched.world.server.inject(*[Fault("events", status=503)] * 3)
    with pytest.raises(LinekeeperError):
        await watched.run("update-status")
    [told] = watched.lines
    assert (told["RunFailed"], told["FetchSuccess"]) == (1, 0)


async def test_an_account_without_credits_is_told_though_the_look_fails(
    watched: Watched, feed: Any, noon: datetime
) -> None:
    feed.add(noon + 5 * MINUTE)
    await watched.run("update-status")
    watched.world.server.account.used = watched.world.server.account.plan_credits
    with pytest.raises(LinekeeperError):
        await watched.run("fetch-odds")
    _, told = watched.lines
    assert (told["FetchSuccess"], told["CreditsLeft"]) == (0, 0)


async def test_a_run_cut_off_by_its_deadline_is_told_as_failed(watched: Watched) -> None:
    watched.world.server.inject(Fault("events", delay=20))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await watched.run("update-status")
    [told] = watched.lines
    assert (told["RunFailed"], told["FetchSuccess"]) == (1, 0)


async def test_a_run_that_had_nothing_to_do_is_neither_a_success_nor_a_failure(watched: Watched) -> None:
    await watched.run("fetch-odds")
    [told] = watched.lines
    assert told["RunFailed"] == 0
    assert "FetchSuccess" not in told


async def by_sqlalchemy(connection: AsyncConnection) -> None:
    await connection.execute(text("SELECT 1 / 0"))


async def by_the_driver(connection: AsyncConnection) -> None:
    await fetch(connection, "SELECT 1 / 0", {})


@pytest.mark.parametrize("read", [by_sqlalchemy, by_the_driver])
async def test_a_good_run_stays_one_though_what_it_came_to_cannot_be_read(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, read: Callable[[AsyncConnection], Awaitable[None]]
) -> None:
    async def unreadable(connection: AsyncConnection) -> None:
        await read(connection)

    monkeypatch.setattr("handlers.measuring.read_balance", unreadable)
    await watched.run("update-status")
    [told] = watched.lines
    assert (told["RunFailed"], told["FetchSuccess"]) == (0, 1)
    assert "CreditsLeft" not in told


async def test_each_game_that_started_is_told_once_with_its_close(
    watched: Watched, feed: Any, noon: datetime
) -> None:
    """One game is looked at five minutes before its start, one hours before, one was never looked at."""
    closed, missed, unseen = (feed.add(noon + hours * HOUR) for hours in (2, 4, 6))
    unseen.listed = False
    await watched.run("update-status")
    for game in (closed, missed):
        watched.world.clock.advance_to(game.commence_time - 5 * MINUTE)
        if game is closed:
            await watched.run("fetch-odds")
            unseen.listed = True
        watched.world.clock.advance_to(game.commence_time + MINUTE)
        slot = watched.world.clock.now()
        await watched.run("update-status")
        await watched.run("update-status", slot=slot)
    watched.world.clock.advance_to(unseen.commence_time + MINUTE)
    watched.world.server.inject(*[Fault("events", status=503)] * 3)
    with pytest.raises(LinekeeperError):
        await watched.run("update-status")
    watched.world.clock.advance(5 * MINUTE)
    await watched.run("update-status")
    watched.world.clock.advance(5 * MINUTE)
    await watched.run("update-status")
    told = [line for line in watched.lines if "ClosingCoverage" in line]
    assert [line["ClosingCoverage"] for line in told] == [100, 0, 0]
    assert [line["MissedCloses"] for line in told] == [0, 1, 1]
    assert [line.get("CloseAgeMinutes") for line in told] == [[5], [125], None]


def test_more_closes_than_cloudwatch_takes_are_counted_all_and_told_in_part(noon: datetime) -> None:
    closes = [Close(str(number), "s", None, None, noon, noon - MINUTE) for number in range(150)]
    told = closing_metrics([*closes, Close("x", "s", None, None, noon, None)])
    assert told == {
        Metric.CLOSING_COVERAGE: 100 * 150 / 151,
        Metric.MISSED_CLOSES: 1,
        Metric.CLOSE_AGE_MINUTES: [1.0] * 100,
    }


def test_where_no_game_has_started_there_is_no_coverage_to_tell() -> None:
    assert closing_metrics([]) == {}
