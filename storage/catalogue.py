"""The schema as the database itself describes it: every table, view, column and function with its comment."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.models import SCHEMAS

_RELATIONS = text(
    "SELECT n.nspname, c.relname, CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END,"
    " coalesce(obj_description(c.oid, 'pg_class'), ''),"
    " array_agg(ARRAY[a.attname, format_type(a.atttypid, a.atttypmod),"
    "  coalesce(col_description(c.oid, a.attnum), '')] ORDER BY a.attnum)"
    " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE n.nspname = ANY (CAST(:schemas AS text[])) AND c.relkind IN ('r', 'p', 'v', 'm')"
    " GROUP BY c.oid, n.nspname ORDER BY n.nspname, 3, c.relname"
)
_FUNCTIONS = text(
    "SELECT n.nspname, p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),"
    " coalesce(obj_description(p.oid, 'pg_proc'), '')"
    " FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
    " WHERE n.nspname = ANY (CAST(:schemas AS text[])) ORDER BY n.nspname, p.proname"
)
_SCHEMAS = text(
    "SELECT nspname, coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace"
    " WHERE nspname = ANY (CAST(:schemas AS text[]))"
)
_DATABASES = text("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1")


class Column(NamedTuple):
    """A column of a table or view."""

    name: str
    sql_type: str
    comment: str


class Relation(NamedTuple):
    """A table or view; `kind` says which."""

    name: str
    kind: str
    comment: str
    columns: tuple[Column, ...]


class Function(NamedTuple):
    """A function with its arguments and what it returns."""

    name: str
    arguments: str
    returns: str
    comment: str


@dataclass(frozen=True, slots=True)
class Schema:
    """One of the four schemas with what it holds."""

    name: str
    comment: str
    relations: tuple[Relation, ...]
    functions: tuple[Function, ...]


async def read_catalogue(connection: AsyncConnection) -> list[Schema]:
    """Return the schemas in the order in which data flows through them."""
    wanted = {"schemas": list(SCHEMAS)}
    comments = {row[0]: row[1] for row in await connection.execute(_SCHEMAS, wanted)}
    relations: dict[str, list[Relation]] = {}
    for schema, name, kind, comment, columns in await connection.execute(_RELATIONS, wanted):
        relations.setdefault(schema, []).append(Relation(name, kind, comment, tuple(map(Column._make, columns))))
    functions: dict[str, list[Function]] = {}
    for schema, *described in await connection.execute(_FUNCTIONS, wanted):
        functions.setdefault(schema, []).append(Function(*described))
    return [
        Schema(name, comments[name], tuple(relations.get(name, ())), tuple(functions.get(name, ())))
        for name in SCHEMAS
        if name in comments
    ]


async def read_database_names(connection: AsyncConnection) -> list[str]:
    """Return the databases that people made on the server."""
    return [name for (name,) in await connection.execute(_DATABASES)]
