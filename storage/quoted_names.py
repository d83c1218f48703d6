"""Which bookmakers have odds of the games of a time, and on which markets."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import run


class QuotedNames(NamedTuple):
    """A bookmaker and a market that it had odds on."""

    bookmaker_key: str
    market_key: str


async def read_quoted_names(
    connection: AsyncConnection,
    first_start: datetime,
    last_start: datetime,
    *,
    sports: Sequence[str] = (),
    sources: Sequence[str] = ("live",),
) -> list[QuotedNames]:
    """Return the bookmakers that ever had odds of a game, with each market that they had, in order.

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
    return [QuotedNames(*row) for row in await run(connection, "read_quoted_names", asked)]
