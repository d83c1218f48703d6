"""Secrets in SSM: SecureString parameters whose names, never whose values, are in the environment.

Reading blocks, on purpose: it happens once, at the start of a process, before there is an event loop and before
the log knows what to hide. A run that reads again does so in a thread: `await asyncio.to_thread(source.refresh)`.
No frame that an error of this module passes through holds a value in the clear.
"""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from core.config import Settings, replaced
from core.errors import ConfigurationError, LinekeeperError, SecretNotWrittenError, SecretsUnavailableError

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.exceptions import ClientError

NOT_WRITTEN = "not written yet"
"""What a deployment puts into a parameter that somebody else is to write."""

_SECURE = "SecureString"
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class _Answer:
    """What SSM answered: the secrets by parameter name and the names of those kept in the clear, or a failure."""

    secrets: Mapping[str, SecretStr]
    plain: tuple[str, ...] = ()
    failure: LinekeeperError | None = None


class SecretSource:
    """The parameters of one region, each read once and kept for the life of the source; made once a process."""

    def __init__(
        self, region: str | None = None, *, connect_seconds: float = 2, answer_seconds: float = 4
    ) -> None:
        """Read in a region, by default in the one that boto3 finds, and try twice for so long each time."""
        self._region = region
        self._connect_seconds = connect_seconds
        self._answer_seconds = answer_seconds
        self._secrets: Mapping[str, SecretStr] = {}
        self._lock = threading.Lock()

    def read(self, names: Iterable[str]) -> dict[str, SecretStr]:
        """Return the secrets of at most ten parameters by name; those not read before are asked for in one call.

        Raises:
            ConfigurationError: A parameter is missing, blank or no SecureString, reading it is not allowed, or
                there are no region or credentials to read it with.
            SecretsUnavailableError: SSM cannot answer just now.
        """
        wanted = list(dict.fromkeys(names))
        with self._lock:
            if unread := [name for name in wanted if name not in self._secrets]:
                self._secrets = {**self._secrets, **self._fetch(unread)}
            return {name: self._secrets[name] for name in wanted}

    def refresh(self) -> bool:
        """Read again all that was read before and tell whether anything changed.

        It is for once after the feed refused the key or the database the password, which may have been replaced;
        where nothing changed, trying again is of no use.

        Raises:
            ConfigurationError: As `read` raises it; what was read before is kept.
            SecretsUnavailableError: As `read` raises it; what was read before is kept.
        """
        with self._lock:
            before = self._secrets
            self._secrets = self._fetch(list(before)) if before else {}
            return self._secrets != before

    def _fetch(self, names: list[str]) -> Mapping[str, SecretStr]:
        answer = _ask(names, self._region, self._connect_seconds, self._answer_seconds)
        if answer.failure is not None:
            raise answer.failure
        where = f"of region {self._region}" if self._region else "of the environment's region"
        if missing := [name for name in names if name not in answer.secrets and name not in answer.plain]:
            raise ConfigurationError(f"{_told(missing)} {where}: there is none of that name")
        if answer.plain:
            raise ConfigurationError(
                f"{_told(answer.plain)} {where}: accepted is a SecureString, this is in the clear"
            )
        if blank := [name for name in names if not answer.secrets[name]]:
            raise ConfigurationError(f"{_told(blank)} {where}: its value is blank")
        return answer.secrets


def with_secrets(settings: Settings, source: SecretSource) -> Settings:
    """Return the settings with the value of every secret that they name a parameter for; no name, no call.

    Settings that were filled before are filled anew, so that what a source has read again takes its place.

    Raises:
        ConfigurationError: As `SecretSource.read` raises it, or a value is not what its variable accepts.
        SecretNotWrittenError: A parameter was not written yet.
        SecretsUnavailableError: As `SecretSource.read` raises it.
    """
    parameters = settings.secret_parameters()
    if not parameters:
        return settings
    secrets = source.read(parameters.values())
    if waiting := [name for name in parameters.values() if secrets[name].get_secret_value() == NOT_WRITTEN]:
        raise SecretNotWrittenError(
            f"{_told(waiting)}: nothing was written into it yet; its description says who does"
        )
    try:
        return replaced(settings, **{variable: secrets[name] for variable, name in parameters.items()})
    except ConfigurationError as error:
        fault = str(error)
    origins = ", ".join(f"{variable} from {name}" for variable, name in parameters.items())
    raise ConfigurationError(f"{fault}\n  what was read from SSM: {origins}")


def open_ssm_client(
    region: str | None = None, *, connect_seconds: float = 2, answer_seconds: float = 4
) -> "BaseClient":
    """Return a boto3 client of SSM, by default in the region that boto3 finds, that tries each call twice.

    Importing boto3 takes a few tenths of a second, so it is imported here, by those who keep secrets on AWS. A
    session of its own would read again what other clients of the process have read.
    """
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=connect_seconds,
        read_timeout=answer_seconds,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    return boto3.client("ssm", region_name=region, config=config)


def keep_secret(name: str, secret: SecretStr, *, answer_seconds: float = 4) -> None:
    """Write a secret into a parameter, in place of what it held; blocks while AWS answers, twice so long at most.

    Raises:
        ConfigurationError: Writing it is not allowed, or there are no region or credentials to write it with.
        SecretsUnavailableError: SSM cannot answer just now.
    """
    if failure := _put(name, secret, answer_seconds):
        raise failure


def _put(name: str, secret: SecretStr, answer_seconds: float) -> LinekeeperError | None:
    """Make the call; a failure comes back as a value, for boto3's own errors may quote the request."""
    from botocore import exceptions  # noqa: PLC0415

    _keep_answers_out_of_the_log()
    try:
        client = open_ssm_client(answer_seconds=answer_seconds)
        client.put_parameter(Name=name, Value=secret.get_secret_value(), Type=_SECURE, Overwrite=True)
    except exceptions.ClientError as error:
        return _refusal([name], error, "written", "ssm:PutParameter on it")
    except (exceptions.NoRegionError, exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        return ConfigurationError(f"{_told([name])} cannot be written without a region and AWS credentials")
    except Exception as error:
        return SecretsUnavailableError(f"{_told([name])} cannot be written just now: {type(error).__name__}")
    return None


def _ask(names: list[str], region: str | None, connect_seconds: float, answer_seconds: float) -> _Answer:
    """Make the one call; a failure comes back as a value, for boto3's own errors may quote the answer."""
    from botocore import exceptions  # noqa: PLC0415

    _keep_answers_out_of_the_log()
    try:
        client = open_ssm_client(region, connect_seconds=connect_seconds, answer_seconds=answer_seconds)
        return _answer(client.get_parameters(Names=names, WithDecryption=True)["Parameters"])
    except exceptions.ClientError as error:
        needed = "ssm:GetParameters on each, and kms:Decrypt on a key of your own"
        failure = _refusal(names, error, "read", needed)
    except exceptions.NoRegionError:
        failure = ConfigurationError(
            f"{_told(names)} cannot be read without a region: AWS_DEFAULT_REGION names one"
        )
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        failure = ConfigurationError(f"{_told(names)} cannot be read without AWS credentials")
    except Exception as error:
        failure = SecretsUnavailableError(f"{_told(names)} cannot be read just now: {type(error).__name__}")
    return _Answer({}, failure=failure)


def _keep_answers_out_of_the_log() -> None:
    """Raise the level of botocore's log, which at DEBUG holds whole answers, decrypted values too."""
    logger = logging.getLogger("botocore")
    logger.setLevel(max(logger.level, logging.WARNING))


def _answer(parameters: Sequence[Mapping[str, Any]]) -> _Answer:
    secure = {part["Name"]: SecretStr(part["Value"].strip()) for part in parameters if part["Type"] == _SECURE}
    return _Answer(secure, plain=tuple(part["Name"] for part in parameters if part["Type"] != _SECURE))


def _refusal(names: list[str], error: "ClientError", done: str, needed: str) -> LinekeeperError:
    code = str(error.response.get("Error", {}).get("Code", "no reason"))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS or code.startswith("Throttl"):
        return SecretsUnavailableError(f"{_told(names)} cannot be {done} just now: AWS answers {code}")
    return ConfigurationError(f"{_told(names)} cannot be {done}: AWS answers {code}; the role needs {needed}")


def _told(names: Iterable[str]) -> str:
    return f"SSM parameter {', '.join(names)}"
