"""Try again at once, within a run, what may pass: the platform's own retries would come a minute later."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential

from core.errors import AnswerNotStoredError
from core.feed.errors import FeedError, FeedUnavailableError, PayloadError
from core.triggers.errors import SchedulerUnavailableError
from handlers.app import App
from storage.connection_errors import PASSING_FAILURES

TRIES = 4
_PASSING = (FeedUnavailableError, SchedulerUnavailableError, *PASSING_FAILURES)
_WAIT = wait_exponential(multiplier=1, max=8)

T = TypeVar("T")
_log = structlog.get_logger(__name__)


async def at_once(app: App, until: datetime | None, work: Callable[[], Awaitable[T]]) -> T:
    """Return what the work returns, done again after 1, 2 and 4 s where it failed for what may pass.

    Args:
        app: What to work with.
        until: When the last try has to begin; None for a single one.
        work: What does nothing twice that must be done once.

    Raises:
        Exception: What the last try raised.
    """
    if until is None:
        return await work()

    def must_stop(state: RetryCallState) -> bool:
        late = app.clock.now() + timedelta(seconds=state.upcoming_sleep) >= until
        return late or state.attempt_number >= TRIES

    attempts = AsyncRetrying(
        retry=retry_if_exception(_may_pass),
        wait=_WAIT,
        stop=must_stop,
        sleep=app.sleep,
        before_sleep=_log_retry,
        reraise=True,
    )
    return await attempts(work)


def _may_pass(error: BaseException) -> bool:
    """Tell whether the same may succeed now; an answer that was paid for and is lost is not asked for again."""
    if isinstance(error, AnswerNotStoredError):
        return False
    if isinstance(error, FeedError) and error.was_charged:
        return False
    if isinstance(error, PayloadError):
        return error.answer is not None
    return isinstance(error, _PASSING)


def _log_retry(state: RetryCallState) -> None:
    failure = state.outcome.exception() if state.outcome else None
    _log.warning("run.tried_again", attempt=state.attempt_number, reason=str(failure))
