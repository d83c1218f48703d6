"""Tell a person of trouble: in the log and on Discord, seldom enough to be read, and never at a run's expense.

What was told when is kept in the memory of an `AlertLimiter`, which outlives the runs of a process. A new process
starts afresh and may repeat an alert once: the price of telling that the database is down without the database.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import structlog

from core.clock import Clock
from core.errors import AlertNotDeliveredError, ConfigurationError
from core.redaction import Redactor
from core.settings.running import AlertSettings

_log = structlog.get_logger(__name__)


class AlertKind(StrEnum):
    """What there is to tell of."""

    BROKEN_CHAIN = "broken chain"
    MISSED_CLOSE = "missed close"
    LOW_CREDITS = "low credits"
    QUALITY_ERRORS = "quality errors"
    LARGE_MOVES = "large moves"
    RUN_FAILED = "run failed"


class Severity(StrEnum):
    """How soon a person should look: some day, today, now."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


INTERVALS: Mapping[Severity, timedelta] = {
    Severity.INFO: timedelta(hours=1),
    Severity.WARNING: timedelta(minutes=30),
    Severity.CRITICAL: timedelta(minutes=10),
}
_LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING, Severity.CRITICAL: logging.CRITICAL}


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell; `held_back` is how many alike were not told since the last one that was."""

    kind: AlertKind
    severity: Severity
    text: str
    job: str | None = None
    sport_key: str | None = None
    held_back: int = 0


class AlertChannel(Protocol):
    """A way to a person."""

    async def send(self, alert: Alert) -> None:
        """Tell an alert; raises AlertNotDeliveredError, whose text holds no secret, where that fails."""
        ...


class LogChannel:
    """Tells alerts in the log, at the level of their severity."""

    async def send(self, alert: Alert) -> None:
        """Write one line."""
        _log.log(
            _LEVELS[alert.severity],
            "alert.raised",
            kind=alert.kind.value,
            severity=alert.severity.value,
            text=alert.text,
            job=alert.job,
            sport_key=alert.sport_key,
            held_back=alert.held_back,
        )


class AlertLimiter:
    """Lets one alert of a kind and severity pass in each interval, and counts those that it holds back."""

    def __init__(self, clock: Clock, intervals: Mapping[Severity, timedelta] = INTERVALS) -> None:
        """Begin with nothing told."""
        self._clock = clock
        self._intervals = intervals
        self._told_at: dict[tuple[AlertKind, Severity], datetime] = {}
        self._held_back: dict[tuple[AlertKind, Severity], int] = {}

    def admit(self, kind: AlertKind, severity: Severity) -> int | None:
        """Return how many alike were held back since the last that passed, or None to hold back this one too."""
        key, now = (kind, severity), self._clock.now()
        told_at = self._told_at.get(key)
        if told_at is not None and timedelta(0) <= now - told_at < self._intervals[severity]:
            self._held_back[key] = self._held_back.get(key, 0) + 1
            return None
        self._told_at[key] = now
        return self._held_back.pop(key, 0)


class AlertManager:
    """Tells alerts on all its channels; without a channel it tells nothing."""

    def __init__(self, channels: Sequence[AlertChannel], *, limiter: AlertLimiter, redactor: Redactor) -> None:
        """Tell on these channels, as often as the limiter lets pass and without the redactor's secrets."""
        self._channels = tuple(channels)
        self._limiter = limiter
        self._redactor = redactor

    async def tell(self, alert: Alert) -> bool:
        """Tell an alert and say whether it passed the limit; a channel that fails is logged and nothing more.

        An alert counts as told once tried, so that a webhook that is away costs one attempt an interval.
        """
        if not self._channels:
            return False
        held_back = self._limiter.admit(alert.kind, alert.severity)
        if held_back is None:
            return False
        safe = self._without_secrets(alert, held_back)
        for channel in self._channels:
            try:
                await channel.send(safe)
            except Exception as error:
                reason = str(error) if isinstance(error, AlertNotDeliveredError) else type(error).__name__
                _log.warning(
                    "alert.not_delivered", channel=type(channel).__name__, kind=alert.kind.value, reason=reason
                )
        return True

    def _without_secrets(self, alert: Alert, held_back: int) -> Alert:
        text, job, sport_key = (
            None if part is None else self._redactor.text(part)
            for part in (alert.text, alert.job, alert.sport_key)
        )
        return replace(alert, text=text or "", job=job, sport_key=sport_key, held_back=held_back)


def open_alerts(settings: AlertSettings, *, limiter: AlertLimiter, redactor: Redactor) -> AlertManager:
    """Return the manager that the settings ask for: with the log and Discord, or, switched off, with no channel.

    Importing the HTTP client takes a while, so it is imported here, by those who want alerts.

    Raises:
        ConfigurationError: Alerts are on and the webhook's address is not there yet, or is none.
    """
    if not settings.enabled:
        return AlertManager((), limiter=limiter, redactor=redactor)
    if settings.discord_webhook_url is None:
        raise ConfigurationError("DISCORD_WEBHOOK_URL_PARAMETER is named but its value was not read before alerts")
    from core.discord import DiscordChannel  # noqa: PLC0415

    channels = (LogChannel(), DiscordChannel(settings.discord_webhook_url))
    return AlertManager(channels, limiter=limiter, redactor=redactor)
