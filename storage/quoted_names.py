"""Which bookmakers and which markets have odds of the games of a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import run


async def read_quoting_bookmakers(
    connection: AsyncConnection,
    first_start: datetime,
    last_start: datetime,
    *,
    sports: Sequence[str] = (),
    sources: Sequence[str] = ("live",),
    markets: Sequence[str] = (),
) -> list[str]:
    """Return the keys of the bookmakers that ever had odds of a game, in order.

    Args:
        connection: An open connection.
        first_start: The games are those that were ever to start from then on,
        last_start: and until then.
        sports: Their sports; none means all.
        sources: Which snapshots count.
        markets: Which markets; none means all.
    """
    asked = {
        "first_start": first_start,
        "last_start": last_start,
        "sports": list(sports),
        "sources": list(sources),
        "markets": list(markets),
    }
    return [key for (key,) in await run(connection, "read_quoting_bookmakers", asked)]


async def read_quoted_markets(
    connection: AsyncConnection,
    first_start: datetime,
    last_start: datetime,
    *,
    sports: Sequence[str] = (),
    sources: Sequence[str] = ("live",),
) -> list[str]:
    """Return the keys of the markets that ever had odds of a game, in order.

    Args:
        connection: An open connection.
        first_start: The games are those that were ever to start from then on,
        last_start: and until then.
        sports: Their sports; none means all.
        sources: Which snapshots count.
    """
    asked = {
        "first_start": first_start,
        "last_start": last_start,
        "sports": list(sports),
        "sources": list(sources),
    }
    return [key for (key,) in await run(connection, "read_quoted_markets", asked)]
