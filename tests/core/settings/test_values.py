"""How the text of a variable becomes a value, and which texts do not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError

from core.settings import values


def accepts(kind: Any, text: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError:
        return False
    return True


def read(kind: Any, text: object) -> Any:
    return TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        pytest.param("https://api.the-odds-api.com", True, id="https anywhere"),
        pytest.param("http://127.0.0.1:8080", True, id="http on the loopback address"),
        pytest.param("http://localhost:8080", True, id="http on localhost"),
        pytest.param("http://[::1]:8080", True, id="http on the loopback address of IPv6"),
        pytest.param("http://api.the-odds-api.com", False, id="no http elsewhere: the key travels in the URL"),
        pytest.param("https://user:password@host", False, id="no user in it"),
        pytest.param("https://host/?apiKey=1", False, id="no query in it"),
        pytest.param("https://", False, id="a host in it"),
        pytest.param("https://[::1", False, id="a whole address"),
        pytest.param("api.the-odds-api.com", False, id="a scheme in it"),
    ],
)
def test_a_base_url_keeps_the_key_encrypted(url: str, accepted: bool) -> None:
    assert accepts(values.BaseUrl, url) is accepted


def test_a_base_url_loses_its_last_slash() -> None:
    assert read(values.BaseUrl, "https://host/path/") == "https://host/path"


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("https://discord.com/api/webhooks/1/token", True),
        ("https://discordapp.com/api/webhooks/1/token", True),
        ("http://discord.com/api/webhooks/1/token", False),
        ("https://discord.com/channels/1", False),
        ("https://discord.com.example.org/api/webhooks/1/token", False),
        ("https://user@discord.com/api/webhooks/1/token", False),
        ("https://discord.com:444/api/webhooks/1/token", False),
        ("https://discord.com/api/webhooks/1/token?wait=true", False),
        ("https://discord.com/api/webhooks/1/../../users", False),
        ("https://discord.com/api/webhooks/1/token\n", False),
        ("https://discord.com/api/webhooks/", False),
    ],
)
def test_a_webhook_is_one_of_discord(url: str, accepted: bool) -> None:
    assert accepts(values.WebhookUrl, url) is accepted


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("http://127.0.0.1:8080/api/webhooks/1/token", True),
        ("http://127.0.0.1:80801/api/webhooks/1/token", False),
        ("https://discord.com/api/webhooks/1/token", False),
    ],
)
def test_a_webhook_is_at_one_of_the_origins_asked_for(url: str, accepted: bool) -> None:
    assert values.is_webhook_url(url, ["http://127.0.0.1:8080"]) is accepted


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("/linekeeper/odds-api-key", True),
        ("/a.b_c-1", True),
        ("linekeeper/odds-api-key", False),
        ("0123456789abcdef0123456789abcdef", False),
        ("postgresql://user@host/database", False),
        ("/linekeeper//key", False),
        ("/linekeeper/key:3", False),
        ("/" + "/".join("abcdefghijklmnop"), False),
        ("/" + "a" * 1011, False),
        ("/linekeeper/key\n", False),
    ],
)
def test_a_parameter_is_named_by_a_whole_path_which_no_secret_looks_like(name: str, accepted: bool) -> None:
    assert accepts(values.ParameterName, name) is accepted


@pytest.mark.parametrize(
    ("arn", "accepted"),
    [
        ("arn:aws:lambda:us-east-1:123456789012:function:fetch-odds", True),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:fetch_odds:live", True),
        ("arn:aws:lambda:us-east-1:1234:function:fetch-odds", False),
        ("arn:aws:lambda:us-east-1:123456789012:layer:fetch-odds", False),
        ("fetch-odds", False),
    ],
)
def test_a_function_is_named_by_its_whole_arn(arn: str, accepted: bool) -> None:
    assert accepts(values.FunctionArn, arn) is accepted


@pytest.mark.parametrize(
    "key", ["basketball_nba", "soccer_germany_bundesliga2", "aussierules_afl", "tennis_atp_us_open"]
)
def test_a_sport_key_has_words_joined_by_underscores(key: str) -> None:
    assert read(values.SportKeys, key) == (key,)


@pytest.mark.parametrize(
    "key", ["nba", "Basketball_NBA", "basketball-nba", "basketball_", "../basketball_nba", "a_b\n"]
)
def test_what_is_no_sport_key_is_refused(key: str) -> None:
    assert not accepts(values.SportKeys, (key,))


@pytest.mark.parametrize(
    "key", ["h2h", "player_points_alternate", "williamhill_us", "sport888", "us_dfs", "new_in_2031"]
)
def test_keys_go_by_their_shape_so_that_new_ones_pass(key: str) -> None:
    assert accepts(values.Keys, key)


@pytest.mark.parametrize(
    ("kind", "given", "duration"),
    [
        (values.Minutes, "5", timedelta(minutes=5)),
        (values.Minutes, "1.5", timedelta(seconds=90)),
        (values.Hours, "3", timedelta(hours=3)),
        (values.Hours, 24, timedelta(days=1)),
        (values.Hours, timedelta(minutes=1), timedelta(minutes=1)),
    ],
)
def test_durations_are_numbers_in_the_unit_of_the_name(kind: Any, given: object, duration: timedelta) -> None:
    assert read(kind, given) == duration


@pytest.mark.parametrize("text", ["inf", "-inf", "nan", "1e300", "PT5M", "5m"])
def test_what_is_no_finite_number_is_no_duration(text: str) -> None:
    assert not accepts(values.Minutes, text)


def test_a_path_starts_at_home_or_at_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert read(values.AnyPath, "~/data") == tmp_path / "home" / "data"
    assert read(values.AnyPath, "data") == tmp_path / "data"


def test_an_api_key_is_one_word_and_stays_hidden() -> None:
    key = read(values.ApiKey, "abc-DEF_123")
    assert isinstance(key, SecretStr)
    assert "abc" not in repr(key)
    assert not accepts(values.ApiKey, "abc def")
    assert not accepts(values.ApiKey, "schlüssel")
