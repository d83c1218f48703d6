"""When a person is told of trouble, how often, and that telling never fails a run."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from structlog.testing import capture_logs

from core.alerts import (
    INTERVALS,
    Alert,
    AlertChannel,
    AlertKind,
    AlertLimiter,
    AlertManager,
    LogChannel,
    Severity,
    open_alerts,
)
from core.clock import VirtualClock
from core.config import load_settings
from core.discord import DiscordChannel
from core.errors import ConfigurationError
from core.redaction import Redactor

if TYPE_CHECKING:
    from tests.wire.discord import ScriptedDiscord

START = datetime(2025, 11, 21, 2, 30, tzinfo=UTC)
WEBHOOK = "https://discord.com/api/webhooks/42/sentinel-token"
BROKEN = Alert(AlertKind.BROKEN_CHAIN, Severity.CRITICAL, "no run is armed", "fetch-odds", "basketball_nba")


class Broken:
    """A channel that fails as no channel should."""

    async def send(self, _: Alert) -> None:
        """Fail, with a secret in the text."""
        raise RuntimeError(WEBHOOK)


def manager(
    *channels: AlertChannel, clock: VirtualClock | None = None, secrets: tuple[str, ...] = ()
) -> AlertManager:
    limiter = AlertLimiter(clock or VirtualClock(START))
    return AlertManager(channels, limiter=limiter, redactor=Redactor(secrets))


def to_discord(discord: "ScriptedDiscord") -> DiscordChannel:
    return DiscordChannel(SecretStr(discord.webhook_url), loopback_origin=discord.origin)


@pytest.mark.parametrize(
    ("severity", "level"), [("info", "info"), ("warning", "warning"), ("critical", "critical")]
)
async def test_an_alert_is_one_log_line_at_its_severity(severity: str, level: str) -> None:
    with capture_logs() as lines:
        assert await manager(LogChannel()).tell(
            Alert(AlertKind.LOW_CREDITS, Severity(severity), "31 of 500 credits left", job="fetch-odds")
        )
    assert lines == [
        {
            "event": "alert.raised",
            "log_level": level,
            "kind": "low credits",
            "severity": severity,
            "text": "31 of 500 credits left",
            "job": "fetch-odds",
            "sport_key": None,
            "held_back": 0,
        }
    ]


async def test_an_alert_goes_to_the_log_and_to_discord(discord: "ScriptedDiscord") -> None:
    with capture_logs() as lines:
        await manager(LogChannel(), to_discord(discord)).tell(BROKEN)
    assert [line["event"] for line in lines] == ["alert.raised"]
    assert discord.posts[0]["content"] == ("**CRITICAL: broken chain** fetch-odds basketball_nba\nno run is armed")


async def test_alike_alerts_are_held_back_for_their_interval_and_counted(discord: "ScriptedDiscord") -> None:
    clock = VirtualClock(START)
    alerts = manager(to_discord(discord), clock=clock)
    assert [await alerts.tell(BROKEN) for _ in range(4)] == [True, False, False, False]
    clock.advance(INTERVALS[Severity.CRITICAL] - timedelta(seconds=1))
    assert not await alerts.tell(BROKEN)
    clock.advance(timedelta(seconds=1))
    assert await alerts.tell(BROKEN)
    first, second = (post["content"] for post in discord.posts)
    assert "more like it" not in first
    assert second.endswith("(4 more like it since the last)")


async def test_each_kind_and_severity_has_a_limit_of_its_own() -> None:
    alerts = manager(LogChannel())
    every = [Alert(kind, severity, "told") for kind, severity in product(AlertKind, Severity)]
    with capture_logs() as lines:
        for alert in every * 2:
            await alerts.tell(alert)
    assert len(lines) == len(every)


async def test_the_limit_outlives_the_managers_that_share_it() -> None:
    limiter = AlertLimiter(VirtualClock(START))
    runs = [AlertManager((LogChannel(),), limiter=limiter, redactor=Redactor([])) for _ in range(3)]
    with capture_logs() as lines:
        assert [await run.tell(BROKEN) for run in runs] == [True, False, False]
    assert len(lines) == 1


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(AlertKind), st.sampled_from(Severity)), max_size=60
    )
)
def test_two_that_pass_are_an_interval_apart_and_none_is_lost_from_the_count(
    steps: list[tuple[int, AlertKind, Severity]],
) -> None:
    clock = VirtualClock(START)
    limiter = AlertLimiter(clock)
    passed: dict[tuple[AlertKind, Severity], datetime] = {}
    held_back: dict[tuple[AlertKind, Severity], int] = {}
    for minutes, kind, severity in steps:
        clock.advance(timedelta(minutes=minutes))
        key, admitted = (kind, severity), limiter.admit(kind, severity)
        too_soon = key in passed and clock.now() - passed[key] < INTERVALS[severity]
        assert (admitted is None) == too_soon
        if admitted is None:
            held_back[key] = held_back.get(key, 0) + 1
        else:
            assert admitted == held_back.pop(key, 0)
            passed[key] = clock.now()


class _Backwards:
    """A clock that is set back by an hour at each look."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        """Return an earlier instant than before."""
        self._now -= timedelta(hours=1)
        return self._now


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    limiter = AlertLimiter(_Backwards())
    admitted = [limiter.admit(AlertKind.RUN_FAILED, Severity.CRITICAL) for _ in range(3)]
    assert admitted == [0, 0, 0]


async def test_a_channel_that_fails_stops_neither_the_run_nor_the_other_channels(
    discord: "ScriptedDiscord",
) -> None:
    discord.will_answer(500)
    with capture_logs() as lines:
        assert await manager(Broken(), to_discord(discord), LogChannel()).tell(BROKEN)
    assert [(line["event"], line.get("channel"), line.get("reason")) for line in lines] == [
        ("alert.not_delivered", "Broken", "RuntimeError"),
        ("alert.not_delivered", "DiscordChannel", "Discord answered 500"),
        ("alert.raised", None, None),
    ]
    assert "sentinel" not in repr(lines)


async def test_a_webhook_that_is_away_is_tried_once_an_interval(discord: "ScriptedDiscord") -> None:
    discord.will_answer(500)
    alerts = manager(to_discord(discord))
    with capture_logs():
        for _ in range(5):
            await alerts.tell(BROKEN)
    assert len(discord.posts) == 1


async def test_secrets_are_taken_out_before_the_text_is_cut(discord: "ScriptedDiscord") -> None:
    secret = "sentinel-" + "s" * 60
    alerts = manager(LogChannel(), to_discord(discord), secrets=(secret,))
    with capture_logs() as lines:
        await alerts.tell(Alert(AlertKind.RUN_FAILED, Severity.CRITICAL, "x" * 1940 + secret, secret, secret))
    assert "sentinel" not in f"{discord.posts} {lines}"
    assert len(lines) == 1


async def test_alerts_are_off_by_default_and_then_tell_nothing() -> None:
    settings = load_settings(DISCORD_WEBHOOK_URL=WEBHOOK)
    limiter = AlertLimiter(VirtualClock(START))
    with capture_logs() as lines:
        assert not await open_alerts(settings.alerts, limiter=limiter, redactor=Redactor([])).tell(BROKEN)
    assert lines == []
    assert limiter.admit(BROKEN.kind, BROKEN.severity) == 0


def test_the_settings_decide_on_the_channels() -> None:
    on = load_settings(ALERT_ENABLED="yes", DISCORD_WEBHOOK_URL=WEBHOOK).alerts
    alerts = open_alerts(on, limiter=AlertLimiter(VirtualClock(START)), redactor=Redactor([]))
    assert [type(channel) for channel in vars(alerts)["_channels"]] == [LogChannel, DiscordChannel]


def test_an_address_that_is_still_in_its_parameter_is_refused() -> None:
    on = load_settings(ALERT_ENABLED="yes", DISCORD_WEBHOOK_URL_PARAMETER="/linekeeper/webhook").alerts
    with pytest.raises(ConfigurationError, match="DISCORD_WEBHOOK_URL_PARAMETER"):
        open_alerts(on, limiter=AlertLimiter(VirtualClock(START)), redactor=Redactor([]))


def test_neither_the_http_client_nor_boto3_is_imported_by_those_who_do_not_use_it() -> None:
    script = (
        "import sys, core.alerts, core.metrics, core.secrets; print({'aiohttp', 'boto3'} & sys.modules.keys())"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "set()"
