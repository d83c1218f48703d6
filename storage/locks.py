"""Locks that end with their transaction, one for each sport and one for the account's credits.

They are safe behind a transaction pooler. Reads that follow one see everything committed before.
"""

from hashlib import blake2b

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import driver_of


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


CREDITS = _number("linekeeper credits")
"""Held while credits are set aside."""


def of_sport(sport_key: str) -> int:
    """Return the lock that is held while answers about a sport are stored."""
    return _number(f"linekeeper {sport_key}")


async def take_lock(connection: AsyncConnection, lock: int) -> None:
    """Wait until no other transaction has a lock."""
    # Without parameters the driver needs one round trip in place of two.
    await driver_of(connection).execute(f"SELECT pg_advisory_xact_lock({lock})")
