"""What an operator wants to know at a glance."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def read_database_size(connection: AsyncConnection) -> int:
    """Return the bytes that the whole database takes."""
    return int((await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())
