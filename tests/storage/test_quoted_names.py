"""The bookmakers and markets that have odds of a time's games are told, and only those asked about."""

from datetime import timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.quoted_names import read_quoted_markets, read_quoting_bookmakers
from storage.snapshots import Source
from tests.collected import NOON, TIP_OFF, Seen, h2h, look

SPREADS = {"spreads": {"Lakers": (-110, -3.5), "Celtics": (-110, 3.5)}}
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("asked", "quoting"),
    [
        pytest.param({}, ["bovada", "pinnacle"], id="those of all markets, in order"),
        pytest.param({"markets": ["spreads"]}, ["bovada"], id="those of a market alone"),
        pytest.param({"sources": ["historical"]}, ["betmgm"], id="those of a source alone"),
        pytest.param({"sports": ["icehockey_nhl"]}, [], id="nobody of another sport"),
        pytest.param({"first_start": TIP_OFF + WEEK, "last_start": TIP_OFF + 2 * WEEK}, [], id="no game then"),
    ],
)
async def test_bookmakers_with_odds_of_the_games_are_told(
    database: Database, asked: dict[str, Any], quoting: list[str]
) -> None:
    span = {"first_start": TIP_OFF - WEEK, "last_start": TIP_OFF}
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("one", {"pinnacle": h2h(-110, -110), "bovada": SPREADS}))
        await look(connection, NOON, Seen("one", {"betmgm": h2h(-110, -110)}), source=Source.HISTORICAL)
        assert await read_quoting_bookmakers(connection, **{**span, **asked}) == quoting


@pytest.mark.parametrize(
    ("asked", "quoted"),
    [
        pytest.param({}, ["h2h", "spreads"], id="those of all bookmakers, in order"),
        pytest.param({"sources": ["historical"]}, ["h2h"], id="those of a source alone"),
        pytest.param({"sports": ["icehockey_nhl"]}, [], id="none of another sport"),
        pytest.param({"first_start": TIP_OFF + WEEK, "last_start": TIP_OFF + 2 * WEEK}, [], id="no game then"),
    ],
)
async def test_markets_with_odds_of_the_games_are_told(
    database: Database, asked: dict[str, Any], quoted: list[str]
) -> None:
    span = {"first_start": TIP_OFF - WEEK, "last_start": TIP_OFF}
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("one", {"pinnacle": h2h(-110, -110), "bovada": SPREADS}))
        await look(connection, NOON, Seen("one", {"betmgm": h2h(-110, -110)}), source=Source.HISTORICAL)
        assert await read_quoted_markets(connection, **{**span, **asked}) == quoted
