"""Bring a database to the schema that this code works with: for `odds db migrate`, and for deploys."""

from typing import NamedTuple

from core.errors import StorageError
from storage import migrations
from storage.database import Database
from storage.schema_version import SchemaVersion, read_schema_version


class Upgrade(NamedTuple):
    """The revisions of a schema before and after; `before` is None where there was none."""

    before: str | None
    after: str


async def bring_up_to_date(database: Database) -> Upgrade:
    """Upgrade a schema to the newest revision; nothing changes where it is there already.

    Raises:
        SchemaLockedError: Another migration is at work, or a session has a lock that this one needs.
        StorageError: The schema is newer than this code.
    """
    version = await known_version(database)
    if not version.is_current:
        await migrations.upgrade(database.engine)
    return Upgrade(version.current, version.head)


async def known_version(database: Database) -> SchemaVersion:
    """Return the version of a schema that this code is not too old for.

    Raises:
        StorageError: The schema is newer than this code.
    """
    async with database.transaction() as connection:
        version = await read_schema_version(connection)
    if not version.is_known:
        where = f"database {database.url.database} at {database.url.address}"
        msg = f"the schema of {where} is {version.current}; this linekeeper is older and knows {version.head}"
        raise StorageError(msg)
    return version
