"""The function that deploys call: bring the schema up to date, and let the roles of the other functions in."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from pydantic import SecretStr

from core.config import Settings, load_settings
from core.errors import ConfigurationError, DeadlineError
from core.logs import configure_logging
from core.secrets import SecretSource, keep_secret, with_secrets
from core.settings.collecting import DatabaseSettings
from handlers.role_logins import let_roles_in
from handlers.runtime import CLOSING_TIME, LambdaContext
from storage.database import Database
from storage.roles import ROLES
from storage.upgrading import Upgrade, bring_up_to_date

_OWNER = "migrator"
_ROTATE = "rotate_passwords"

_log = structlog.get_logger(__name__)


def handler(event: object, context: LambdaContext) -> Mapping[str, Any]:
    """Upgrade the schema; let in the roles that cannot connect yet, or with {"rotate_passwords": true} all anew.

    The owner's URL is read from the parameter that DATABASE_URL_PARAMETER names, …/migrator; those of the roles
    are kept beside it: …/collector, …/scores and so on. No password leaves the function in any other way.
    """
    rotate = _reads_rotate(event)
    named = load_settings()
    folder = _folder_of_urls(named)
    source = SecretSource()
    settings = with_secrets(named, source)
    kept = {} if rotate else _kept_urls(source, folder)
    configure_logging(settings.logging, settings.secrets(), as_json=True, stream=sys.stdout)
    seconds = max(context.get_remaining_time_in_millis() / 1000 - CLOSING_TIME.total_seconds(), 0)
    return asyncio.run(_migrate(settings.database, folder, kept, seconds))


async def _migrate(
    settings: DatabaseSettings, folder: str, kept: Mapping[str, SecretStr], seconds: float
) -> Mapping[str, Any]:
    owner, parsed = settings.url, settings.parsed_url
    if owner is None or parsed is None:
        msg = "DATABASE_URL is not set"
        raise ConfigurationError(msg)

    async def keep(role: str, url: SecretStr) -> None:
        await asyncio.to_thread(keep_secret, f"{folder}/{role}", url)

    database = Database(parsed, pooled=False, command_timeout_seconds=max(seconds, 1))
    upgrade: Upgrade | None = None
    try:
        async with asyncio.timeout(seconds) as deadline:
            upgrade = await bring_up_to_date(database)
            given = await let_roles_in(database, owner, keep, kept)
    except TimeoutError:
        if not deadline.expired():
            raise
        raise DeadlineError(_cut_off(upgrade, seconds)) from None
    said = {"before": upgrade.before, "after": upgrade.after, "passwords_given": given, "note": None}
    if upgrade.is_newer:
        said["note"] = f"the schema is newer than this code, which knows {upgrade.known}, and was left as it is"
    (_log.warning if upgrade.is_newer else _log.info)("schema.upgraded", **said)
    return said


def _cut_off(upgrade: Upgrade | None, seconds: float) -> str:
    if upgrade is None:
        return f"the migration did not end within {seconds:.0f} s and was taken back"
    return (
        f"the schema is at {upgrade.after}, but not every role was let in within {seconds:.0f} s: "
        "the passwords given by then are good; invoked again it gives the rest"
    )


def _reads_rotate(event: object) -> bool:
    told = {} if event is None else event
    if not isinstance(told, Mapping) or told.keys() - {_ROTATE} or not isinstance(told.get(_ROTATE, False), bool):
        msg = f'the event is not understood: accepted is {{}} or {{"{_ROTATE}": true}}'
        raise ConfigurationError(msg)
    return bool(told.get(_ROTATE, False))


def _folder_of_urls(settings: Settings) -> str:
    folder, _, name = (settings.database.url_parameter or "").rpartition("/")
    if not folder or name != _OWNER:
        msg = (
            f"DATABASE_URL_PARAMETER must end with /{_OWNER}, such as /linekeeper/database-url/{_OWNER}: "
            "the URLs of the roles are written beside it"
        )
        raise ConfigurationError(msg)
    return folder


def _kept_urls(source: SecretSource, folder: str) -> Mapping[str, SecretStr]:
    """Return what is kept for each role; Terraform makes the parameters, and writes into them that they wait."""
    urls = source.read(f"{folder}/{role}" for role in ROLES)
    return {role: urls[f"{folder}/{role}"] for role in ROLES}
