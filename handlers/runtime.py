"""The one way into Lambda: a synchronous entry, an event loop per invocation, and a deadline that holds.

What outlives an invocation is made once a process: settings with their secrets, the log, an engine without a pool
and the scheduler's client. Everything that belongs to an event loop is opened and closed by the invocation.
"""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from core.alerts import AlertManager
from core.clock import Clock, SystemClock
from core.config import Settings, load_settings
from core.errors import (
    ConfigurationError,
    DatabaseTlsError,
    DatabaseUnreachableError,
    DeadlineError,
    InvocationFailedError,
    LinekeeperError,
)
from core.feed.errors import InvalidKeyError
from core.logs import configure_logging
from core.metrics import MetricsEmitter
from core.redaction import Redactor
from core.secrets import SecretSource, with_secrets
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.schedule_requests import EventBridgeTarget
from core.triggers.scheduler_calls import open_lambda_client, open_scheduler_client
from handlers.app import App, alerts_if_on, open_feed
from storage.database import Database

if TYPE_CHECKING:
    from botocore.client import BaseClient

CLOSING_TIME = timedelta(seconds=2)
"""How long before the platform would kill it an invocation gives up, to say so and to close what is open."""

_log = structlog.get_logger(__name__)


class LambdaContext(Protocol):
    """What Lambda tells of an invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may go on, in milliseconds."""
        ...


class Invocation(Protocol):
    """What a function does with one event."""

    def __call__(self, app: App, event: object, metrics: MetricsEmitter) -> Awaitable[Mapping[str, Any]]:
        """Do it, and return what the caller is told."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """What one process of a function keeps from invocation to invocation."""

    settings: Settings
    clock: Clock
    database: Database
    metrics: MetricsEmitter
    redactor: Redactor
    alerts: AlertManager | None
    scheduler: "BaseClient"


Run = Callable[[Process, object, LambdaContext], Mapping[str, Any]]
"""What a function does with an event in the process that it has, within the time that the context tells."""


def lambda_entry(invocation: Invocation) -> Callable[[object, LambdaContext], Mapping[str, Any]]:
    """Return a function for Lambda to call that works with the feed and arms schedules.

    In a pause it does neither, and reads no secret: whatever still fires or is tried again begins nothing anew.
    """

    def run(kept: Process, event: object, context: LambdaContext) -> Mapping[str, Any]:
        limit = timedelta(milliseconds=context.get_remaining_time_in_millis())
        return asyncio.run(_invoke(invocation, event, limit, kept))

    work = process_entry(run)

    def handler(event: object, context: LambdaContext) -> Mapping[str, Any]:
        return _rest() if _is_paused() else work(event, context)

    return handler


def process_entry(run: Run) -> Callable[[object, LambdaContext], Mapping[str, Any]]:
    """Return a function for Lambda to call; what goes wrong is raised, so that Lambda sees a failed invocation."""

    def handler(event: object, context: LambdaContext) -> Mapping[str, Any]:
        try:
            return _run_with_new_secrets(run, event, context)
        except Exception as error:
            told = _without_secrets(error)
            if told is None:
                raise
        raise told

    return handler


@cache
def secret_source() -> SecretSource:
    """Return where this process reads its secrets."""
    return SecretSource()


@cache
def process() -> Process:
    """Return what this process keeps; made at the first invocation, and anew when a secret has changed."""
    gc.freeze()  # what was imported lives on: the garbage collector need not look at it in every run
    clock = SystemClock()
    settings = with_secrets(load_settings(), secret_source())
    redactor = configure_logging(settings.logging, settings.secrets(), as_json=True, stream=sys.stdout)
    if settings.database.parsed_url is None:
        msg = "DATABASE_URL is not set: a function keeps its rows in a Postgres of yours"
        raise ConfigurationError(msg)
    return Process(
        settings=settings,
        clock=clock,
        database=Database(settings.database.parsed_url, pooled=False),
        metrics=MetricsEmitter(
            sys.stdout, clock=clock, redactor=redactor, namespace=settings.aws.metrics_namespace
        ),
        redactor=redactor,
        alerts=alerts_if_on(settings, clock, redactor),
        scheduler=_scheduler_client(settings.aws.region),
    )


@cache
def _lambda_client() -> "BaseClient":
    return open_lambda_client(process().settings.aws.region)


@cache
def _is_paused() -> bool:
    return load_settings().aws.paused


def _rest() -> Mapping[str, Any]:
    configure_logging(load_settings().logging, as_json=True, stream=sys.stdout)
    _log.warning("invocation.paused", reason="AWS_PAUSED is true: nothing is asked, kept or armed")
    return {"paused": True}


def prepare() -> None:
    """Do what every invocation needs and what asks nobody, before the first one: a start gets more processor.

    What is wrong with the settings is the invocation's to say.
    """
    with suppress(ConfigurationError):
        _scheduler_client(load_settings().aws.region)


@cache
def _scheduler_client(region: str) -> "BaseClient":
    return open_scheduler_client(region)


def schedule_target(settings: Settings) -> EventBridgeTarget:
    """Return what schedules are to invoke.

    Raises:
        ConfigurationError: The settings do not say.
    """
    aws = settings.aws
    if aws.lambda_arn is None or aws.scheduler_role_arn is None or aws.dead_letter_arn is None:
        msg = "AWS_LAMBDA_ARN, AWS_SCHEDULER_ROLE_ARN and AWS_DEAD_LETTER_ARN must all be set to arm schedules"
        raise ConfigurationError(msg)
    return EventBridgeTarget(
        function_arn=aws.lambda_arn,
        role_arn=aws.scheduler_role_arn,
        group_name=aws.scheduler_group,
        dead_letter_arn=aws.dead_letter_arn,
        region=aws.region,
    )


def _run_with_new_secrets(run: Run, event: object, context: LambdaContext) -> Mapping[str, Any]:
    """Run, and once more where a secret was refused that has been replaced since it was read."""
    try:
        return run(process(), event, context)
    except (ConfigurationError, DatabaseTlsError, DatabaseUnreachableError, InvalidKeyError):
        if not _secrets_have_changed():
            raise
    return run(process(), event, context)


def _without_secrets(error: Exception) -> Exception | None:
    """Return what is raised in place of an error whose text holds a secret; None for any other error.

    Lambda logs the text of what is raised, and hands it on with the event.
    """
    if process.cache_info().currsize == 0:
        return None
    told = str(error)
    safe = process().redactor.text(told)
    return None if safe == told else InvocationFailedError(f"{type(error).__name__}: {safe}")


def _secrets_have_changed() -> bool:
    """Read the secrets again, tell whether any was replaced, and if so forget what was made of the old ones."""
    try:
        changed = secret_source().refresh()
    except LinekeeperError as error:
        _log.warning("secrets.unread", reason=str(error))
        return False
    if changed:
        process.cache_clear()
    return changed


async def _invoke(invocation: Invocation, event: object, limit: timedelta, kept: Process) -> Mapping[str, Any]:
    seconds = max((limit - CLOSING_TIME).total_seconds(), 0)
    triggers = EventBridgeTriggers(
        schedule_target(kept.settings), kept.scheduler, functions=_lambda_client, clock=kept.clock
    )
    deadline = asyncio.timeout(seconds)
    try:
        async with deadline, open_feed(kept.settings, kept.clock) as feed, kept.database.keeping_one():
            app = App(
                kept.settings,
                kept.clock,
                kept.database,
                feed,
                triggers,
                run_limit=limit,
                alerts=kept.alerts,
                metrics=kept.metrics,
            )
            return await invocation(app, event, kept.metrics)
    except TimeoutError:
        if not deadline.expired():
            raise
        msg = f"the invocation did not end within {seconds:.0f} s and was given up before it would be killed"
    _log.error("invocation.deadline", seconds=seconds)
    raise DeadlineError(msg)
