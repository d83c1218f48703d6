import hashlib
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.feed.values import CreditReading, FeedAnswer
from storage.calls import has_call, store_call
from storage.database import Database
from storage.runs import begin_run

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
ENDPOINT = "/v4/sports/basketball_nba/odds"
BODY = b'[{"id": "e1"}]\n'
ANSWER = FeedAnswer(
    endpoint=ENDPOINT,
    parameters={"markets": "h2h", "regions": "us"},
    status=200,
    headers={"x-requests-last": "1"},
    body=BODY,
    credits=CreditReading(remaining=497, used=3, last=1),
    received_at=NOON,
    duration_ms=41.5,
)
CREDITS = "SELECT recorded_at, endpoint, expected, charged, remaining, used FROM operational.credit_ledger"


async def test_a_call_is_logged_with_its_price_and_without_its_body(database: Database, query: Query) -> None:
    async with database.transaction() as connection:
        await store_call(connection, ANSWER, expected_credits=3, job_run_id=None)
    assert await query(
        "SELECT received_at, duration_ms, status, byte_count, endpoint, parameters, headers, sha256, error, body"
        " FROM raw_data.api_responses"
    ) == [
        (
            NOON,
            41.5,
            200,
            len(BODY),
            ENDPOINT,
            {"markets": "h2h", "regions": "us"},
            {"x-requests-last": "1"},
            hashlib.sha256(BODY).digest(),
            None,
            None,
        )
    ]
    assert await query(CREDITS) == [(NOON, ENDPOINT, 3, 1, 497, 3)]


async def test_a_body_that_could_not_be_used_is_kept_to_the_byte(database: Database, query: Query) -> None:
    body = b"<html>\x00\xff not JSON"
    answer = FeedAnswer(ENDPOINT, {}, 200, {}, body, CreditReading(None, None, None), NOON, 3.0)
    async with database.transaction() as connection:
        await store_call(connection, answer, expected_credits=1, job_run_id=None, error="no JSON")
    ((error, kept),) = await query("SELECT error, body FROM raw_data.api_responses")
    assert (error, zlib.decompress(kept)) == ("no JSON", body)


async def test_a_price_that_the_answer_did_not_tell_is_left_empty(database: Database, query: Query) -> None:
    answer = FeedAnswer(ENDPOINT, {}, 503, {}, b"", CreditReading(None, None, None), NOON, 3.0)
    async with database.transaction() as connection:
        await store_call(connection, answer, expected_credits=1, job_run_id=None, error="unavailable")
    assert await query(CREDITS) == [(NOON, ENDPOINT, 1, None, None, None)]


async def test_a_run_is_told_which_of_its_calls_are_logged(database: Database) -> None:
    async with database.transaction() as connection:
        number = await begin_run(
            connection, job="fetch-odds", sport_key="nba", scheduled_at=NOON, started_at=NOON, reason="r"
        )
        assert number is not None
        assert not await has_call(connection, ANSWER, job_run_id=number)
        await store_call(connection, ANSWER, expected_credits=1, job_run_id=number)
        assert await has_call(connection, ANSWER, job_run_id=number)
        later = replace(ANSWER, received_at=NOON + timedelta(seconds=1))
        assert not await has_call(connection, later, job_run_id=number)
