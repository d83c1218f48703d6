"""Secrets leave with nothing: not with a log, a traceback and its locals, a metric or an alert, whatever fails.

The log here knows no secret to redact, so that whatever reaches it is seen.
"""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from pydantic import SecretStr

from core.alerts import Alert, AlertKind, AlertLimiter, AlertManager, LogChannel, Severity, open_alerts
from core.clock import VirtualClock
from core.config import Settings, load_settings
from core.discord import DiscordChannel
from core.errors import LinekeeperError
from core.logs import configure_logging
from core.metrics import Metric, MetricsEmitter
from core.redaction import Redactor
from core.secrets import SecretSource, with_secrets
from core.settings.running import LogSettings

if TYPE_CHECKING:
    from tests.core.conftest import Said, ScriptedSsm
    from tests.wire.discord import ScriptedDiscord

START = datetime(2025, 11, 21, 2, 30, tzinfo=UTC)
KEY, PASSWORD, TOKEN = "sentinel-api-key-1", "sentinel-password-2", "sentinel-webhook-token"
SENTINELS = (KEY, PASSWORD, TOKEN)
VALUES = {
    "/linekeeper/key": KEY,
    "/linekeeper/url": f"postgresql://collector:{PASSWORD}@db.example.org/odds",
    "/linekeeper/webhook": f"https://discord.com/api/webhooks/42/{TOKEN}",
}
NAMED = {
    "ODDS_API_KEY_PARAMETER": "/linekeeper/key",
    "DATABASE_URL_PARAMETER": "/linekeeper/url",
    "DISCORD_WEBHOOK_URL_PARAMETER": "/linekeeper/webhook",
}
QUOTING = " ".join(VALUES.values())


@pytest.fixture
async def heard(capfd: pytest.CaptureFixture[str]) -> AsyncIterator[Callable[[], str]]:
    """Yield what returns all that was logged, at every level and without redaction, and all that was printed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    stream = io.StringIO()
    configure_logging(LogSettings(LOG_LEVEL="DEBUG"), as_json=True, stream=stream)
    asyncio.get_running_loop().set_debug(True)
    yield lambda: stream.getvalue() + "".join(capfd.readouterr())
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def settings(**overrides: object) -> Settings:
    return load_settings(**{**NAMED, "AWS_REGION": "eu-west-1", "ALERT_ENABLED": "yes", **overrides})


async def filled(source: SecretSource) -> Settings:
    return await asyncio.to_thread(with_secrets, settings(), source)


def assert_silent(*told: object) -> None:
    everything = "\n".join(map(str, told))
    assert not [sentinel for sentinel in SENTINELS if sentinel in everything]


def without(name: str) -> dict[str, str]:
    return {other: value for other, value in VALUES.items() if other != name}


SSM_FAILURES: Mapping[str, Callable[["ScriptedSsm"], None]] = {
    "a missing parameter beside good ones": lambda ssm: ssm.will_hold(without("/linekeeper/key")),
    "parameters in the clear": lambda ssm: ssm.will_hold(VALUES, kind="String"),
    "a blank one beside good ones": lambda ssm: ssm.will_hold({**VALUES, "/linekeeper/url": " "}),
    "a key that is none": lambda ssm: ssm.will_hold({**VALUES, "/linekeeper/key": f"{KEY} {KEY}"}),
    "a database that is none": lambda ssm: ssm.will_hold(
        {**VALUES, "/linekeeper/url": f"mysql://u:{PASSWORD}@h/d"}
    ),
    "a database whose password has an ampersand": lambda ssm: ssm.will_hold(
        {**VALUES, "/linekeeper/url": f"postgresql://h/d?user=u&password=p&{PASSWORD}=x"}
    ),
    "a database URL in pieces": lambda ssm: ssm.will_hold(
        {**VALUES, "/linekeeper/url": f"postgresql://[{PASSWORD}"}
    ),
    "a webhook that is none": lambda ssm: ssm.will_hold(
        {**VALUES, "/linekeeper/webhook": f"https://x.org/{TOKEN}"}
    ),
    "values in each other's place": lambda ssm: ssm.will_hold(
        dict(zip(VALUES, [*VALUES.values()][::-1], strict=True))
    ),
    "no access": lambda ssm: ssm.will_refuse("AccessDeniedException", message=QUOTING),
    "throttling": lambda ssm: ssm.will_refuse("ThrottlingException", message=QUOTING),
    "a fault of AWS": lambda ssm: ssm.will_refuse("InternalServerError", 500, message=QUOTING),
    "an answer that is no JSON": lambda ssm: ssm.will_answer(200, QUOTING.encode()),
    "an answer of another shape": lambda ssm: ssm.will_answer(200, {"Parameters": [{"Value": QUOTING}]}),
    "an answer that is too late": lambda ssm: ssm.will_answer(200, QUOTING.encode(), after_seconds=0.4),
}


@pytest.mark.parametrize("fail", SSM_FAILURES.values(), ids=SSM_FAILURES.keys())
async def test_s1_no_secret_leaves_when_secrets_cannot_be_read(
    scripted_ssm: "ScriptedSsm",
    heard: Callable[[], str],
    said_of: "Said",
    fail: Callable[["ScriptedSsm"], None],
) -> None:
    fail(scripted_ssm)
    source = SecretSource("eu-west-1", answer_seconds=0.2)
    with pytest.raises(LinekeeperError) as failed:
        await filled(source)
    structlog.get_logger().exception("run.failed", exc_info=failed.value, source=source)
    assert scripted_ssm.calls
    assert_silent(said_of(failed.value), heard(), repr(source), vars(source))


async def test_s1_no_secret_leaves_when_a_refresh_fails(
    scripted_ssm: "ScriptedSsm", heard: Callable[[], str], said_of: "Said"
) -> None:
    scripted_ssm.will_hold(VALUES)
    scripted_ssm.will_refuse("AccessDeniedException", message=QUOTING)
    source = SecretSource("eu-west-1")
    held = await filled(source)
    with pytest.raises(LinekeeperError) as failed:
        await asyncio.to_thread(source.refresh)
    structlog.get_logger().exception("run.failed", exc_info=failed.value, settings=held)
    assert_silent(said_of(failed.value), heard(), repr(held), repr(source))
    assert held.feed.api_key is not None
    assert held.feed.api_key.get_secret_value() == KEY


@pytest.mark.parametrize(
    "overrides",
    [
        {"ODDS_API_KEY_PARAMETER": KEY},
        {"DATABASE_URL_PARAMETER": VALUES["/linekeeper/url"]},
        {"DISCORD_WEBHOOK_URL_PARAMETER": VALUES["/linekeeper/webhook"]},
    ],
    ids=["the key", "the database", "the webhook"],
)
def test_s1_a_secret_in_the_place_of_its_parameters_name_is_not_repeated(overrides: dict[str, object]) -> None:
    with pytest.raises(LinekeeperError) as refused:
        settings(**overrides)
    assert_silent(refused.value, repr(refused.value))


DISCORD_FAILURES: Mapping[str, Callable[["ScriptedDiscord"], None]] = {
    "a fault that quotes the address": lambda discord: discord.will_answer(500, discord.webhook_url.encode()),
    "a redirect": lambda discord: discord.will_answer(302, headers={"Location": discord.webhook_url}),
    "broken JSON": lambda discord: discord.will_answer(400, b'{"message": "' + discord.webhook_url.encode()),
    "a wrong encoding": lambda discord: discord.will_answer(500, b"no gzip", {"Content-Encoding": "gzip"}),
    "a timeout": lambda discord: discord.will_hang(),
    "a reset": lambda discord: discord.will_reset(),
    "nobody there": lambda discord: setattr(discord, "origin", "http://127.0.0.1:1"),
    "nothing": lambda discord: discord.will_answer(204),
}


@pytest.mark.parametrize("fail", DISCORD_FAILURES.values(), ids=DISCORD_FAILURES.keys())
async def test_s1_no_secret_leaves_with_an_alert_that_fails_or_not(
    discord: "ScriptedDiscord", heard: Callable[[], str], fail: Callable[["ScriptedDiscord"], None]
) -> None:
    fail(discord)
    url = SecretStr(discord.webhook_url)
    channel = DiscordChannel(url, timeout=timedelta(seconds=0.2), loopback_origin=discord.origin)
    redactor = Redactor([KEY, PASSWORD, TOKEN, url.get_secret_value()])
    alerts = AlertManager((LogChannel(), channel), limiter=AlertLimiter(VirtualClock(START)), redactor=redactor)
    quoting = Alert(AlertKind.RUN_FAILED, Severity.CRITICAL, f"{QUOTING} {discord.webhook_url}", KEY, PASSWORD)
    assert await alerts.tell(quoting)
    log = heard()
    assert "alert.raised" in log
    assert_silent(log, discord.posts, repr(alerts), vars(channel))


async def test_s1_no_secret_leaves_when_an_alert_is_cut_short(
    discord: "ScriptedDiscord", heard: Callable[[], str], said_of: "Said"
) -> None:
    discord.will_hang()
    channel = DiscordChannel(SecretStr(discord.webhook_url), loopback_origin=discord.origin)
    alerts = AlertManager((channel,), limiter=AlertLimiter(VirtualClock(START)), redactor=Redactor([]))
    with pytest.raises(TimeoutError) as cut_short:
        async with asyncio.timeout(0.1):
            await alerts.tell(Alert(AlertKind.RUN_FAILED, Severity.CRITICAL, "told"))
    assert_silent(said_of(cut_short.value), heard())


async def test_s1_no_secret_leaves_when_the_webhook_of_the_settings_is_opened(
    scripted_ssm: "ScriptedSsm", heard: Callable[[], str]
) -> None:
    scripted_ssm.will_hold(VALUES)
    held = await filled(SecretSource("eu-west-1"))
    redactor = Redactor(held.secrets())
    alerts = open_alerts(held.alerts, limiter=AlertLimiter(VirtualClock(START)), redactor=redactor)
    assert_silent(heard(), repr(alerts), vars(alerts), redactor.text(QUOTING))


class _Broken(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(VALUES["/linekeeper/webhook"])


@pytest.mark.parametrize(
    "values",
    [{Metric.EVENTS: 1}, {Metric.EVENTS: float("nan")}, {Metric.EVENTS: [0.0] * 101, Metric.HEARTBEAT: 1}],
    ids=["good numbers", "no number", "too many numbers"],
)
@pytest.mark.parametrize("dimension", [*SENTINELS, f"{KEY}\n", KEY * 200], ids=range(5))
@pytest.mark.parametrize("make_stream", [io.StringIO, _Broken], ids=["a good stream", "a broken stream"])
async def test_s1_no_secret_leaves_with_a_metric(
    heard: Callable[[], str], make_stream: type[io.StringIO], dimension: str, values: dict[Metric, Any]
) -> None:
    stream = make_stream()
    emitter = MetricsEmitter(stream, clock=VirtualClock(START), redactor=Redactor([*SENTINELS, QUOTING]))
    emitter.emit(values, job=dimension, sport_key=dimension)
    assert_silent(heard(), stream.getvalue())
