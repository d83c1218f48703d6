"""`odds db schema`: what there is to ask for."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.text import Text

from core.errors import ConfigurationError
from handlers.cli.opening import read_settings, with_database
from handlers.cli.options import AsJson
from handlers.cli.output import print_json, report, row, show, table
from storage.catalogue import Function, Relation, Schema, read_catalogue
from storage.database import Database

_SHORT_TYPES = {
    "timestamp with time zone": "timestamptz",
    "double precision": "float8",
    "character varying": "text",
}


def show_schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this table, view, function or schema.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print every table, view, column and function with what it means.

    Examples: `odds db schema closing_lines`, `odds db schema analytics`
    """
    schemas = with_database(read_settings(), _read)
    if name is not None:
        schemas = _named(schemas, name)
    if as_json:
        print_json(schemas)
        return
    for schema in schemas:
        report().print(Text.assemble("\n", (schema.name, "bold underline"), f"  {schema.comment}"))
        for relation in schema.relations:
            _show_relation(schema.name, relation)
        for function in schema.functions:
            _show_function(schema.name, function)


async def _read(database: Database) -> list[Schema]:
    async with database.transaction() as connection:
        return await read_catalogue(connection)


def _named(schemas: Iterable[Schema], name: str) -> list[Schema]:
    wanted = name.rpartition(".")[2]
    found = [
        schema if schema.name == name else _only(schema, wanted)
        for schema in schemas
        if name.rpartition(".")[0] in ("", schema.name)
    ]
    found = [schema for schema in found if schema.relations or schema.functions]
    if not found:
        msg = f"there is no schema, table, view or function {name!r}; odds db schema prints them all"
        raise ConfigurationError(msg)
    return found


def _only(schema: Schema, name: str) -> Schema:
    return Schema(
        schema.name,
        schema.comment,
        tuple(relation for relation in schema.relations if relation.name == name),
        tuple(function for function in schema.functions if function.name == name),
    )


def _show_relation(schema: str, relation: Relation) -> None:
    report().print(
        Text.assemble("\n", (f"{schema}.{relation.name}", "bold"), f" ({relation.kind})\n{relation.comment}")
    )
    made = table("column", "type", "meaning")
    for column in relation.columns:
        row(made, column.name, _SHORT_TYPES.get(column.sql_type, column.sql_type), column.comment)
    show(made)


def _show_function(schema: str, function: Function) -> None:
    head = (f"{schema}.{function.name}", "bold")
    signature = f"({function.arguments})\nreturns {function.returns}"
    report().print(Text.assemble("\n", head, signature, f"\n{function.comment}"))
