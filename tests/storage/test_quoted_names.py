"""The bookmakers with odds of a time's games are told with their markets, and only those asked about."""

from datetime import timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.quoted_names import read_quoted_names
from storage.snapshots import Source
from tests.collected import NOON, TIP_OFF, Seen, h2h, look

SPREADS = {"spreads": {"Lakers": (-110, -3.5), "Celtics": (-110, 3.5)}}
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("asked", "quoted"),
    [
        pytest.param({}, [("bovada", "spreads"), ("pinnacle", "h2h")], id="those of all, in order"),
        pytest.param({"sources": ["historical"]}, [("betmgm", "h2h")], id="those of a source alone"),
        pytest.param({"sports": ["icehockey_nhl"]}, [], id="nobody of another sport"),
        pytest.param({"first_start": TIP_OFF + WEEK, "last_start": TIP_OFF + 2 * WEEK}, [], id="no game then"),
    ],
)
async def test_who_has_odds_of_the_games_is_told_with_the_markets(
    database: Database, asked: dict[str, Any], quoted: list[tuple[str, str]]
) -> None:
    span = {"first_start": TIP_OFF - WEEK, "last_start": TIP_OFF}
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("one", {"pinnacle": h2h(-110, -110), "bovada": SPREADS}))
        await look(connection, NOON, Seen("one", {"betmgm": h2h(-110, -110)}), source=Source.HISTORICAL)
        assert await read_quoted_names(connection, **{**span, **asked}) == quoted
