"""Bring a database to the schema that this code works with: for `odds db migrate`, and for deploys."""

from typing import NamedTuple

from core.errors import StorageError
from storage import migrations
from storage.database import Database
from storage.schema_version import SchemaVersion, read_schema_version


class Upgrade(NamedTuple):
    """The revisions of a schema, `before` None where there was none, and the newest that this code knows."""

    before: str | None
    after: str
    known: str

    @property
    def is_newer(self) -> bool:
        """Tell whether the schema is of a later linekeeper, and was left as it is."""
        return self.after != self.known


async def bring_up_to_date(database: Database) -> Upgrade:
    """Upgrade a schema to the newest revision; nothing changes where it is there already, or beyond it.

    Raises:
        SchemaLockedError: Another migration is at work, or a session has a lock that this one needs.
        StorageError: The schema is at no revision of linekeeper.
    """
    version = await known_version(database)
    if version.is_newer and version.current is not None:
        return Upgrade(version.current, version.current, version.head)
    if not version.is_current:
        await migrations.upgrade(database.engine)
    return Upgrade(version.current, version.head, version.head)


async def known_version(database: Database) -> SchemaVersion:
    """Return the version of a schema, which may be newer than this code: migrations add, older code goes on.

    Raises:
        StorageError: The schema is at no revision of linekeeper.
    """
    async with database.transaction() as connection:
        version = await read_schema_version(connection)
    if not version.is_known and not version.is_newer:
        where = f"database {database.url.database} at {database.url.address}"
        own = f"no revision of linekeeper (this one: {version.head})"
        raise StorageError(f"the schema of {where} is at {version.current!r}, {own}")
    return version
