"""Secrets leave a deployment with nothing: not with a log, an error, a metric, a row, a dead letter or an alert.

Each failure that the world can bring is brought about on the real runtime, and all that left it is searched.
"""

import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from core.errors import AnswerNotStoredError
from core.feed.lost_answers import find_answers
from core.models import METADATA
from core.simulation.faults import Fault
from storage.embedded_files import free_port
from tests.lambda_runtime.ahead import DISCORD_VARIABLE, WEBHOOKS_AT
from tests.lambda_runtime.fixtures import API_KEY
from tests.wire.discord import discord  # noqa: F401 - a fixture
from tests.wire.wire import containing, wire_to

if TYPE_CHECKING:
    from tests.lambda_runtime.function import LambdaFunction
    from tests.lambda_runtime.sandbox import Answer
    from tests.lambda_runtime.stack import Stack
    from tests.wire.discord import ScriptedDiscord

pytestmark = pytest.mark.slow

WRONG_PASSWORD, WRONG_KEY, TOKEN = "sentinel-wrong-password", "sentinel-wrong-key-42", "sentinel-webhook-token"
WEBHOOK = f"{WEBHOOKS_AT}/api/webhooks/42/{TOKEN}"
ECHO = f"you asked for /v4/sports?apiKey={API_KEY} with {API_KEY}"
GARBLED = json.dumps([{"id": "e1", "commence_time": ECHO}]).encode()
NOBODY = "http://127.0.0.1:1"


class Guarded:
    """A deployment with alerts on, and all that leaves it."""

    def __init__(self, stack: "Stack", posts: "ScriptedDiscord") -> None:
        self.stack = stack
        self.discord = posts
        self.answers: list[Answer] = []
        self.functions: list[LambdaFunction] = []
        password = urlsplit(stack.secrets[stack.url_parameter]).password
        assert password
        self.sentinels = (API_KEY, password, WRONG_PASSWORD, WRONG_KEY, TOKEN)

    def function(self, *, timeout: float = 20, **variables: str) -> "LambdaFunction":
        """Return a fresh function that looks at odds."""
        self.stack.functions.pop("fetch-odds", None)
        given = {"ALERT_ENABLED": "true", "DISCORD_WEBHOOK_URL": WEBHOOK, DISCORD_VARIABLE: self.discord.origin}
        self.functions.append(self.stack.function("fetch-odds", {**given, **variables}, timeout=timeout))
        return self.functions[-1]

    async def fails(self, function: "LambdaFunction", kind: str) -> None:
        """Run a look that is due, which must fail with an error of a kind."""
        self.stack.clock.set_to(self.stack.clock.now() + timedelta(minutes=31))
        answer = await function.invoke(self.stack.planned("fetch-odds"))
        self.answers.append(answer)
        assert answer.error is not None, kind
        assert answer.error["errorType"] == kind, answer.error

    async def everything(self, outputs: Sequence[str]) -> str:
        """Return all that left the deployment, as one text."""
        rows = [
            row
            for table in METADATA.sorted_tables
            for (row,) in await self.stack.query(f"SELECT t::text FROM {table.fullname} AS t")
        ]
        kept = await self.stack.query("SELECT body FROM raw_data.api_responses WHERE body IS NOT NULL")
        bodies = [zlib.decompress(body).decode(errors="replace") for (body,) in kept]
        lost = [repr(one) for one in find_answers(line for text in outputs for line in text.splitlines()).answers]
        told = [repr(self.answers), json.dumps(self.discord.posts), json.dumps(self.stack.failures.received())]
        armed = [json.dumps(self.stack.input_of(job)) for job in self.stack.armed()]
        return "\n".join([*outputs, *rows, *bodies, *lost, *told, *armed])

    async def assert_silent(self, *functions: "LambdaFunction") -> str:
        """Search all that left the deployment; return it."""
        outputs = [function.output for function in functions]
        for function in functions:
            await function.stop()
        everything = await self.everything(outputs)
        assert [sentinel for sentinel in self.sentinels if sentinel in everything] == []
        return everything


@pytest.fixture
async def guarded(deployed: "Stack", discord: "ScriptedDiscord") -> AsyncIterator[Guarded]:  # noqa: F811
    guarded = Guarded(deployed, discord)
    yield guarded
    for function in guarded.functions:
        await function.stop()


FEED: dict[str, tuple[str, Sequence[Fault]]] = {
    "a key that is refused": ("InvalidKeyError", [Fault("odds", 0, 401, "INVALID_KEY", ECHO)]),
    "credits used up": ("QuotaExhaustedError", [Fault("odds", 0, 401, "OUT_OF_USAGE_CREDITS", ECHO)]),
    "a sport that is unknown": ("UnknownSportError", [Fault("odds", 0, 404, "UNKNOWN_SPORT", ECHO)]),
    "a page that is not found": ("FeedRejectedError", [Fault("odds", status=404, body=ECHO.encode())]),
    "a request that is refused": ("FeedRejectedError", [Fault("odds", 0, 422, "INVALID_REGION", ECHO)]),
    "too many requests": ("FeedUnavailableError", [Fault("odds", status=429, body=ECHO.encode())] * 3),
    "a fault of the feed": ("FeedUnavailableError", [Fault("odds", status=500, body=ECHO.encode())] * 3),
    "a redirect": ("FeedRejectedError", [Fault("odds", status=302, body=ECHO.encode())]),
    "a page in place of odds": ("PayloadError", [Fault("odds", body=ECHO.encode())]),
    "a broken connection": ("FeedUnavailableError", [Fault("odds", reset=True)]),
    "silence": ("DeadlineError", [Fault("odds", delay=60)]),
}


async def test_s1_no_secret_leaves_whatever_the_feed_does(guarded: Guarded) -> None:
    function = guarded.function(timeout=14)
    for kind, faults in FEED.values():
        guarded.stack.server.inject(*faults)
        await guarded.fails(function, kind)
    guarded.stack.server.inject(Fault("odds", body=GARBLED))
    guarded.stack.clock.set_to(guarded.stack.clock.now() + timedelta(minutes=31))
    await function.invoke(guarded.stack.planned("fetch-odds"))
    away = guarded.function(ODDS_API_BASE_URL=NOBODY)
    await guarded.fails(away, "FeedUnavailableError")
    told = await guarded.assert_silent(function, away)
    assert "you asked for /v4/sports?apiKey=[redacted] with [redacted]" in told
    assert len(guarded.discord.posts) > 5


async def test_s1_no_secret_leaves_whatever_the_database_does(guarded: Guarded, database_url: str) -> None:
    stack, parts = guarded.stack, urlsplit(database_url)
    assert parts.port
    assert parts.password
    await stack.function("update-status").invoke()
    functions = []
    for kind, url in {
        "a wrong password": database_url.replace(parts.password, WRONG_PASSWORD),
        "no such database": database_url.replace(parts.path, "/nowhere"),
        "nobody there": database_url.replace(f":{parts.port}", f":{free_port()}"),
        "no TLS": f"{database_url}?sslmode=require",
    }.items():
        stack.put_secret(stack.url_parameter, url)
        functions.append(guarded.function())
        await guarded.fails(functions[-1], "DatabaseTlsError" if kind == "no TLS" else "DatabaseUnreachableError")
    async with wire_to(parts.port) as wire:
        stack.put_secret(stack.url_parameter, database_url.replace(f":{parts.port}", f":{wire.port}"))
        functions.append(guarded.function(timeout=8))
        wire.cut_before = containing("job_leases")
        await guarded.fails(functions[-1], "DatabaseLostError")
        wire.swallow_from = containing("odds_snapshots")
        stack.server.inject(Fault("odds", body=GARBLED))
        await guarded.fails(functions[-1], "DeadlineError")
        told = await guarded.assert_silent(*functions)
    assert "password authentication failed" in told
    assert "LostAnswer(job='fetch-odds'" in told
    assert "you asked for /v4/sports?apiKey=[redacted] with [redacted]" in told


async def test_s1_no_secret_leaves_whatever_aws_does(guarded: Guarded) -> None:
    stack = guarded.stack
    functions = [guarded.function(AWS_ENDPOINT_URL_SSM=NOBODY)]
    await guarded.fails(functions[0], "SecretsUnavailableError")
    stack.ssm.delete_parameter(Name=stack.key_parameter)
    stack.ssm.put_parameter(Name=stack.key_parameter, Value=API_KEY, Type="String")
    functions.append(guarded.function())
    await guarded.fails(functions[1], "ConfigurationError")
    stack.ssm.delete_parameter(Name=stack.key_parameter)
    await guarded.fails(functions[1], "ConfigurationError")
    stack.put_secret(stack.key_parameter, API_KEY)
    functions.append(guarded.function(AWS_ENDPOINT_URL_SCHEDULER=NOBODY, timeout=60))
    await guarded.fails(functions[2], "SchedulerUnavailableError")
    stack.put_secret(stack.key_parameter, WRONG_KEY)
    functions.append(guarded.function())
    stack.clock.set_to(stack.clock.now() + timedelta(minutes=31))
    guarded.answers += await functions[3].hand_in(stack.planned("fetch-odds"))
    assert guarded.answers[-1].error is not None
    told = await guarded.assert_silent(*functions)
    assert "RetriesExhausted" in told


DISCORD: dict[str, Callable[["ScriptedDiscord"], None]] = {
    "refuses and quotes": lambda posts: posts.will_answer(400, posts.webhook_url.encode()),
    "redirects": lambda posts: posts.will_answer(302, headers={"Location": posts.webhook_url}),
    "breaks off": lambda posts: posts.will_reset(),
    "is silent": lambda posts: posts.will_hang(),
}


async def test_s1_no_secret_leaves_whatever_the_webhook_does(guarded: Guarded) -> None:
    function = guarded.function()
    for fail in DISCORD.values():
        fail(guarded.discord)
        guarded.stack.server.inject(Fault("odds", 0, 422, "INVALID_REGION", ECHO))
        await guarded.fails(function, "FeedRejectedError")
    told = await guarded.assert_silent(function)
    assert told.count("alert.not_delivered") == len(guarded.discord.posts) == len(DISCORD)


async def test_s1_no_secret_leaves_with_an_error_that_nobody_foresaw(guarded: Guarded) -> None:
    (guarded.stack.folder / "leaky.py").write_text(
        "from handlers.runtime import lambda_entry\n"
        "async def leak(app, event, metrics):\n"
        "    raise RuntimeError(' '.join(app.settings.secrets()))\n"
        "handler = lambda_entry(leak)\n"
    )
    leaky = guarded.stack.another("leaky.handler")
    guarded.answers += await leaky.hand_in({})
    assert guarded.answers[0].error is not None
    assert guarded.answers[0].error["errorType"] == "InvocationFailedError"
    assert guarded.answers[0].error["errorMessage"].startswith("RuntimeError: ***")
    await guarded.assert_silent(leaky)


async def test_s1_is_seen_to_break_where_nothing_is_redacted(guarded: Guarded) -> None:
    (guarded.stack.folder / "careless.py").write_text(
        "from core.redaction import Redactor\n"
        "Redactor.text = lambda self, text: text\n"
        "from handlers.runtime import lambda_entry\n"
        "async def leak(app, event, metrics):\n"
        "    raise RuntimeError(app.settings.secrets()[0])\n"
        "handler = lambda_entry(leak)\n"
    )
    careless = guarded.stack.another("careless.handler")
    guarded.answers += await careless.hand_in({})
    with pytest.raises(AssertionError, match=API_KEY):
        await guarded.assert_silent(careless)
    guarded.stack.functions.clear()


async def test_s1_a_crash_of_a_job_leaves_no_secret_in_the_ledger(
    collect: Callable[..., Awaitable[Any]], feed: Any, noon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.add(noon + timedelta(hours=2))
    world = await collect()
    secrets = world.app.settings.secrets()

    def crash(_: bytes) -> None:
        raise RuntimeError(" ".join(secrets))

    monkeypatch.setattr("handlers.fetch_odds.parse_odds", crash)
    with pytest.raises(AnswerNotStoredError):
        await world.fire()
    stored = await world.everything_stored()
    assert "RuntimeError: ***" in stored
    assert not [secret for secret in secrets if secret in stored]
