"""Runs are listed the newest first, with how late each began."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.feed.values import CreditReading, FeedAnswer
from core.triggers.base import Trigger
from storage.calls import store_call
from storage.database import Database
from storage.run_list import RunFilter, read_runs
from storage.runs import RunOutcome, begin_run, finish_run

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPORT = "basketball_nba"

Credits = Callable[[datetime, int], Awaitable[None]]


async def record(database: Database, credits_left: Credits) -> None:
    """Record three runs: one stored, one failed, one of another job."""
    for minutes, job, outcome in (
        (0, "fetch-odds", RunOutcome.STORED),
        (30, "fetch-odds", RunOutcome.FAILED),
        (60, "update-status", RunOutcome.STORED),
    ):
        at = NOON + minutes * MINUTE
        async with database.transaction() as connection:
            number = await begin_run(
                connection, job=job, sport_key=SPORT, scheduled_at=at, started_at=at + 2 * MINUTE, reason="planned"
            )
        assert number is not None
        await credits_left(at, 97 - minutes // 30)
        async with database.transaction() as connection:
            await finish_run(
                connection,
                number,
                finished_at=at + 3 * MINUTE,
                outcome=outcome,
                reason="done",
                next_run=Trigger(job, SPORT, at + 90 * MINUTE, "3 h sampling"),
                report={"events": 3},
            )


@pytest.mark.parametrize(
    ("wanted", "minutes"),
    [
        pytest.param(RunFilter(10), [60, 30, 0], id="all, the newest first"),
        pytest.param(RunFilter(1), [60], id="the newest"),
        pytest.param(RunFilter(10, job="fetch-odds"), [30, 0], id="of one job"),
        pytest.param(RunFilter(10, failed=True), [30], id="that failed"),
    ],
)
async def test_runs_are_found(
    database: Database, credits_left: Credits, wanted: RunFilter, minutes: list[int]
) -> None:
    await record(database, credits_left)
    async with database.transaction() as connection:
        runs = await read_runs(connection, wanted)
    assert [run.scheduled_at for run in runs] == [NOON + each * MINUTE for each in minutes]
    assert {run.late for run in runs} == {2 * MINUTE}
    assert runs[0].report == {"events": 3}


async def test_a_run_is_listed_with_the_credits_before_and_after_it(
    database: Database, credits_left: Credits
) -> None:
    await record(database, credits_left)
    async with database.transaction() as connection:
        runs = await read_runs(connection, RunFilter(10))
    assert [(run.credits_before, run.credits_after) for run in runs] == [(96, 95), (97, 96), (None, 97)]


async def test_a_run_is_listed_with_what_its_own_calls_were_charged(database: Database) -> None:
    """Runs at the same time spend from one balance, and a run may make several calls."""
    numbers = [await begin(database, SPORT), await begin(database, "icehockey_nhl"), await begin(database, "mma")]
    await charge(database, numbers[0], 3, NOON + MINUTE)
    await charge(database, numbers[1], 1, NOON + MINUTE)
    await charge(database, numbers[1], 2, NOON + 3 * MINUTE)
    async with database.transaction() as connection:
        runs = await read_runs(connection, RunFilter(10))
        newest = await read_runs(connection, RunFilter(1))
    assert [(run.number, run.credits_charged) for run in runs] == [
        (numbers[2], None),
        (numbers[1], 3),
        (numbers[0], 3),
    ]
    assert newest == runs[:1]


async def begin(database: Database, sport_key: str) -> int:
    """Return the number of a run of noon that has begun."""
    async with database.transaction() as connection:
        number = await begin_run(
            connection, job="fetch-odds", sport_key=sport_key, scheduled_at=NOON, started_at=NOON, reason="planned"
        )
    assert number is not None
    return number


async def charge(database: Database, number: int, credits_: int, at: datetime) -> None:
    """Log a call of a run with its price."""
    answer = FeedAnswer(f"/v4/sports/{SPORT}/odds", {}, 200, {}, b"[]", CreditReading(90, 10, credits_), at, 1.0)
    async with database.transaction() as connection:
        await store_call(connection, answer, expected_credits=credits_, job_run_id=number)
