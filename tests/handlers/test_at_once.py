"""Work that fails for what may pass is done again at once, a few times, while there is time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import (
    AnswerNotStoredError,
    CreditsWithheldError,
    DatabaseLostError,
    DatabaseUnreachableError,
    LeaseLostError,
    TransactionRefusedError,
)
from core.feed.errors import FeedUnavailableError, PayloadError
from core.feed.values import CreditReading, FeedAnswer
from core.triggers.errors import SchedulerRefusedError, SchedulerUnavailableError
from handlers.at_once import TRIES, at_once

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)


class Work:
    """Work that fails some times before it is done."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error, self.tried = failures, error, 0

    async def __call__(self) -> str:
        """Fail, or be done."""
        self.tried += 1
        if self.tried <= self.failures:
            raise self.error
        return "done"


BROKE_OFF = FeedAnswer(
    endpoint="/v4/sports/basketball_nba/odds",
    parameters={},
    status=200,
    headers={},
    body=b"",
    credits=CreditReading(remaining=480, used=20, last=3),
    received_at=datetime(2026, 1, 10, 12, tzinfo=UTC),
    duration_ms=1.0,
)
PASSING = [
    pytest.param(FeedUnavailableError("503"), id="the feed is down"),
    pytest.param(DatabaseUnreachableError("cut"), id="the database is away"),
    pytest.param(DatabaseLostError("cut"), id="the connection to it breaks"),
    pytest.param(TransactionRefusedError("deadlock"), id="the database is busy with another"),
    pytest.param(SchedulerUnavailableError("busy"), id="the scheduler throttles"),
]
LASTING = [
    pytest.param(FeedUnavailableError("cut", answer=BROKE_OFF), id="an answer that was paid for broke off"),
    pytest.param(PayloadError("$", "no JSON"), id="an answer that was paid for cannot be read"),
    pytest.param(AnswerNotStoredError("cut"), id="an answer that was paid for cannot be stored"),
    pytest.param(CreditsWithheldError("kept"), id="the credits are not for it"),
    pytest.param(LeaseLostError("lost"), id="the turn is over"),
    pytest.param(SchedulerRefusedError("AccessDenied", "no"), id="the scheduler refuses"),
    pytest.param(ValueError("a fault of ours"), id="a fault of ours"),
]


@pytest.mark.parametrize("error", PASSING)
async def test_what_may_pass_is_done_again_after_growing_waits(
    collect: Collect, noon: datetime, error: Exception
) -> None:
    app, work = (await collect()).app, Work(TRIES - 1, error)
    assert await at_once(app, noon + MINUTE, work) == "done"
    assert app.clock.now() == noon + timedelta(seconds=1 + 2 + 4)


@pytest.mark.parametrize("error", PASSING)
async def test_it_ends_with_the_last_failure(collect: Collect, noon: datetime, error: Exception) -> None:
    app, work = (await collect()).app, Work(100, error)
    with pytest.raises(type(error)):
        await at_once(app, noon + MINUTE, work)
    assert work.tried == TRIES


@pytest.mark.parametrize("error", LASTING)
async def test_what_would_fail_again_or_costs_is_done_once(
    collect: Collect, noon: datetime, error: Exception
) -> None:
    app, work = (await collect()).app, Work(1, error)
    with pytest.raises(type(error)):
        await at_once(app, noon + MINUTE, work)
    assert (work.tried, app.clock.now()) == (1, noon)


@pytest.mark.parametrize(
    ("seconds", "tried"),
    [
        pytest.param(None, 1, id="who may not wait tries once"),
        pytest.param(1, 1, id="a try that could not begin in time is not made"),
        pytest.param(2, 2, id="there is time for one more"),
        pytest.param(5, 3, id="there is time for two more"),
    ],
)
async def test_no_try_begins_when_the_time_is_over(
    collect: Collect, noon: datetime, seconds: int | None, tried: int
) -> None:
    app, work = (await collect()).app, Work(100, DatabaseUnreachableError("cut"))
    with pytest.raises(DatabaseUnreachableError):
        await at_once(app, None if seconds is None else noon + timedelta(seconds=seconds), work)
    assert work.tried == tried
