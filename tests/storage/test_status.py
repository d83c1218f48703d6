"""What an operator sees at a glance comes from the rows as they are."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.feed.values import CreditReading, FeedAnswer
from core.quality import Issue, IssueType, Severity
from core.scope import Scope
from storage.calls import store_call
from storage.database import Database
from storage.reservations import reserve_credits, settle_credits
from storage.runs import RunOutcome, begin_run, finish_run
from storage.status import (
    LONGEST_RUN,
    read_database_size,
    read_failures,
    read_open_issues,
    read_sports,
)

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPORT = "basketball_nba"
Store = Callable[..., Awaitable[Any]]
Game = Callable[..., dict[str, Any]]


def answer(endpoint: str) -> FeedAnswer:
    path = f"/v4/sports/{SPORT}/{endpoint}"
    return FeedAnswer(path, {}, 200, {}, b"[]", CreditReading(400, 100, 0), NOON, 1.0)


async def test_a_sport_has_its_events_by_status_and_its_last_look(
    database: Database, store: Store, game: Game
) -> None:
    await store(NOON, game(), game(id="e2", commence_time=NOON + 24 * HOUR))
    async with database.transaction() as connection:
        configured, collected = await read_sports(connection, ("icehockey_nhl",), NOON + HOUR)
        assert await read_database_size(connection) > 1_000_000
    assert (configured.sport_key, configured.statuses, configured.last_look) == ("icehockey_nhl", {}, None)
    assert (collected.statuses, collected.last_look) == ({"scheduled": 2}, NOON)
    assert collected.next_start == NOON + 8 * HOUR
    assert (collected.last_listing, collected.last_scores) == (None, None)


async def test_runs_that_failed_or_died_are_told_with_their_reason(database: Database) -> None:
    async with database.transaction() as connection:
        for hours, ended in ((0, RunOutcome.STORED), (1, RunOutcome.FAILED), (2, None), (3, RunOutcome.SKIPPED)):
            at = NOON + hours * HOUR
            number = await begin_run(
                connection, job="fetch-odds", sport_key=SPORT, scheduled_at=at, started_at=at, reason="planned"
            )
            if ended and number:
                await finish_run(
                    connection,
                    number,
                    finished_at=at,
                    outcome=ended,
                    reason="503",
                    next_run=None,
                )
        failures = await read_failures(connection, NOON, NOON + 4 * HOUR)
        under_way = await read_failures(connection, NOON, NOON + 2 * HOUR + LONGEST_RUN / 2)
    assert [(run.started_at, run.reason) for run in failures] == [
        (NOON + 2 * HOUR, "it never ended"),
        (NOON + HOUR, "503"),
    ]
    assert [run.reason for run in under_way] == ["503"]


@pytest.mark.parametrize(
    ("settled", "logged", "told"),
    [
        pytest.param(False, False, "it never ended; an answer that was paid for may be lost", id="lost, perhaps"),
        pytest.param(True, False, "it never ended", id="there was no answer"),
        pytest.param(False, True, "it never ended", id="the answer is kept"),
    ],
)
async def test_of_a_run_that_was_killed_it_is_told_where_a_paid_answer_may_be_lost(
    database: Database, settled: bool, logged: bool, told: str
) -> None:
    async with database.transaction() as connection:
        number = await begin_run(
            connection, job="fetch-odds", sport_key=SPORT, scheduled_at=NOON, started_at=NOON, reason="planned"
        )
        await store_call(connection, answer("events"), expected_credits=0, job_run_id=number)
        held = await reserve_credits(connection, amount=3, spendable=None, now=NOON, job_run_id=number)
        assert held is not None
        if settled:
            await settle_credits(connection, held, NOON)
        if logged:
            await store_call(connection, answer("odds"), expected_credits=3, job_run_id=number)
        [failure] = await read_failures(connection, NOON, NOON + HOUR)
    assert failure.reason == told


async def test_open_issues_are_grouped_the_worst_first(database: Database, store: Store, game: Game) -> None:
    def issue(issue_type: IssueType, severity: Severity, bookmaker_key: str) -> Issue:
        text = f"{bookmaker_key} is wrong"
        return Issue(issue_type, severity, "e1", bookmaker_key, None, None, None, text)

    found = [
        issue(IssueType.BOOKMAKER_MISSING, Severity.INFO, "a"),
        issue(IssueType.BOOKMAKER_MISSING, Severity.INFO, "b"),
        issue(IssueType.PRICE_OUT_OF_RANGE, Severity.ERROR, "c"),
    ]
    listed = {"c": {"h2h": {"Lakers": -110, "Celtics": -110}}}
    await store(NOON, game(listed), issues=found, scope=Scope.of(["h2h"], regions=["us"]))
    async with database.transaction() as connection:
        groups = await read_open_issues(connection)
    assert [(group.severity, group.issue_type, group.open_count) for group in groups] == [
        ("error", "price_out_of_range", 1),
        ("info", "bookmaker_missing", 2),
    ]
    assert (groups[0].oldest, groups[0].example) == (NOON, "c is wrong")
