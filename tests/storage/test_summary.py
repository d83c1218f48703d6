"""What a database holds, counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.database import Database
from storage.runs import RunOutcome, begin_run, finish_run
from storage.summary import Totals, read_run_outcomes, read_sizes, read_statuses, read_totals

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOTH = {
    "draftkings": {"h2h": {"Lakers": -150, "Celtics": 130}},
    "fanduel": {"h2h": {"Lakers": -145, "Celtics": 125}},
}
ONE = {"draftkings": {"h2h": {"Lakers": -160, "Celtics": 135}}}


async def totals(database: Database) -> Totals:
    async with database.transaction() as connection:
        return await read_totals(connection)


async def test_an_empty_database_counts_nothing(database: Database) -> None:
    assert await totals(database) == Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    async with database.transaction() as connection:
        assert await read_statuses(connection) == {}
        assert await read_run_outcomes(connection) == {}


async def test_looks_events_and_quotes_are_counted(database: Database, store: Any, game: Any) -> None:
    await store(NOON, game(BOTH), game(ONE, id="e2"))
    await store(NOON + HOUR, game(ONE, last_update=NOON + HOUR))
    counted = await totals(database)
    assert (counted.looks, counted.events, counted.snapshots) == (2, 2, 3)
    assert counted.quotes_seen == 6 + 2
    assert (counted.quotes_stored, counted.withdrawals) == (6 + 2 + 2, 2)
    assert counted.issues >= counted.open_issues >= 0


async def test_credits_are_those_that_were_charged(database: Database, scores_call: Any) -> None:
    await scores_call(NOON)
    await scores_call(NOON + HOUR, status=503, error="down")
    counted = await totals(database)
    assert (counted.credits_spent, counted.credits_spent_on_scores) == (4, 4)


async def test_statuses_and_outcomes_are_counted_by_name(database: Database, listing: Any, named: Any) -> None:
    await listing(NOON, named("e1"), named("e2"), named("e3", NOON - HOUR))
    async with database.transaction() as connection:
        for number, outcome in enumerate((RunOutcome.STORED, RunOutcome.STORED, RunOutcome.FAILED)):
            run_id = await begin_run(
                connection,
                job="fetch-odds",
                sport_key="basketball_nba",
                scheduled_at=NOON + number * HOUR,
                started_at=NOON,
                reason="as planned",
            )
            assert run_id is not None
            await finish_run(
                connection,
                run_id,
                finished_at=NOON,
                outcome=outcome,
                reason="done",
                next_run=None,
            )
        assert await read_statuses(connection) == {"live": 1, "scheduled": 2}
        assert await read_run_outcomes(connection) == {"failed": 1, "stored": 2}


async def test_what_is_stored_takes_room(database: Database, store: Any, game: Any) -> None:
    async with database.transaction() as connection:
        before = await read_sizes(connection)
    books = {f"book{number}": BOTH["fanduel"] for number in range(60)}
    for look in range(12):
        events = [game(books, id=f"e{number}") for number in range(4)]
        await store(NOON + look * timedelta(minutes=5), *events)
    async with database.transaction() as connection:
        after = await read_sizes(connection)
    assert after.quotes_bytes > before.quotes_bytes
    assert after.raw_json_bytes > before.raw_json_bytes
    assert after.snapshots_bytes >= before.snapshots_bytes
