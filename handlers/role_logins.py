"""Let the database's roles in: each with a password that is made here and kept where only its function reads."""

import secrets
from collections.abc import Awaitable, Callable

from pydantic import SecretStr

from core.database_url import with_login
from storage.database import Database
from storage.roles import ROLES, grant_roles, may_log_in, role_name, set_password

_PASSWORD_BYTES = 32

KeepUrl = Callable[[str, SecretStr], Awaitable[None]]
"""Keeps the URL by which a role connects."""


async def let_roles_in(database: Database, owner_url: SecretStr, keep: KeepUrl, *, anew: bool) -> list[str]:
    """Give a password to every role that has none, and have its URL kept; return the roles that got one.

    A password counts from when its URL has been kept; where that fails, the old one is good still.

    Args:
        database: The database, as its owner.
        owner_url: The owner's DATABASE_URL, which a role's differs from in user and password.
        keep: What keeps a role's URL.
        anew: Whether roles that have a password get another.

    Raises:
        StorageError: The owner may not make the roles, or not give them passwords.
    """
    async with database.transaction() as connection:
        await grant_roles(connection)
    given = []
    for role in ROLES:
        async with database.transaction() as connection:
            if await may_log_in(connection, role) and not anew:
                continue
            password = secrets.token_urlsafe(_PASSWORD_BYTES)
            await set_password(connection, role, password)
            url = with_login(owner_url.get_secret_value(), role_name(role), password)
            await keep(role, SecretStr(url))
        given.append(role)
    return given
