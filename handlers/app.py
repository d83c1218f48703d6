"""The composition root: settings become a clock, a database, a feed client and triggers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from core.alerts import AlertLimiter, AlertManager, open_alerts
from core.clock import Clock
from core.config import Settings
from core.errors import ConfigurationError, LinekeeperError
from core.feed.client import FeedClient
from core.metrics import MetricsEmitter
from core.planning.values import PlannerPolicy
from core.redaction import Redactor
from core.triggers.base import TriggerBackend
from storage.database import Database
from storage.snapshots import ValidationPolicy


@dataclass(frozen=True, slots=True)
class App:
    """What a job works with."""

    settings: Settings
    clock: Clock
    database: Database
    feed: FeedClient
    triggers: TriggerBackend
    run_limit: timedelta = timedelta(minutes=15)
    """How long a run may take: its turn ends then, whatever became of it."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits so many seconds."""
    alerts: AlertManager | None = None
    """Who is told of trouble; None where alerts are off."""
    metrics: MetricsEmitter | None = None
    """Who measures what a run meets on its way; None where nobody looks at metrics."""

    @property
    def planner_policy(self) -> PlannerPolicy:
        """Return the user's choices about when to look."""
        scheduler = self.settings.scheduler
        return PlannerPolicy(
            closing_lead=scheduler.closing_lead,
            minimum_gap=scheduler.minimum_gap,
            longest_sleep=scheduler.longest_sleep,
            lookahead=timedelta(days=scheduler.lookahead_days),
            credit_reserve=scheduler.credit_reserve,
        )

    def told(self, error: Exception) -> str:
        """Return what an error says, without secrets; its type comes first where nobody foresaw it."""
        said = str(error) if isinstance(error, LinekeeperError) else f"{type(error).__name__}: {error}"
        return Redactor(self.settings.secrets()).text(said)

    @property
    def validation_policy(self) -> ValidationPolicy:
        """Return what is done with quotes that a check finds invalid."""
        validation = self.settings.validation
        if not validation.enabled:
            return ValidationPolicy.OFF
        return ValidationPolicy.REJECT if validation.reject_invalid_odds else ValidationPolicy.MARK


@asynccontextmanager
async def open_feed(
    settings: Settings,
    clock: Clock,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    calls_per_second: float = 30,
) -> AsyncIterator[FeedClient]:
    """Yield a client of the feed that the settings name, with an HTTP session of its own.

    Raises:
        ConfigurationError: ODDS_API_KEY is not set.
    """
    if settings.feed.api_key is None:
        msg = "ODDS_API_KEY is not set: a key of The Odds API is needed to ask the feed (odds demo runs without)"
        raise ConfigurationError(msg)
    async with aiohttp.ClientSession() as session:
        yield FeedClient(
            session,
            settings.feed.api_key,
            base_url=settings.feed.base_url,
            clock=clock,
            sleep=sleep,
            calls_per_second=calls_per_second,
        )


def alerts_if_on(settings: Settings, clock: Clock, redactor: Redactor) -> AlertManager | None:
    """Return who is told of trouble, or None where the settings have alerts off."""
    if not settings.alerts.enabled:
        return None
    return open_alerts(settings.alerts, limiter=AlertLimiter(clock), redactor=redactor)
