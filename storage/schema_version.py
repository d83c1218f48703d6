"""Which version of the schema a database has, and which one this code works with."""

from pathlib import Path
from typing import NamedTuple

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from core.models import SCHEMAS

_IS_THERE = text("SELECT to_regclass('operational.alembic_version') IS NOT NULL")
_CURRENT = text("SELECT max(version_num) FROM operational.alembic_version")


class SchemaVersion(NamedTuple):
    """Revisions of the schema; `current` is None where there is none yet, `is_known` false for one of others."""

    current: str | None
    head: str
    is_known: bool

    @property
    def is_current(self) -> bool:
        """Tell whether the database has the schema that this code works with."""
        return self.current == self.head

    @property
    def is_newer(self) -> bool:
        """Tell whether the schema is of a later linekeeper; it has all that this code needs: migrations add."""
        return (
            not self.is_known and self.current is not None and self.current.isdigit() and self.current > self.head
        )


async def read_schema_version(connection: AsyncConnection) -> SchemaVersion:
    """Return the version of the database's schema beside the one of this code."""
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    known = {script.revision for script in scripts.walk_revisions()}
    current: str | None = None
    if (await connection.execute(_IS_THERE)).scalar_one():
        current = (await connection.execute(_CURRENT)).scalar_one()
    return SchemaVersion(current, scripts.get_current_head() or "", current is None or current in known)


async def drop_schemas(connection: AsyncConnection) -> None:
    """Drop all that linekeeper made in the database, rows included, in the open transaction."""
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {', '.join(SCHEMAS)} CASCADE"))
