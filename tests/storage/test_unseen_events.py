"""Events that are not in the database are told from those that are."""

from storage.database import Database
from storage.unseen_events import read_unseen_events
from tests.collected import NOON, Seen, h2h, look


async def test_events_that_are_not_there_are_told_in_order(database: Database) -> None:
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("seen", {"pinnacle": h2h(-110, -110)}))
        assert await read_unseen_events(connection, ["z", "seen", "a"]) == ["a", "z"]
        assert await read_unseen_events(connection, []) == []
