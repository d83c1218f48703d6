"""The sports of the games are told."""

from storage.database import Database
from storage.known_sports import read_known_sports
from tests.collected import NOON, Seen, h2h, look


async def test_the_sports_that_have_games_are_told_in_order(database: Database) -> None:
    async with database.transaction() as connection:
        assert await read_known_sports(connection) == []
        for number, sport_key in enumerate(("soccer_epl", "basketball_nba", "soccer_epl")):
            game = Seen(f"game{number}", {"pinnacle": h2h(-110, -110)})
            await look(connection, NOON, game, sport_key=sport_key)
        assert await read_known_sports(connection) == ["basketball_nba", "soccer_epl"]
