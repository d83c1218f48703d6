"""Alembic's environment: runs on the connection that `storage.migrations` hands over."""

from typing import Any

from alembic import context

from core.models import METADATA, SCHEMAS


def include_name(name: str | None, kind: str, _parents: Any) -> bool:  # noqa: ANN401
    """Tell whether a thing found in the database is ours to compare."""
    return name in SCHEMAS if kind == "schema" else True


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    include_schemas=True,
    include_name=include_name,
    compare_server_default=True,
    version_table_schema="operational",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
