"""What a user meets at start: every variable read, every wrong one named."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.config import GROUPS, load_settings, replaced, variables
from core.errors import ConfigurationError

KNOWN = {variable: text for group in GROUPS.values() for variable, text in variables(group).items()}
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:linekeeper-fetch-odds"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the working folder, empty, with none of our variables set."""
    for variable in (*KNOWN, "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(**overrides: object) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(**overrides)
    return str(refused.value)


def test_without_any_variable_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.collection.sports == ("basketball_nba",)
    assert settings.collection.scope.region_count == 1
    assert settings.feed.quota == 500
    assert settings.scheduler.backend == "local"
    assert settings.scheduler.closing_lead == timedelta(minutes=5)
    assert settings.scheduler.minimum_gap == timedelta(minutes=3)
    assert settings.scheduler.fallback_interval == timedelta(minutes=30)
    assert settings.scheduler.heartbeat_interval == timedelta(minutes=1)
    assert settings.scheduler.status_interval == timedelta(hours=3)
    assert settings.scheduler.longest_sleep == timedelta(hours=24)
    assert settings.scheduler.credit_reserve == 0.1
    assert settings.database.url is None
    assert not settings.validation.reject_invalid_odds


def test_the_environment_wins_over_the_file_and_an_override_over_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("ODDS_API_QUOTA=1000\nDATABASE_POOL_SIZE=7\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("ODDS_API_QUOTA", "20000")
    assert load_settings().feed.quota == 20000
    assert load_settings(ODDS_API_QUOTA=5).feed.quota == 5
    assert load_settings().database.pool_size == 7


def test_an_empty_value_counts_as_not_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in KNOWN:
        monkeypatch.setenv(variable, "")
    empty = load_settings()
    for variable in KNOWN:
        monkeypatch.setenv(variable, "  ")
    assert load_settings() == empty
    monkeypatch.setenv("ODDS_API_QUOTA", "")
    (folder / ".env").write_text("ODDS_API_QUOTA=1000\n")
    assert load_settings().feed.quota == 1000


def test_a_list_may_have_spaces_repeats_and_empty_items() -> None:
    assert load_settings(BOOKMAKERS=" pinnacle , fanduel,,pinnacle ").collection.bookmakers == (
        "pinnacle",
        "fanduel",
    )


@pytest.mark.parametrize(
    ("given", "bookmakers", "regions"),
    [
        pytest.param({"BOOKMAKERS": "fanduel"}, ("fanduel",), (), id="bookmakers alone are asked"),
        pytest.param({"REGIONS": "us,eu"}, (), ("eu", "us"), id="regions alone are asked"),
        pytest.param({"REGIONS": "us", "BOOKMAKERS": "fanduel"}, ("fanduel",), (), id="bookmakers win"),
        pytest.param({"REGIONS": "us", "BOOKMAKERS": ","}, (), ("us",), id="an empty list is not set"),
    ],
)
def test_bookmakers_win_over_regions(
    given: dict[str, str], bookmakers: tuple[str, ...], regions: tuple[str, ...]
) -> None:
    scope = load_settings(**given).collection.scope
    assert (scope.bookmakers, scope.regions) == (bookmakers, regions)


def test_the_region_of_the_function_holds_where_none_is_given() -> None:
    assert load_settings(AWS_LAMBDA_ARN=ARN).aws.region == "eu-west-1"
    assert load_settings(AWS_LAMBDA_ARN=ARN, AWS_REGION="us-east-2").aws.region == "us-east-2"


WRONG = {
    "ODDS_API_KEY": "two words",
    "ODDS_API_KEY_PARAMETER": "hunter22",
    "ODDS_API_BASE_URL": "http://api.the-odds-api.com",
    "ODDS_API_QUOTA": "0",
    "DATABASE_URL": "mysql://user:hunter22@host/db",
    "DATABASE_URL_PARAMETER": "postgresql://user:hunter22@host/db",
    "DATABASE_ENVIRONMENT": "staging",
    "DATABASE_TLS": "prefer",
    "DATABASE_SSL_ROOT_CERT": "/no/such/file.pem",
    "DATABASE_SSL_ROOT_CERT_PARAMETER": "root.pem",
    "DATABASE_POOL_SIZE": "many",
    "LINEKEEPER_DATA_DIR": "~nobody-by-this-name/data",
    "SPORTS": "basketball_nba, Ice Hockey",
    "BOOKMAKERS": "pinnacle,Draft Kings",
    "MARKETS": "h2h;spreads",
    "REGIONS": "US",
    "AWS_PAUSED": "maybe",
    "SCHEDULER_BACKEND": "cron",
    "SCHEDULER_DRY_RUN": "maybe",
    "SCHEDULER_LOOKAHEAD_DAYS": "0",
    "SCHEDULER_CLOSING_LEAD_MINUTES": "-5",
    "SCHEDULER_MINIMUM_GAP_MINUTES": "inf",
    "SCHEDULER_FALLBACK_MINUTES": "nan",
    "SCHEDULER_HEARTBEAT_MINUTES": "five",
    "SCHEDULER_RUNS_A_DAY": "23",
    "SCHEDULER_STATUS_INTERVAL_HOURS": "0",
    "SCHEDULER_LONGEST_SLEEP_HOURS": "48",
    "SCHEDULER_CREDIT_RESERVE": "0.95",
    "AWS_REGION": "Ohio",
    "AWS_LAMBDA_ARN": "arn:aws:s3:::bucket",
    "AWS_SCHEDULER_ROLE_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:linekeeper",
    "AWS_SCHEDULER_GROUP": "a group",
    "AWS_DEAD_LETTER_ARN": "arn:aws:sns:eu-west-1:123456789012:topic",
    "RESULTS_BUCKET": "My Results",
    "METRICS_NAMESPACE": "AWS/Lambda",
    "ENABLE_VALIDATION": "2",
    "REJECT_INVALID_ODDS": "sometimes",
    "ALERT_ENABLED": "?",
    "DISCORD_WEBHOOK_URL": "https://discord.com.example.org/api/webhooks/1/hunter22",
    "DISCORD_WEBHOOK_URL_PARAMETER": "linekeeper/hunter22",
    "LOG_LEVEL": "LOUD",
    "LOG_FILE": "~nobody-by-this-name/log",
}


@pytest.mark.parametrize("variable", sorted(KNOWN))
def test_a_wrong_value_is_refused_by_its_variable_with_what_is_accepted(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, WRONG[variable])
    told = refusal()
    assert re.findall(r"^  ([A-Z_]+)", told, flags=re.MULTILINE) == [variable]
    assert told.endswith(f"expected {KNOWN[variable]}") or variable == "DATABASE_URL"
    assert "hunter22" not in told


def test_a_database_url_is_refused_with_its_own_reason_and_by_the_tls_setting() -> None:
    remote = "postgresql://collector:hunter22@db.example.org/odds?sslmode=disable"
    told = refusal(DATABASE_URL=remote)
    assert "DATABASE_URL asks for sslmode=disable" in told
    assert "hunter22" not in told
    parsed = load_settings(DATABASE_URL=remote, DATABASE_TLS="off").database.parsed_url
    assert parsed is not None
    assert (parsed.host, parsed.tls) == ("db.example.org", "off")
    assert load_settings().database.parsed_url is None


def test_all_wrong_variables_are_named_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in WRONG.items():
        monkeypatch.setenv(variable, value)
    assert set(re.findall(r"^  ([A-Z_]+)", refusal(), flags=re.MULTILINE)) == set(KNOWN)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        pytest.param(
            {"SCHEDULER_BACKEND": "aws"}, {"SCHEDULER_BACKEND", "AWS_LAMBDA_ARN"}, id="aws needs a function"
        ),
        pytest.param(
            {"ALERT_ENABLED": "yes"},
            {"ALERT_ENABLED", "DISCORD_WEBHOOK_URL", "DISCORD_WEBHOOK_URL_PARAMETER"},
            id="alerts need an address",
        ),
        pytest.param(
            {"REJECT_INVALID_ODDS": "yes", "ENABLE_VALIDATION": "no"},
            {"REJECT_INVALID_ODDS", "ENABLE_VALIDATION"},
            id="rejecting needs checks",
        ),
        pytest.param(
            {"SCHEDULER_MINIMUM_GAP_MINUTES": "5"},
            {"SCHEDULER_MINIMUM_GAP_MINUTES", "SCHEDULER_CLOSING_LEAD_MINUTES"},
            id="the gap stays below the closing lead",
        ),
        pytest.param(
            {"SCHEDULER_FALLBACK_MINUTES": "2"},
            {"SCHEDULER_FALLBACK_MINUTES", "SCHEDULER_MINIMUM_GAP_MINUTES"},
            id="the fallback is no sooner than the gap",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_refused_by_name(given: dict[str, str], named: set[str]) -> None:
    assert set(re.findall(r"[A-Z]+_[A-Z_]+", refusal(**given))) == named


def test_a_rule_across_groups_is_told_beside_other_faults() -> None:
    told = refusal(SCHEDULER_BACKEND="aws", ODDS_API_QUOTA="x")
    assert "AWS_LAMBDA_ARN" in told
    assert "ODDS_API_QUOTA" in told


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / ".env").write_bytes(b"ODDS_API_KEY=\xff\xfe")
    assert ".env cannot be read" in refusal()


def test_an_unknown_override_is_refused() -> None:
    assert "ODDS_API_KEYS" in refusal(ODDS_API_KEYS="x")


SECRETS = {
    "ODDS_API_KEY": "sentinel-key-1234",
    "DATABASE_URL": "postgresql://collector:senti%40nel@db.example.org/odds",
    "DISCORD_WEBHOOK_URL": "https://discord.com/api/webhooks/42/sentinel-token",
}
PUBLIC_IN_A_PARAMETER = {"DATABASE_SSL_ROOT_CERT": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"}


@pytest.mark.parametrize("variable", sorted(SECRETS | PUBLIC_IN_A_PARAMETER))
def test_a_secret_is_set_or_named_but_not_both(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = f"{variable}_PARAMETER"
    monkeypatch.setenv(named, "/linekeeper/secret")
    assert load_settings().secret_parameters() == {variable: "/linekeeper/secret"}
    value = (SECRETS | PUBLIC_IN_A_PARAMETER)[variable]
    monkeypatch.setenv(variable, value)
    assert refusal().endswith(f"{variable} and {named} are both set: expected one of them")
    assert load_settings(**{variable: value}).secret_parameters() == {}


def test_a_root_certificate_is_a_file_or_its_text(tmp_path: Path) -> None:
    file, text = tmp_path / "root.pem", PUBLIC_IN_A_PARAMETER["DATABASE_SSL_ROOT_CERT"]
    file.write_text(text)
    remote = "postgresql://u:p@db.example.com/odds"
    for given, held in ((str(file), file), (text, text), (SecretStr(text), text)):
        parsed = load_settings(DATABASE_URL=remote, DATABASE_SSL_ROOT_CERT=given).database.parsed_url
        assert parsed is not None
        assert parsed.ssl_root_cert == held


def test_alerts_may_have_their_address_in_a_parameter() -> None:
    alerts = load_settings(ALERT_ENABLED="yes", DISCORD_WEBHOOK_URL_PARAMETER="/linekeeper/webhook").alerts
    assert alerts.enabled
    assert alerts.discord_webhook_url is None


def test_replaced_settings_differ_in_what_was_replaced_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(REGIONS="us", ODDS_API_QUOTA=900, ODDS_API_KEY_PARAMETER="/linekeeper/key")
    monkeypatch.setenv("MARKETS", "totals")
    assert replaced(settings) == settings
    other = replaced(settings, ODDS_API_KEY="sentinel-key-1234")
    assert other.feed.api_key is not None
    assert other.secret_parameters() == settings.secret_parameters()
    assert (other.collection, other.feed.quota) == (settings.collection, 900)
    with pytest.raises(ConfigurationError, match="ODDS_API_QUOTA='x'"):
        replaced(settings, ODDS_API_QUOTA="x")


def test_secrets_show_in_no_text_of_the_settings() -> None:
    settings = load_settings(**SECRETS)
    assert "senti" not in f"{settings!r} {settings} {settings.feed!r} {settings.database!r} {settings.alerts!r}"


def test_the_texts_to_redact_are_listed_in_every_spelling() -> None:
    secrets = load_settings(**SECRETS).secrets()
    assert {*SECRETS.values(), "senti%40nel", "senti@nel", "sentinel-token"} <= set(secrets)
    assert load_settings().secrets() == ()


def test_a_refusal_keeps_secrets_out_of_its_whole_chain() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(
            ODDS_API_KEY="sentinel key", DATABASE_URL="sentinel", SCHEDULER_BACKEND="postgres://sentinel"
        )
    assert "sentinel" not in str(refused.value)
    assert refused.value.__context__ is None
