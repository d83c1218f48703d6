"""A turn for one run at a time, checked by its number wherever the run writes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from core.database_url import parse_database_url
from core.errors import LeaseLostError
from core.feed.values import CreditReading, FeedAnswer
from storage.calls import store_call
from storage.database import Database
from storage.leases import JobTurn, Lease, Standing, end_expired_runs, hold_lease, read_standing, read_turns
from storage.recent_runs import RecentRuns
from storage.runs import RunOutcome, begin_run, finish_run

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Turn = Callable[..., Awaitable[Lease | None]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LIMIT, HOUR = timedelta(minutes=15), timedelta(hours=1)
JOB, SPORT = "fetch-odds", "basketball_nba"


@pytest.fixture(params=[False, True], ids=["behind a pooler", "reached directly"])
async def database(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Database]:
    """Yield an empty database whose statements stand in transactions, or each by itself."""
    database = Database(parse_database_url(database_url), pooled=True, prepared_statements=request.param)
    yield database
    await database.close()


@pytest.fixture
def turn(database: Database) -> Turn:
    """Return what takes a turn at an instant, if it is to be had, for a run of a slot of that instant."""

    async def take(at: datetime, job: str = JOB, sport_key: str = SPORT) -> Lease | None:
        async with database.one_by_one() as connection:
            generation, _ = await read_standing(connection, job, sport_key, now=at, since=at)
            if generation is None:
                return None
            lease = Lease(job, sport_key, generation, at + LIMIT)
            try:
                assert await begin(connection, lease, at) is not None
            except LeaseLostError:
                return None
            return lease

    return take


async def begin(connection: AsyncConnection, lease: Lease, at: datetime) -> int | None:
    """Take a slot with a turn."""
    return await begin_run(
        connection,
        job=lease.job,
        sport_key=lease.sport_key,
        scheduled_at=at,
        started_at=at,
        reason="as planned",
        lease=lease,
    )


async def end(database: Database, lease: Lease) -> None:
    """End the first run, whose turn it was."""
    async with database.transaction() as connection:
        await end_within(connection, lease)


async def end_within(connection: AsyncConnection, lease: Lease) -> None:
    await finish_run(
        connection, 1, finished_at=NOON, outcome=RunOutcome.STORED, reason="done", next_run=None, lease=lease
    )


async def held(database: Database, lease: Lease) -> bool:
    async with database.transaction() as connection:
        try:
            await hold_lease(connection, lease)
        except LeaseLostError:
            return False
        return True


async def test_a_turn_is_not_to_be_had_twice(turn: Turn) -> None:
    assert await turn(NOON) == Lease(JOB, SPORT, 1, NOON + LIMIT)
    assert await turn(NOON + LIMIT - timedelta(seconds=1)) is None


async def test_the_runs_of_late_are_told_with_the_turn(turn: Turn, database: Database) -> None:
    first = await turn(NOON)
    assert first is not None
    await end(database, first)
    await turn(NOON + HOUR)
    for since, runs in ((NOON - HOUR, 2), (NOON, 1), (NOON + HOUR, 0)):
        async with database.transaction() as connection:
            standing = await read_standing(connection, JOB, SPORT, now=NOON + HOUR, since=since)
            last = NOON + HOUR if runs else None
            assert standing == Standing(None, RecentRuns(runs, last, 0))


async def test_each_job_and_sport_has_a_turn_of_its_own(turn: Turn) -> None:
    turns = [await turn(NOON), await turn(NOON, "fetch-scores"), await turn(NOON, sport_key="icehockey_nhl")]
    assert [lease and lease.generation for lease in turns] == [1, 1, 1]


async def test_a_released_turn_is_free_at_once_under_the_next_number(turn: Turn, database: Database) -> None:
    first = await turn(NOON)
    assert first is not None
    await end(database, first)
    second = await turn(NOON + timedelta(minutes=1))
    assert second is not None
    assert second.generation == 2


async def test_a_turn_that_ran_out_goes_to_the_next_run_and_the_first_one_has_lost_it(
    turn: Turn, database: Database, query: Query
) -> None:
    first = await turn(NOON)
    second = await turn(NOON + LIMIT)
    assert first is not None
    assert second is not None
    assert not await held(database, first)
    assert await held(database, second)
    assert await query("SELECT outcome, reason, finished_at FROM operational.job_runs ORDER BY id") == [
        ("failed", "as planned; it never ended, and its lease ran out", NOON + LIMIT),
        ("running", "as planned", None),
    ]


async def test_a_turn_that_ran_out_is_still_held_while_nobody_else_has_taken_it(
    turn: Turn, database: Database
) -> None:
    lease = await turn(NOON)
    assert lease is not None
    assert await held(database, lease)


async def test_a_run_whose_turn_is_lost_neither_ends_itself_nor_the_turn_of_the_next(
    turn: Turn, database: Database, query: Query
) -> None:
    first = await turn(NOON)
    assert first is not None
    await turn(NOON + LIMIT)
    async with database.transaction() as connection:  # committed: a statement that stands alone is not taken back
        with pytest.raises(LeaseLostError, match="fetch-odds for basketball_nba lost its turn"):
            await end_within(connection, first)
    assert await turn(NOON + LIMIT + timedelta(minutes=1)) is None
    assert await query("SELECT outcome FROM operational.job_runs ORDER BY id") == [("failed",), ("running",)]


async def test_a_slot_that_was_taken_gives_no_turn(turn: Turn, database: Database, query: Query) -> None:
    first = await turn(NOON)
    assert first is not None
    await end(database, first)
    async with database.transaction() as connection:
        assert await begin(connection, replace(first, generation=2), NOON) is None
    assert await query("SELECT generation, job_run_id FROM operational.job_leases") == [(1, None)]


async def test_losing_a_turn_names_the_job_and_the_sport(turn: Turn, database: Database) -> None:
    first = await turn(NOON)
    assert first is not None
    await turn(NOON + LIMIT)
    with pytest.raises(LeaseLostError, match="fetch-odds for basketball_nba lost its turn"):
        async with database.transaction() as connection:
            await hold_lease(connection, first)


async def test_a_run_that_nobody_ever_gave_a_turn_holds_none(database: Database) -> None:
    assert not await held(database, Lease(JOB, SPORT, 1, NOON))


async def test_of_many_at_once_one_has_the_turn(turn: Turn) -> None:
    turns = await asyncio.gather(*(turn(NOON + timedelta(seconds=number)) for number in range(8)))
    assert sum(lease is not None for lease in turns) == 1


async def test_c8_of_many_at_once_one_has_the_turn_that_another_has_given_back(
    turn: Turn, database: Database
) -> None:
    first = await turn(NOON)
    assert first is not None
    await end(database, first)
    turns = await asyncio.gather(*(turn(NOON + timedelta(seconds=number)) for number in range(1, 9)))
    assert [lease.generation for lease in turns if lease] == [2]


async def test_nobody_takes_a_turn_while_its_holder_writes(turn: Turn, database: Database) -> None:
    """The write and the release of one run, and the start of the next, do not lock each other for ever."""
    first = await turn(NOON)
    assert first is not None
    async with database.transaction() as connection:
        await hold_lease(connection, first)
        waiting = asyncio.ensure_future(turn(NOON + LIMIT))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await end_within(connection, first)
    second = await asyncio.wait_for(waiting, 5)
    assert second is not None
    assert second.generation == 2


async def test_a_turn_that_another_has_taken_since_it_was_read_begins_nothing(
    turn: Turn, database: Database, query: Query
) -> None:
    async with database.one_by_one() as connection:
        generation, _ = await read_standing(connection, JOB, SPORT, now=NOON, since=NOON)
    assert generation == 1
    first = await turn(NOON)
    assert first is not None
    await end(database, first)
    with pytest.raises(LeaseLostError, match="fetch-odds for basketball_nba lost its turn"):
        async with database.one_by_one() as connection:
            await begin(connection, Lease(JOB, SPORT, generation, NOON + HOUR), NOON + timedelta(minutes=1))
    assert await query("SELECT count(*) FROM operational.job_runs") == [(1,)]


async def test_a_call_that_a_run_paid_for_beyond_its_turn_keeps_its_slot_from_the_next(
    turn: Turn, database: Database
) -> None:
    """What the run still writes is committed before the slot is looked at, and nothing is written after."""
    first = await turn(NOON)
    assert first is not None

    async def again() -> int | None:
        async with database.one_by_one() as connection:
            generation, _ = await read_standing(connection, JOB, SPORT, now=NOON + LIMIT, since=NOON)
            assert generation is not None
            return await begin(connection, Lease(JOB, SPORT, generation, NOON + HOUR), NOON)

    async with database.transaction() as connection:
        await hold_lease(connection, first)
        waiting = asyncio.ensure_future(again())
        await asyncio.sleep(0.1)
        paid = FeedAnswer(
            "/v4/sports/basketball_nba/odds", {}, 200, {}, b"[]", CreditReading(400, 100, 1), NOON, 1.0
        )
        await store_call(connection, paid, expected_credits=1, job_run_id=1)
    assert await asyncio.wait_for(waiting, 5) is None
    assert not await held(database, first)


async def turns_at(
    database: Database, at: datetime, since: datetime = NOON - HOUR
) -> dict[tuple[str, str], JobTurn]:
    async with database.one_by_one() as connection:
        return await read_turns(connection, now=at, since=since)


async def test_a_run_is_at_work_until_its_turn_is_over_or_given_back(database: Database, turn: Turn) -> None:
    assert await turns_at(database, NOON) == {}
    lease = await turn(NOON)
    assert lease is not None
    assert await turns_at(database, NOON + LIMIT - timedelta(seconds=1)) == {
        (JOB, SPORT): JobTurn(is_at_work=True)
    }
    assert await turns_at(database, NOON + LIMIT) == {(JOB, SPORT): JobTurn(has_expired=True)}
    await end(database, lease)
    assert await turns_at(database, NOON) == {(JOB, SPORT): JobTurn()}


async def test_a_run_that_never_ended_has_died_once_that_is_recorded(database: Database, turn: Turn) -> None:
    await turn(NOON)
    await turn(NOON + LIMIT, "fetch-scores")
    over = NOON + LIMIT + timedelta(minutes=1)
    async with database.one_by_one() as connection:
        assert await end_expired_runs(connection, over) == 1
    others = {("fetch-scores", SPORT): JobTurn(is_at_work=True)}
    assert await turns_at(database, over) == {(JOB, SPORT): JobTurn(died=1), **others}
    assert await turns_at(database, over, since=NOON) == {(JOB, SPORT): JobTurn(), **others}
