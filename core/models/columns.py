"""Short spellings for the columns that the tables share: every column carries a comment, every instant is UTC."""

from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity
from sqlmodel import Field

UTC_INSTANT = DateTime(timezone=True)


def column(comment: str, **options: Any) -> Any:  # noqa: ANN401
    """Return a field whose database column carries the comment."""
    return Field(sa_column_kwargs={"comment": comment}, **options)


def instant(comment: str, **options: Any) -> Any:  # noqa: ANN401
    """Return a field for an aware instant, stored as `timestamptz`."""
    return column(comment, sa_type=UTC_INSTANT, **options)


def identity(comment: str, sql_type: Any = BigInteger) -> Any:  # noqa: ANN401
    """Return a primary key that the database numbers."""
    return Field(
        default=None,
        primary_key=True,
        sa_type=sql_type,
        sa_column_kwargs={"comment": comment, "server_default": Identity(always=False)},
    )
