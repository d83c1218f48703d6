"""Where secrets come from on AWS: one call for all of them, kept, and read again when they are refused."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr

from core.config import Settings, load_settings
from core.errors import ConfigurationError, LinekeeperError, SecretNotWrittenError, SecretsUnavailableError
from core.secrets import NOT_WRITTEN, SecretSource, keep_secret, with_secrets

if TYPE_CHECKING:
    from tests.core.conftest import ScriptedSsm

REGION = "eu-west-1"
KEY, URL, WEBHOOK = "/linekeeper/odds-api-key", "/linekeeper/database-url", "/linekeeper/webhook"
VALUES = {
    KEY: "sentinel-key-1234",
    URL: "postgresql://collector:sentinel@db.example.org/odds",
    WEBHOOK: "https://discord.com/api/webhooks/42/sentinel-token",
}
NEW = SecretStr("sentinel-new-key")
NAMED = {"ODDS_API_KEY_PARAMETER": KEY, "DATABASE_URL_PARAMETER": URL, "DISCORD_WEBHOOK_URL_PARAMETER": WEBHOOK}


@pytest.fixture(autouse=True)
def without_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no credentials that another test had be known to boto3."""
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)


@pytest.fixture
def ssm() -> Iterator[Any]:
    """Yield a client of an SSM that holds all three secrets."""
    with mock_aws():
        client = boto3.client("ssm", region_name=REGION)
        for name, value in VALUES.items():
            client.put_parameter(Name=name, Value=value, Type="SecureString")
        yield client


def settings(**overrides: object) -> Settings:
    return load_settings(**{**NAMED, **overrides})


def held(filled: Settings) -> list[str | None]:
    secrets = (filled.feed.api_key, filled.database.url, filled.alerts.discord_webhook_url)
    return [secret.get_secret_value() if secret else None for secret in secrets]


def test_every_secret_named_in_the_environment_is_filled_in_and_nothing_else(ssm: Any) -> None:
    before = settings(ALERT_ENABLED="yes")
    filled = with_secrets(before, SecretSource(REGION))
    assert held(filled) == list(VALUES.values())
    assert filled.scheduler == before.scheduler
    assert filled.alerts.enabled
    assert set(VALUES.values()) <= set(filled.secrets())
    assert "sentinel" not in repr(filled)


def test_what_is_named_nowhere_stays_as_it_was_without_a_call() -> None:
    plain = load_settings(ODDS_API_KEY="a-key-of-ones-own")
    assert with_secrets(plain, SecretSource("no-such-region")) is plain


def test_a_secret_of_the_environment_stays_beside_those_of_parameters(ssm: Any) -> None:
    mixed = load_settings(ODDS_API_KEY="a-key-of-ones-own", DATABASE_URL_PARAMETER=URL)
    assert held(with_secrets(mixed, SecretSource(REGION))) == ["a-key-of-ones-own", VALUES[URL], None]


def test_all_secrets_come_decrypted_in_one_call_and_are_kept(scripted_ssm: "ScriptedSsm") -> None:
    scripted_ssm.will_hold(VALUES)
    source = SecretSource(REGION)
    for _ in range(3):
        with_secrets(settings(), source)
    [(target, request)] = scripted_ssm.calls
    assert target == "AmazonSSM.GetParameters"
    assert request == {"Names": list(VALUES), "WithDecryption": True}


def test_what_was_read_is_kept_when_ssm_no_longer_has_it(ssm: Any) -> None:
    source = SecretSource(REGION)
    filled = with_secrets(settings(), source)
    ssm.delete_parameters(Names=list(VALUES))
    assert held(with_secrets(settings(), source)) == held(filled)
    with pytest.raises(ConfigurationError, match="there is none of that name"):
        source.refresh()
    assert held(with_secrets(settings(), source)) == held(filled)


def test_a_replaced_secret_comes_in_with_a_refresh(ssm: Any) -> None:
    source = SecretSource(REGION)
    old = with_secrets(settings(), source)
    ssm.put_parameter(Name=KEY, Value="sentinel-key-5678", Type="SecureString", Overwrite=True)
    assert held(with_secrets(old, source)) == list(VALUES.values())
    assert source.refresh()
    assert held(with_secrets(old, source)) == ["sentinel-key-5678", VALUES[URL], VALUES[WEBHOOK]]


def test_a_refresh_says_that_trying_again_is_of_no_use_when_nothing_changed(ssm: Any) -> None:
    source = SecretSource(REGION)
    assert not source.refresh()
    with_secrets(settings(), source)
    assert not source.refresh()


def test_threads_that_read_at_once_share_one_call(scripted_ssm: "ScriptedSsm") -> None:
    scripted_ssm.will_answer(
        200, {"Parameters": [{"Name": KEY, "Type": "SecureString", "Value": "k"}]}, after_seconds=0.2
    )
    source = SecretSource(REGION)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: source.read([KEY]), range(4)))
    assert len(scripted_ssm.calls) == 1


def test_blanks_around_a_value_are_dropped(scripted_ssm: "ScriptedSsm") -> None:
    scripted_ssm.will_hold({KEY: "  sentinel-key-1234\n"})
    assert SecretSource(REGION).read([KEY, KEY])[KEY].get_secret_value() == "sentinel-key-1234"


@pytest.mark.parametrize("missing", [[KEY], [KEY, WEBHOOK]], ids=["one", "two"])
def test_missing_parameters_are_named_with_the_region(ssm: Any, missing: list[str]) -> None:
    ssm.delete_parameters(Names=missing)
    with pytest.raises(ConfigurationError) as refused:
        with_secrets(settings(), SecretSource(REGION))
    assert (
        str(refused.value) == f"SSM parameter {', '.join(missing)} of region {REGION}: there is none of that name"
    )


def test_a_parameter_kept_in_the_clear_is_refused(ssm: Any) -> None:
    ssm.put_parameter(Name=URL, Value=VALUES[URL], Type="String", Overwrite=True)
    with pytest.raises(ConfigurationError, match=f"parameter {URL} .* accepted is a SecureString"):
        with_secrets(settings(), SecretSource(REGION))


def test_a_parameter_that_waits_to_be_written_is_told_as_such_and_read_anew_once_it_is(ssm: Any) -> None:
    source = SecretSource(REGION)
    ssm.put_parameter(Name=URL, Value=NOT_WRITTEN, Type="SecureString", Overwrite=True)
    with pytest.raises(SecretNotWrittenError, match=f"parameter {URL}: nothing was written into it yet"):
        with_secrets(settings(), source)
    ssm.put_parameter(Name=URL, Value=VALUES[URL], Type="SecureString", Overwrite=True)
    assert source.refresh()
    assert VALUES[URL] in held(with_secrets(settings(), source))


@pytest.mark.parametrize("value", ["  ", "\n"])
def test_a_blank_value_is_refused_by_its_name(scripted_ssm: "ScriptedSsm", value: str) -> None:
    scripted_ssm.will_hold({**VALUES, URL: value})
    with pytest.raises(ConfigurationError, match=f"parameter {URL} .* its value is blank"):
        with_secrets(settings(), SecretSource(REGION))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (KEY, "two words", "ODDS_API_KEY: expected the key"),
        (URL, "mysql://collector:sentinel@host/odds", "DATABASE_URL"),
        (WEBHOOK, "https://example.org/sentinel", "DISCORD_WEBHOOK_URL: expected https://discord"),
    ],
)
def test_a_value_that_its_variable_does_not_accept_is_refused(ssm: Any, name: str, value: str, told: str) -> None:
    ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
    with pytest.raises(ConfigurationError) as refused:
        with_secrets(settings(), SecretSource(REGION))
    assert told in str(refused.value)
    assert f"from {name}" in str(refused.value)


@pytest.mark.parametrize(
    ("code", "status", "kind", "told"),
    [
        (
            "AccessDeniedException",
            400,
            ConfigurationError,
            "AccessDeniedException; the role needs ssm:GetParameters",
        ),
        ("UnrecognizedClientException", 400, ConfigurationError, "AWS answers UnrecognizedClientException"),
        ("ThrottlingException", 400, SecretsUnavailableError, "just now: AWS answers ThrottlingException"),
        ("InternalServerError", 500, SecretsUnavailableError, "just now: AWS answers InternalServerError"),
    ],
)
def test_a_refusal_of_aws_is_told_by_its_code_and_whether_it_may_pass(
    scripted_ssm: "ScriptedSsm", code: str, status: int, kind: type[LinekeeperError], told: str
) -> None:
    scripted_ssm.will_refuse(code, status)
    with pytest.raises(kind) as refused:
        SecretSource(REGION).read([KEY])
    assert str(refused.value).startswith(f"SSM parameter {KEY} cannot be read")
    assert told in str(refused.value)


def test_an_answer_that_is_no_answer_is_a_failure_that_may_pass(scripted_ssm: "ScriptedSsm") -> None:
    scripted_ssm.will_answer(200, b"<html>")
    with pytest.raises(SecretsUnavailableError, match="cannot be read just now"):
        SecretSource(REGION).read([KEY])


@pytest.mark.parametrize(
    "ask", [SecretSource(REGION, answer_seconds=0.1).read, lambda _: keep_secret(KEY, NEW, answer_seconds=0.1)]
)
@pytest.mark.usefixtures("region")
def test_an_ssm_that_does_not_answer_is_given_up(scripted_ssm: "ScriptedSsm", ask: Callable[[Any], Any]) -> None:
    scripted_ssm.will_answer(200, {}, after_seconds=0.5)
    with pytest.raises(SecretsUnavailableError, match="just now: ReadTimeoutError"):
        ask([KEY])
    assert len(scripted_ssm.calls) == 2


def test_an_ssm_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1")
    with pytest.raises(SecretsUnavailableError, match="just now: EndpointConnectionError"):
        SecretSource(REGION).read([KEY])


@pytest.mark.parametrize(
    ("unset", "told"),
    [("AWS_DEFAULT_REGION", "without a region"), ("AWS_ACCESS_KEY_ID", "without AWS credentials")],
)
def test_what_aws_needs_and_is_not_there_is_named(unset: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv(unset)
    if unset == "AWS_ACCESS_KEY_ID":
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ConfigurationError, match=told):
        SecretSource().read([KEY])


def test_the_region_may_come_from_the_environment(ssm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    assert SecretSource().read([KEY])[KEY].get_secret_value() == VALUES[KEY]


def test_values_stay_out_of_a_debug_log_and_of_the_source(
    scripted_ssm: "ScriptedSsm", caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="botocore")
    scripted_ssm.will_hold(VALUES)
    source = SecretSource(REGION)
    source.read(VALUES)
    assert "sentinel" not in f"{caplog.text} {source!r} {vars(source)}"


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)


@pytest.mark.usefixtures("region")
def test_a_secret_that_is_kept_takes_the_place_of_what_was_there(ssm: Any) -> None:
    keep_secret(KEY, NEW)
    kept = ssm.get_parameter(Name=KEY, WithDecryption=True)["Parameter"]
    assert (kept["Value"], kept["Type"], kept["Version"]) == ("sentinel-new-key", "SecureString", 2)


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        ("AccessDeniedException", ConfigurationError, "AccessDeniedException; the role needs ssm:PutParameter"),
        ("ThrottlingException", SecretsUnavailableError, "just now: AWS answers ThrottlingException"),
    ],
)
@pytest.mark.usefixtures("region")
def test_a_secret_that_cannot_be_kept_is_in_no_error_and_no_log(
    scripted_ssm: "ScriptedSsm",
    caplog: pytest.LogCaptureFixture,
    code: str,
    kind: type[LinekeeperError],
    told: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="botocore")
    scripted_ssm.will_refuse(code, message="not: sentinel-new-key")
    with pytest.raises(kind) as refused:
        keep_secret(KEY, NEW)
    assert str(refused.value).startswith(f"SSM parameter {KEY} cannot be written")
    assert told in str(refused.value)
    assert "sentinel" not in f"{refused.value!r} {refused.value.__context__!r} {caplog.text}"


@pytest.mark.parametrize("unset", ["AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"])
def test_a_secret_is_not_kept_without_a_region_and_credentials(
    unset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    for name in {unset, "AWS_SECRET_ACCESS_KEY" if unset == "AWS_ACCESS_KEY_ID" else unset}:
        monkeypatch.delenv(name)
    with pytest.raises(ConfigurationError, match="cannot be written without a region and AWS credentials"):
        keep_secret(KEY, NEW)
