"""Keep what the feed answered, with its credits, where the run that asked cannot use it.

An answer that the database does not take is told whole to the log, from which `odds import answers` takes it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from core.errors import AnswerNotStoredError, LeaseLostError, LinekeeperError
from core.feed.errors import FeedError, PayloadError
from core.feed.lost_answers import LostAnswer, as_words
from core.feed.values import FeedAnswer
from core.metrics import Metric
from core.redaction import Redactor
from handlers.app import App
from handlers.at_once import at_once
from handlers.jobs import JobRun
from handlers.writing import writing
from storage.calls import has_call, store_call
from storage.connection_errors import FAILURES

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def kept(app: App, run: JobRun, answer: FeedAnswer, expected_credits: int) -> AsyncIterator[None]:
    """Keep a priced answer in a transaction of its own where the block that reads and stores it fails.

    Raises:
        PayloadError: The answer cannot be read.
        AnswerNotStoredError: The answer could not be stored, whatever kept it from that.
        LeaseLostError: Another run has taken the turn; nothing is written.
    """
    try:
        yield
    except (LeaseLostError, asyncio.CancelledError) as error:
        _tell(app, run, answer, error, expected_credits)
        raise
    except PayloadError as error:
        error.answer = answer
        await keep_failure(app, run, error, expected_credits)
        raise
    except Exception as error:
        if not isinstance(error, LinekeeperError):
            _log.exception("feed.answer_not_stored", endpoint=answer.endpoint)
        unstored = AnswerNotStoredError(f"the answer was paid for and could not be stored: {app.told(error)}")
        await _keep(app, run, answer, str(unstored), expected_credits)
        raise unstored from error


async def keep_failure(app: App, run: JobRun, error: FeedError, expected_credits: int) -> None:
    """Keep the answer that came with a failure, if any did, with its credits and its body.

    What cannot be kept, though that was tried again at once, is told to the log, and no error: what failed is the
    failure to tell of, for it says whether to ask again.
    """
    if error.answer is not None:
        await _keep(app, run, error.answer, str(error), expected_credits)


async def _keep(app: App, run: JobRun, answer: FeedAnswer, why: str, expected_credits: int) -> None:
    async def keep() -> None:
        async with writing(app, run) as connection:
            if not await has_call(connection, answer, job_run_id=run.number):
                await store_call(
                    connection, answer, expected_credits=expected_credits, job_run_id=run.number, error=why
                )

    try:
        await at_once(app, run.lease.expires_at if run.lease else None, keep)
    except (*FAILURES, asyncio.CancelledError) as unkept:
        _tell(app, run, answer, unkept, expected_credits)
        if isinstance(unkept, LeaseLostError | asyncio.CancelledError):
            raise


def _tell(app: App, run: JobRun, answer: FeedAnswer, lost_to: BaseException, expected_credits: int) -> None:
    """Tell the log an answer that the database did not take, or of which it did not say so."""
    told = Redactor(app.settings.secrets()).text(str(lost_to).partition("\n")[0])
    lost = LostAnswer(run.trigger.job, run.trigger.sport_key, run.number, expected_credits, answer)
    for word in as_words(lost):
        _log.error(
            "feed.answer_lost",
            job=lost.job,
            sport_key=lost.sport_key,
            endpoint=answer.endpoint,
            charged=answer.credits.last,
            reason=told or "the run was cut off",
            answer=word,
        )
    if app.metrics is not None:
        app.metrics.emit({Metric.ANSWERS_LOST: 1})  # of any job: one alarm tells of all
