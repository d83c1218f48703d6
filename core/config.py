"""All settings, read once at start from the environment and `.env`, or refused with one message."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from core.errors import ConfigurationError
from core.settings.base import SettingsGroup
from core.settings.collecting import CollectionSettings, DatabaseSettings, FeedSettings
from core.settings.running import AlertSettings, AwsSettings, LogSettings, SchedulerSettings, ValidationSettings

GROUPS: Mapping[str, type[SettingsGroup]] = {
    "feed": FeedSettings,
    "database": DatabaseSettings,
    "collection": CollectionSettings,
    "scheduler": SchedulerSettings,
    "aws": AwsSettings,
    "validation": ValidationSettings,
    "alerts": AlertSettings,
    "logging": LogSettings,
}
_LONGEST_SHOWN = 60
_FIELD_SUFFIX = "_parameter"
_VARIABLE_SUFFIX = "_PARAMETER"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, in its group."""

    feed: FeedSettings
    database: DatabaseSettings
    collection: CollectionSettings
    scheduler: SchedulerSettings
    aws: AwsSettings
    validation: ValidationSettings
    alerts: AlertSettings
    logging: LogSettings

    def secrets(self) -> tuple[str, ...]:
        """Return the literal texts that must appear nowhere, in every spelling that a URL may give them."""
        key, url, webhook = (
            secret.get_secret_value() if secret else ""
            for secret in (self.feed.api_key, self.database.url, self.alerts.discord_webhook_url)
        )
        tokens = urlsplit(webhook).path.split("/")[4:]
        return tuple(filter(None, dict.fromkeys((key, url, *_passwords(url), webhook, *tokens))))

    def secret_parameters(self) -> dict[str, str]:
        """Return the names of the SSM parameters to read, by the variable whose value each holds."""
        groups = (getattr(self, name) for name in GROUPS)
        return {variable: named for group in groups for variable, _, named in _secrets_of(group) if named}


def load_settings(**overrides: object) -> Settings:
    """Return the settings; an override, named as its environment variable, wins over both sources.

    A secret that is overridden is not looked up in its SSM parameter either.

    Raises:
        ConfigurationError: Some values are wrong; names each variable and what it accepts, no secret.
    """
    parameters = {f"{name}{_VARIABLE_SUFFIX}": None for name in overrides}
    groups, faults = _read_groups(parameters | overrides)
    return _composed(groups, [*faults, *_unknown(overrides), *_set_twice(groups)])


def replaced(settings: Settings, **overrides: object) -> Settings:
    """Return the settings with other values of some variables, each named as its environment variable.

    Raises:
        ConfigurationError: As `load_settings` raises it.
    """
    values = {
        str(field.validation_alias): getattr(getattr(settings, group), name)
        for group, kind in GROUPS.items()
        for name, field in kind.model_fields.items()
    }
    groups, faults = _read_groups(values | overrides)
    return _composed(groups, [*faults, *_unknown(overrides)])


def variables(group: type[SettingsGroup]) -> dict[str, str]:
    """Return the environment variables of a group, each with the text of what it accepts."""
    return {str(field.validation_alias): field.description or "" for field in group.model_fields.values()}


def _composed(groups: dict[str, Any], faults: list[str]) -> Settings:
    scheduler, aws = groups.get("scheduler"), groups.get("aws")
    if scheduler and aws and scheduler.backend == "aws" and aws.lambda_arn is None:
        faults.append("SCHEDULER_BACKEND=aws needs AWS_LAMBDA_ARN")
    if faults:
        raise ConfigurationError("\n  ".join(["these settings are wrong:", *faults]))
    return Settings(**groups)


def _read_groups(overrides: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    groups: dict[str, Any] = {}
    faults: list[str] = []
    for name, group in GROUPS.items():
        own = {variable: overrides[variable] for variable in variables(group) if variable in overrides}
        try:
            groups[name] = group(**own)  # type: ignore[arg-type]
        except ValidationError as error:
            faults += _faults(group, error.errors())
        except (OSError, UnicodeDecodeError) as error:
            faults += [f".env cannot be read: {type(error).__name__}"]
    return groups, list(dict.fromkeys(faults))


def _faults(group: type[SettingsGroup], details: list[ErrorDetails]) -> Iterator[str]:
    accepted = variables(group)
    for detail in details:
        variable = str(detail["loc"][0]) if detail["loc"] else ""
        reason = str(detail.get("ctx", {}).get("error", ""))
        if not variable or reason.startswith(variable):
            yield reason
        elif variable in accepted:
            yield f"{variable}{_shown(group, variable, detail['input'])}: expected {accepted[variable]}"


def _shown(group: type[SettingsGroup], variable: str, value: object) -> str:
    if "://" in str(value) or variable in _secret_variables(group) or variable.endswith(_VARIABLE_SUFFIX):
        return ""
    return f"={str(value)[:_LONGEST_SHOWN]!r}"


def _secret_variables(group: type[SettingsGroup]) -> set[str]:
    fields = group.model_fields.values()
    return {str(field.validation_alias) for field in fields if _mentions(field.annotation, SecretStr)}


def _mentions(annotation: object, kind: type) -> bool:
    return annotation is kind or any(_mentions(part, kind) for part in get_args(annotation))


def _secrets_of(group: SettingsGroup) -> Iterator[tuple[str, object, str | None]]:
    """Yield each value that may be kept in an SSM parameter: its variable, the value, the parameter's name."""
    fields = type(group).model_fields
    for name in fields:
        if name.endswith(_FIELD_SUFFIX):
            secret = name.removesuffix(_FIELD_SUFFIX)
            yield str(fields[secret].validation_alias), getattr(group, secret), getattr(group, name)


def _set_twice(groups: Mapping[str, SettingsGroup]) -> list[str]:
    secrets = (secret for group in groups.values() for secret in _secrets_of(group))
    return [
        f"{variable} and {variable}{_VARIABLE_SUFFIX} are both set: expected one of them"
        for variable, value, named in secrets
        if value and named
    ]


def _unknown(overrides: Mapping[str, object]) -> list[str]:
    known = {variable for group in GROUPS.values() for variable in variables(group)}
    return [f"{name}: there is no such setting" for name in overrides if name not in known]


def _passwords(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    for password in (parts.password or "", *parse_qs(parts.query).get("password", [])):
        yield from (password, unquote(password))
