from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

import storage.statements
from storage.database import Database
from storage.statements import as_json, fetch, statement

FILES = sorted((Path(storage.statements.__file__).parent / "sql" / "statements").glob("*.sql"))


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_every_file_is_a_statement_that_says_what_it_does(name: str) -> None:
    assert str(statement(name)).startswith("-- ")


def test_a_statement_is_read_once() -> None:
    assert statement(FILES[0].stem) is statement(FILES[0].stem)


def test_a_statement_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"store_everything\.sql"):
        statement("store_everything")


def test_values_become_json_with_instants_that_name_their_zone() -> None:
    value = {"at": datetime(2026, 1, 10, 12, 30, 0, 7, tzinfo=UTC), "point": -3.5, "name": "Dončić", "none": None}
    assert orjson.loads(as_json(value)) == {**value, "at": "2026-01-10T12:30:00.000007+00:00"}


async def test_a_parameter_that_is_named_twice_is_given_once_and_a_cast_is_no_parameter(
    database: Database,
) -> None:
    async with database.transaction() as connection:
        rows = await fetch(connection, "SELECT :a::int + :b::int, :a::int", {"b": 3, "a": 4})
    assert [tuple(row) for row in rows] == [(7, 4)]
