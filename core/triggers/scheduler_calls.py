"""Calls to EventBridge Scheduler and Lambda with boto3, in threads, tried again where trying again may help."""

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from core.triggers.errors import SchedulerRefusedError, SchedulerUnavailableError
from core.triggers.schedule_validation import check_shape

if TYPE_CHECKING:
    from botocore.client import BaseClient

ATTEMPTS = 6
_BACKOFF = wait_random_exponential(multiplier=0.5, max=8)
_PASSING_STATUSES = frozenset({409, 429})
_CONFLICT = "ConflictException"
_SERVER_ERROR = 500
_NOT_FOUND = "ResourceNotFoundException"
_UNTOLD = "no answer"
_THREADS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="scheduler")
_GIVEN_UP: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("given_up", default=None)
_SERVICES = {"scheduler": "EventBridge Scheduler", "lambda": "Lambda"}

T = TypeVar("T")
_log = structlog.get_logger(__name__)


class ScheduleNotFoundError(SchedulerRefusedError):
    """The schedule, its group or the function does not exist."""


def open_scheduler_client(
    region: str,
    *,
    endpoint_url: str | None = None,
    connect_seconds: float = 2,
    answer_seconds: float = 5,
) -> "BaseClient":
    """Return a boto3 client of EventBridge Scheduler that gives up early and leaves trying again to its caller."""
    return _open_client("scheduler", region, endpoint_url, connect_seconds, answer_seconds)


def open_lambda_client(
    region: str,
    *,
    endpoint_url: str | None = None,
    connect_seconds: float = 2,
    answer_seconds: float = 5,
) -> "BaseClient":
    """Return a boto3 client of Lambda that gives up early and leaves trying again to its caller."""
    return _open_client("lambda", region, endpoint_url, connect_seconds, answer_seconds)


def call(client: "BaseClient", operation: str, **request: object) -> dict[str, Any]:
    """Make one call, blocking, and return what AWS answers.

    Args:
        client: A boto3 client of EventBridge Scheduler or Lambda.
        operation: Its name in AWS's model, such as `UpdateSchedule`.
        request: Its parameters, checked against the model before anything is sent.

    Raises:
        InvalidScheduleError: A parameter breaks a rule of the model.
        ScheduleNotFoundError: What is named does not exist.
        SchedulerRefusedError: AWS refuses, or no credentials are there to ask it with.
        SchedulerUnavailableError: Throttled, in conflict with a change under way, failing, or unreachable;
            or given up by whoever waited for it, and not sent.
    """
    from botocore import exceptions, xform_name  # noqa: PLC0415

    check_shape(request, client.meta.service_model.operation_model(operation).input_shape)
    asked = f"{operation} of {_SERVICES[client.meta.service_model.service_name]}"
    given_up = _GIVEN_UP.get()
    if given_up is not None and given_up.is_set():
        raise SchedulerUnavailableError(f"{asked} was given up before it was sent")
    try:
        answer: dict[str, Any] = getattr(client, xform_name(operation))(**request)
    except exceptions.ClientError as error:
        raise _failure(asked, error.response) from error
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
        raise SchedulerUnavailableError(f"{asked} failed: {error}") from error
    except exceptions.BotoCoreError as error:
        fault = f"{asked} could not be asked for: {error}"
        raise SchedulerRefusedError(type(error).__name__, fault) from error
    return answer


async def persist(work: Callable[[], T], sleep: Callable[[float], Awaitable[None]]) -> T:
    """Run blocking work in a thread, at most six times with random growing waits, while it is unavailable.

    Raises:
        SchedulerUnavailableError: The last attempt failed too.
    """
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(SchedulerUnavailableError),
        stop=stop_after_attempt(ATTEMPTS),
        wait=_BACKOFF,
        sleep=sleep,
        before_sleep=_log_retry,
        reraise=True,
    )
    return await retrying(_in_thread, work)


async def _in_thread(work: Callable[[], T]) -> T:
    """Run work in a thread of this module's, which no event loop waits for when it closes: a call may hang.

    Work that is given up sends nothing more: by then another process may have armed something newer.
    """
    context, given_up = contextvars.copy_context(), threading.Event()
    context.run(_GIVEN_UP.set, given_up)
    try:
        return await asyncio.get_running_loop().run_in_executor(_THREADS, context.run, work)
    except asyncio.CancelledError:
        given_up.set()
        raise


def _open_client(
    service: str, region: str, endpoint_url: str | None, connect_seconds: float, answer_seconds: float
) -> "BaseClient":
    """Return a client; importing boto3 takes a few tenths of a second, which those spare who need none."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint_url,
        config=Config(
            connect_timeout=connect_seconds,
            read_timeout=answer_seconds,
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )


def _failure(asked: str, response: Mapping[str, Any]) -> SchedulerRefusedError | SchedulerUnavailableError:
    error, status = response.get("Error", {}), response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = str(error.get("Code", _UNTOLD))
    fault = f"{asked} failed with {code}: {error.get('Message', _UNTOLD)}"
    if status in _PASSING_STATUSES or status >= _SERVER_ERROR or code == _CONFLICT or code.startswith("Throttl"):
        return SchedulerUnavailableError(fault)
    return ScheduleNotFoundError(code, fault) if code == _NOT_FOUND else SchedulerRefusedError(code, fault)


def _log_retry(state: RetryCallState) -> None:
    failure = state.outcome.exception() if state.outcome else None
    _log.warning("scheduler.retried", attempt=state.attempt_number, reason=str(failure))
