import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.triggers.base import Trigger
from storage.database import Database
from storage.leases import read_standing
from storage.runs import ATTEMPTS, RunOutcome, begin_run, finish_run, leave_out_run
from storage.schedule import read_sport_state

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Begin = Callable[..., Awaitable[int | None]]
Finish = Callable[..., Awaitable[None]]
Credits = Callable[[datetime, int], Awaitable[None]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEXT = Trigger("fetch-odds", "basketball_nba", NOON + HOUR, "the game is near", "closing")


@pytest.fixture
def begin(database: Database) -> Begin:
    """Return what takes the slot of noon for fetching NBA odds, with changes."""

    async def take(**changes: Any) -> int | None:
        slot = {
            "job": "fetch-odds",
            "sport_key": "basketball_nba",
            "scheduled_at": NOON,
            "started_at": NOON + timedelta(seconds=7),
            "reason": "it was due",
            **changes,
        }
        async with database.transaction() as connection:
            return await begin_run(connection, **slot)

    return take


@pytest.fixture
def finish(database: Database) -> Finish:
    """Return what records that a run stored something and plans the next for one o'clock, with changes."""

    async def end(run_id: int | None, **changes: Any) -> None:
        assert run_id is not None
        how = {
            "finished_at": NOON + timedelta(seconds=9),
            "outcome": RunOutcome.STORED,
            "reason": "stored 3 snapshots",
            "next_run": NEXT,
            **changes,
        }
        async with database.transaction() as connection:
            await finish_run(connection, run_id, **how)

    return end


async def test_a_slot_is_taken_once(begin: Begin, query: Query) -> None:
    taken = await asyncio.gather(*(begin() for _ in range(5)))
    assert sorted(number is not None for number in taken) == [False] * 4 + [True]
    assert await query("SELECT outcome, reason FROM operational.job_runs") == [("running", "it was due")]


@pytest.mark.parametrize(
    "change",
    [{"job": "fetch-scores"}, {"sport_key": "basketball_wnba"}, {"scheduled_at": NOON + HOUR}],
    ids=["another job", "another sport", "another time"],
)
async def test_a_slot_is_a_job_a_sport_and_a_time(begin: Begin, change: dict[str, Any]) -> None:
    assert await begin() is not None
    assert await begin(**change) is not None


async def test_a_run_says_how_it_ended_and_what_comes_next(
    begin: Begin, finish: Finish, query: Query, credits_left: Credits
) -> None:
    await credits_left(NOON - HOUR, 500)
    number = await begin(tier="sharp")
    await credits_left(NOON, 497)
    await finish(number, report={"quotes_stored": 12, "at": NOON})
    assert await query(
        "SELECT outcome, reason, tier, started_at, finished_at, next_run_at, next_run_reason, next_run_tier,"
        " credits_before, credits_after, report FROM operational.job_runs"
    ) == [
        (
            "stored",
            "stored 3 snapshots",
            "sharp",
            NOON + timedelta(seconds=7),
            NOON + timedelta(seconds=9),
            NOON + HOUR,
            "the game is near",
            "closing",
            500,
            497,
            {"quotes_stored": 12, "at": "2026-01-10T12:00:00+00:00"},
        )
    ]


async def test_a_run_tells_the_credits_before_its_last_attempt(
    begin: Begin, finish: Finish, query: Query, credits_left: Credits
) -> None:
    number = await begin()
    assert await query("SELECT credits_before FROM operational.job_runs") == [(None,)]
    await finish(number, outcome=RunOutcome.FAILED)
    await credits_left(NOON, 320)
    await begin()
    assert await query("SELECT credits_before, credits_after FROM operational.job_runs") == [(320, None)]


async def test_a_run_that_is_tried_again_says_why_it_runs_and_nothing_of_the_attempt_before(
    begin: Begin, finish: Finish, query: Query
) -> None:
    number = await begin()
    await finish(number, outcome=RunOutcome.FAILED, reason="the feed hung up", report={"events": 3})
    await begin()
    assert await query("SELECT attempt, reason, report FROM operational.job_runs") == [(2, "it was due", None)]


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        pytest.param(RunOutcome.STORED, False, id="stored"),
        pytest.param(RunOutcome.SKIPPED, False, id="skipped"),
        pytest.param(RunOutcome.FAILED, True, id="failed"),
    ],
)
async def test_only_a_run_that_failed_may_be_tried_again(
    begin: Begin, finish: Finish, outcome: RunOutcome, again: bool
) -> None:
    number = await begin()
    await finish(number, outcome=outcome)
    assert await begin() == (number if again else None)


async def test_a_run_that_ended_well_is_not_made_a_failure(begin: Begin, finish: Finish, query: Query) -> None:
    number = await begin()
    await finish(number)
    await finish(number, outcome=RunOutcome.FAILED, reason="the acknowledgement was lost")
    assert await query("SELECT outcome, reason FROM operational.job_runs") == [("stored", "stored 3 snapshots")]


async def test_a_slot_is_not_tried_for_ever(begin: Begin, finish: Finish, query: Query) -> None:
    tried = 0
    while (number := await begin()) is not None:
        await finish(number, outcome=RunOutcome.FAILED)
        tried += 1
    assert tried == ATTEMPTS
    assert await query("SELECT attempt, outcome FROM operational.job_runs") == [(ATTEMPTS, "failed")]


async def leave_out(database: Database, reason: str) -> None:
    async with database.transaction() as connection:
        await leave_out_run(
            connection,
            job="fetch-odds",
            sport_key="basketball_nba",
            scheduled_at=NOON,
            at=NOON + timedelta(seconds=7),
            reason=reason,
            next_run=NEXT,
        )


async def test_d5_a_run_that_never_began_is_in_the_ledger_with_its_reason(
    database: Database, query: Query
) -> None:
    await leave_out(database, "too many runs")
    assert await query(
        "SELECT outcome, reason, attempt, finished_at, next_run_at, next_run_reason FROM operational.job_runs"
    ) == [("skipped", "too many runs", 0, NOON + timedelta(seconds=7), NEXT.at, NEXT.reason)]


async def test_a_run_that_never_began_counts_neither_as_an_attempt_nor_as_the_last_run(database: Database) -> None:
    await leave_out(database, "too many runs")
    async with database.transaction() as connection:
        standing = await read_standing(connection, "fetch-odds", "basketball_nba", now=NOON + HOUR, since=NOON)
        assert standing.of_late == (0, None, 0)
        state = await read_sport_state(connection, "basketball_nba", jobs=["fetch-odds"])
    assert state.last_runs == {"fetch-odds": None}


async def test_a_slot_that_was_run_keeps_its_row(database: Database, begin: Begin, query: Query) -> None:
    await begin()
    await leave_out(database, "too many runs")
    assert await query("SELECT outcome, attempt FROM operational.job_runs") == [("running", 1)]
