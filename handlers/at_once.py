"""Try again at once, within a run, what may pass: the platform's own retries would come a minute later."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from core.errors import AnswerNotStoredError
from core.feed.errors import FeedError, FeedUnavailableError, PayloadError
from core.triggers.errors import SchedulerUnavailableError
from handlers.app import App
from storage.connection_errors import PASSING_FAILURES

_WAITS_SECONDS = (1.0, 2.0, 4.0)
TRIES = 1 + len(_WAITS_SECONDS)
_PASSING = (FeedUnavailableError, SchedulerUnavailableError, *PASSING_FAILURES)

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
    for attempt, seconds in enumerate(_WAITS_SECONDS, 1):
        try:
            return await work()
        except Exception as error:
            if until is None or not _may_pass(error) or app.clock.now() + timedelta(seconds=seconds) >= until:
                raise
            _log.warning("run.tried_again", attempt=attempt, reason=str(error))
        await app.sleep(seconds)
    return await work()


def _may_pass(error: BaseException) -> bool:
    """Tell whether the same may succeed now; an answer that was paid for and is lost is not asked for again."""
    if isinstance(error, AnswerNotStoredError):
        return False
    if isinstance(error, FeedError) and error.was_charged:
        return False
    if isinstance(error, PayloadError):
        return error.answer is not None
    return isinstance(error, _PASSING)
