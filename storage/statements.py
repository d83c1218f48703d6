"""The statements that write and read in one round trip, kept as files beside the views."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import driver_of

_FOLDER = Path(__file__).parent / "sql" / "statements"
_PARAMETER = re.compile(r"(?<![\w:]):(\w+)")


@cache
def statement(name: str) -> str:
    """Return a statement by the name of its file; its parameters are named, as in `:event_id`."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


async def run(connection: AsyncConnection, name: str, parameters: Mapping[str, Any]) -> list[Any]:
    """Run a statement in the open transaction and return its rows.

    Raises:
        PostgresError: The server refused it, as asyncpg tells.
    """
    return await fetch(connection, statement(name), parameters)


async def fetch(connection: AsyncConnection, sql: str, parameters: Mapping[str, Any]) -> list[Any]:
    """Run SQL with named parameters in the open transaction and return its rows.

    It goes to the driver as it is: a run takes many statements, and SQLAlchemy would double their cost.

    Raises:
        PostgresError: The server refused it, as asyncpg tells.
    """
    numbered, names = _numbered(sql)
    rows: list[Any] = await driver_of(connection).fetch(numbered, *[parameters[each] for each in names])
    return rows


def as_json(value: Any) -> str:  # noqa: ANN401
    """Return a value as JSON text, instants in ISO format with their offset."""
    return orjson.dumps(value).decode()


@cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement as the driver takes it, and the names of its parameters in order of their numbers."""
    names = tuple(dict.fromkeys(_PARAMETER.findall(sql)))
    return _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", sql), names
