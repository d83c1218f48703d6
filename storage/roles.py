"""The roles that functions and people connect as: made without a password, which lets nobody in."""

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StorageError
from storage.database import driver_of
from storage.migrations import SQL_FOLDER

ROLES = ("collector", "scores", "status", "monitor", "backtest", "analyst")
"""As in the names on the server, linekeeper_collector and so on; the last one is for people, who only read."""

_MAY_LOG_IN = text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name")
_NEWEST = "roles_v1"


def role_name(role: str) -> str:
    """Return a role's name on the server.

    >>> role_name("collector")
    'linekeeper_collector'
    """
    return f"linekeeper_{role}"


async def grant_roles(connection: AsyncConnection) -> None:
    """Make the roles that are missing, and grant each what it may do; nothing changes where that is so already."""
    script = (SQL_FOLDER / f"{_NEWEST}.sql").read_text(encoding="utf-8")
    await driver_of(connection).execute(script)


async def may_log_in(connection: AsyncConnection, role: str) -> bool:
    """Tell whether a role has been let in.

    Raises:
        StorageError: The role is not there.
    """
    found = (await connection.execute(_MAY_LOG_IN, {"name": role_name(role)})).scalar_one_or_none()
    if found is None:
        msg = (
            f"there is no role {role_name(role)}, and the owner of the schema may not make it: an administrator "
            f"of the server can, with CREATE ROLE {role_name(role)} and GRANT … TO the owner WITH ADMIN OPTION"
        )
        raise StorageError(msg)
    return bool(found)


async def set_password(connection: AsyncConnection, role: str, password: str) -> None:
    """Let a role in with a password, in the open transaction; an old password is good no longer.

    It goes to the server in the clear, over the connection's TLS: some providers take no other.

    Raises:
        StorageError: The owner of the schema may not do that.
    """
    if not password.isascii() or not password.replace("-", "").replace("_", "").isalnum():
        msg = "a password of a role has letters, digits, - and _ only"
        raise ValueError(msg)
    refused = None
    try:  # through the driver: SQLAlchemy would quote the statement, and with it the password, in its errors
        await driver_of(connection).execute(f"ALTER ROLE {role_name(role)} LOGIN PASSWORD '{password}'")
    except asyncpg.PostgresError as error:
        refused = error.sqlstate
    if refused is not None:
        msg = (
            f"the server refuses a password for {role_name(role)} ({refused}): the owner of the schema needs "
            "CREATEROLE, and ADMIN OPTION on a role that somebody else has made"
        )
        raise StorageError(msg)
