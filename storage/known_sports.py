"""Which sports have games."""

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import fetch

_SPORTS = "SELECT DISTINCT sport_key FROM core_betting.events ORDER BY sport_key"


async def read_known_sports(connection: AsyncConnection) -> list[str]:
    """Return the keys of the sports that a game is known of, in order."""
    return [sport_key for (sport_key,) in await fetch(connection, _SPORTS, {})]
