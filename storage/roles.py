"""The roles that functions and people connect as: made without a password, which lets nobody in."""

from collections.abc import Mapping

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import PasswordRefusedError, StorageError
from storage.database import driver_of
from storage.migrations import SQL_FOLDER

ROLES = ("collector", "scores", "status", "monitor", "backtest", "analyst")
"""As in the names on the server, linekeeper_collector and so on; the last one is for people, who only read."""

_RUN = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
_BEAT = {"statement_timeout": "10s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"}
_BACKTEST = {"statement_timeout": "10min", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "15min"}
_PERSON = {"statement_timeout": "5min", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "10min"}
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "collector": _RUN,
    "scores": _RUN,
    "status": _RUN,
    "monitor": _BEAT,
    "backtest": _BACKTEST,
    "analyst": {**_PERSON, "default_transaction_read_only": "on"},
}
"""What holds for a role from where it connects, unless it is set otherwise: no wait is without end."""

_MAY_LOG_IN = text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name")
_SET = text("""
    SELECT split_part(setting, '=', 1) FROM pg_db_role_setting, unnest(setconfig) AS setting
    WHERE setrole = to_regrole(:name) AND setdatabase IN (0, (
        SELECT oid FROM pg_database WHERE datname = current_database()
    ))
""")
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
        name = role_name(role)
        statements = [f"CREATE ROLE {name} LOGIN PASSWORD '…'", *_setting(role, DEFAULTS.get(role, {}))]
        msg = (
            f"there is no role {name}, and the owner of the schema may not make it: an administrator of the "
            f"server can, with {'; '.join(statements)}; its URL is then the owner's with that login"
        )
        raise StorageError(msg)
    return bool(found)


async def set_defaults(connection: AsyncConnection, role: str) -> None:
    """Set what a role lacks of its defaults, which one has that an administrator made; what is set stays.

    Raises:
        StorageError: The owner of the schema may not do that.
    """
    found = set((await connection.execute(_SET, {"name": role_name(role)})).scalars())
    statements = _setting(role, {name: value for name, value in DEFAULTS[role].items() if name not in found})
    refused = False
    try:
        for statement in statements:
            await connection.execute(text(statement))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != asyncpg.InsufficientPrivilegeError.sqlstate:
            raise
        refused = True
    if refused:
        msg = (
            f"{role_name(role)} lacks defaults that the owner of the schema may not set: an administrator of the "
            f"server can, with {'; '.join(statements)}"
        )
        raise StorageError(msg)


async def set_password(connection: AsyncConnection, role: str, password: str) -> None:
    """Let a role in with a password, in the open transaction; an old password is good no longer.

    It goes to the server in the clear, over the connection's TLS: some providers take no other.

    Raises:
        PasswordRefusedError: The owner of the schema may not do that.
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
        raise PasswordRefusedError(msg)


def _setting(role: str, defaults: Mapping[str, str]) -> list[str]:
    return [f"ALTER ROLE {role_name(role)} SET {name} = '{value}'" for name, value in defaults.items()]
