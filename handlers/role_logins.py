"""Let the database's roles in: each with a password that is made here and kept where only its function reads."""

import secrets
from collections.abc import Awaitable, Callable, Mapping

import structlog
from pydantic import SecretStr

from core.database_url import has_login, is_with_login, parse_database_url, with_login
from core.errors import DatabaseUnreachableError, PasswordRefusedError
from storage.connection_errors import is_wrong_password
from storage.database import Database
from storage.roles import ROLES, grant_roles, may_log_in, role_name, set_defaults, set_password

_PASSWORD_BYTES = 32
_log = structlog.get_logger(__name__)

KeepUrl = Callable[[str, SecretStr], Awaitable[None]]
"""Keeps the URL by which a role connects."""


async def let_roles_in(
    database: Database, owner_url: SecretStr, keep: KeepUrl, kept: Mapping[str, SecretStr]
) -> list[str]:
    """Give a password to every role that cannot connect by the URL kept for it; return the roles that got one.

    That is a role that has no password yet, and one whose kept URL is none, or leads elsewhere: the server has the
    roles of a deployment before this one, or the owner's URL is another now. One whose password the server refuses
    gets another too: it was kept, and the commit that was to make it good was lost.
    A password counts from when its URL has been kept; where that fails, the old one is good still.
    What an administrator wrote for a role stays, with a warning, where the owner may give that role no password.

    Args:
        database: The database, as its owner.
        owner_url: The owner's DATABASE_URL, which a role's differs from in user and password.
        keep: What keeps a role's URL.
        kept: What is kept for each role so far; a role without gets a new password.

    Raises:
        StorageError: The owner may not make the roles, or not set their defaults, or not give a password to one
            that has none.
    """
    async with database.transaction() as connection:
        await grant_roles(connection)
    given = []
    for role in ROLES:
        held, owner = kept.get(role, SecretStr("")).get_secret_value(), owner_url.get_secret_value()
        async with database.transaction() as connection:
            may = await may_log_in(connection, role)
            await set_defaults(connection, role)
        if may and is_with_login(held, owner, role_name(role)) and await _is_let_in(database, held):
            continue
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        try:
            async with database.transaction() as connection:
                await set_password(connection, role, password)
                await keep(role, SecretStr(with_login(owner, role_name(role), password)))
        except PasswordRefusedError as refused:
            if not (may and has_login(held, role_name(role))):
                raise
            _log.warning("role.url_left", role=role_name(role), reason=str(refused))
            continue
        given.append(role)
    return given


async def _is_let_in(database: Database, held: str) -> bool:
    """Tell whether the server takes the password of a URL that leads to it; where it cannot be asked, yes."""
    login = parse_database_url(held, tls=database.url.tls, ssl_root_cert=database.url.ssl_root_cert)
    try:
        async with Database(login, pooled=False).transaction():
            return True
    except DatabaseUnreachableError as failed:
        return not is_wrong_password(failed)
