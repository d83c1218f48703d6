"""The statements that write and read in one round trip, kept as files beside the views."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import TextClause, text

_FOLDER = Path(__file__).parent / "sql" / "statements"


@cache
def statement(name: str) -> TextClause:
    """Return a statement by the name of its file."""
    return text((_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def as_json(value: Any) -> str:  # noqa: ANN401
    """Return a value as JSON text, instants in ISO format with their offset."""
    return orjson.dumps(value).decode()
