"""How the text of an environment variable becomes a value: the kinds of settings, each with its check."""

import re
from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from core.database_url import Pem

_KEY = r"^[a-z0-9]+(_[a-z0-9]+)*$"
_SPORT_KEY = r"^[a-z0-9]+(_[a-z0-9]+)+$"
_FUNCTION_ARN = r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:([A-Za-z0-9_-]|\{job\})+(:[A-Za-z0-9_$-]+)?$"
_ROLE_ARN = r"^arn:aws[a-z-]*:iam::\d{12}:role/[A-Za-z0-9_+=,.@/-]+$"
_QUEUE_ARN = r"^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$"
_WEBHOOK_PATH = r"/api/webhooks/\d{1,20}/[A-Za-z0-9_-]{1,200}"
_PARAMETER_NAME = r"^(/[A-Za-z0-9_.-]+){1,15}$"
_PEM = "-----BEGIN CERTIFICATE-----"
DISCORD_ORIGINS = ("https://discord.com", "https://discordapp.com")


def is_webhook_url(url: str, origins: Iterable[str] = DISCORD_ORIGINS) -> bool:
    """Tell whether a URL is that of a webhook at one of the origins, and nothing else: no port, query or user."""
    return any(re.fullmatch(re.escape(origin) + _WEBHOOK_PATH, url, re.ASCII) for origin in origins)


def _listed(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _minutes(value: object) -> object:
    return timedelta(minutes=_number(value)) if isinstance(value, str | int | float) else value


def _hours(value: object) -> object:
    return timedelta(hours=_number(value)) if isinstance(value, str | int | float) else value


def _number(value: str | float) -> float:
    number = float(value)
    if not abs(number) < 1e6:  # noqa: PLR2004 - beyond it, infinity and NaN included, no timedelta exists
        msg = "not a usable duration"
        raise ValueError(msg)
    return number


def _from_home(value: object) -> object:
    if not isinstance(value, str | Path):
        return value
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError as error:
        msg = "no such home folder"
        raise ValueError(msg) from error


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_base_url(value: str) -> str:
    url = urlsplit(value)
    host = url.hostname or ""
    encrypted = url.scheme == "https" or (url.scheme == "http" and _is_loopback(host))
    if not host or not encrypted or url.username or url.password or url.query or url.fragment:
        msg = "not an https address"
        raise ValueError(msg)
    return value.rstrip("/")


def _checked_api_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", value.get_secret_value()):
        msg = "not an API key"
        raise ValueError(msg)
    return value


def _checked_webhook_url(value: SecretStr) -> SecretStr:
    if not is_webhook_url(value.get_secret_value()):
        msg = "not a Discord webhook"
        raise ValueError(msg)
    return value


def _root_cert(value: object) -> object:
    given = value.get_secret_value() if isinstance(value, SecretStr) else value
    if isinstance(given, str) and _PEM in given:
        return Pem(given)
    path = _from_home(given)
    if not isinstance(path, Path) or not path.is_file():
        msg = "no certificate"
        raise ValueError(msg)
    return path


Keys = Annotated[tuple[Annotated[str, Field(pattern=_KEY)], ...], NoDecode, BeforeValidator(_listed)]
SportKeys = Annotated[tuple[Annotated[str, Field(pattern=_SPORT_KEY)], ...], NoDecode, BeforeValidator(_listed)]
Minutes = Annotated[timedelta, BeforeValidator(_minutes)]
Hours = Annotated[timedelta, BeforeValidator(_hours)]
AnyPath = Annotated[Path, BeforeValidator(_from_home)]
RootCert = Annotated[Path | Pem, BeforeValidator(_root_cert)]
RoleArn = Annotated[str, Field(pattern=_ROLE_ARN)]
QueueArn = Annotated[str, Field(pattern=_QUEUE_ARN)]
FunctionArn = Annotated[str, Field(pattern=_FUNCTION_ARN)]
BaseUrl = Annotated[str, AfterValidator(_checked_base_url)]
ApiKey = Annotated[SecretStr, AfterValidator(_checked_api_key)]
WebhookUrl = Annotated[SecretStr, AfterValidator(_checked_webhook_url)]
ParameterName = Annotated[str, Field(pattern=_PARAMETER_NAME, max_length=1011)]
