"""A time is within the data, or the user is told from when to when there are odds, and of what."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.backtesting.config import BacktestConfig
from analytics.strategies.registry import strategy_named
from core.errors import ConfigurationError
from handlers.backtesting import backtest_on
from handlers.known_span import KnownSpan, known_span
from storage.database import Database
from tests.collected import NOON, TIP_OFF, Seen, h2h, look

DAY = timedelta(days=1)
SPAN = KnownSpan("live odds of any sport", NOON, TIP_OFF)


async def test_odds_are_known_from_the_first_answer_until_just_after_the_last_start(database: Database) -> None:
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("event0", {}))
        await look(connection, NOON - DAY, Seen("event0", {}))
        found = await known_span(connection, ["basketball_nba"], ["live", "import"])
    odds = "live, import odds of basketball_nba"
    assert found == KnownSpan(odds, NOON - DAY, TIP_OFF + timedelta(seconds=1))


async def test_where_there_are_none_the_way_to_some_is_told(database: Database) -> None:
    async with database.transaction() as connection:
        with pytest.raises(ConfigurationError, match=r"^there are no live odds of any sport: odds fetch current"):
            await known_span(connection, (), ["live"])


async def test_where_there_are_none_of_the_source_that_is_asked_for_the_others_are_told(
    database: Database,
) -> None:
    told = (
        "there are no import odds of basketball_nba: there are some of source live, for a run that asks for this"
    )
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("event0", {}))
        with pytest.raises(ConfigurationError, match=told):
            await known_span(connection, ["basketball_nba"], ["import"])


@pytest.mark.parametrize(
    "time",
    [
        pytest.param((NOON - DAY, NOON + DAY), id="all of it and more"),
        pytest.param((TIP_OFF - DAY, NOON + timedelta(seconds=1)), id="its beginning"),
        pytest.param((TIP_OFF - timedelta(seconds=1), None), id="its end"),
        pytest.param((None, None), id="left open"),
    ],
)
def test_a_time_that_meets_the_data_is_accepted(time: tuple[Any, Any]) -> None:
    SPAN.check(*time)


@pytest.mark.parametrize(
    ("time", "told"),
    [
        pytest.param((TIP_OFF, None), "--from 2026-01-10 20:00 UTC", id="it begins when the data ends"),
        pytest.param((None, NOON), "--to 2026-01-10 12:00 UTC", id="it ends when the data begins"),
    ],
)
def test_a_time_that_misses_it_is_refused_in_the_words_of_the_user(time: tuple[Any, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{told}: a time within the data is expected: live odds of"):
        SPAN.check(*time, names=("--from", "--to"))


async def test_decisions_after_collecting_ended_are_told_from_those_that_it_missed(database: Database) -> None:
    prices = {"draftkings": h2h(-150, 130)}
    ends, later = TIP_OFF + DAY, TIP_OFF + 3 * DAY

    async def counts(**changes: Any) -> tuple[int, int, int]:
        run = {"start": NOON - DAY, "end": later + DAY, "resamples": 0, **changes}
        result = await backtest_on(connection, strategy_named("flat"), BacktestConfig.model_validate(run))
        return result.quality.decided, result.quality.only_stale, result.quality.after_last_look

    async with database.transaction() as connection:
        await look(connection, NOON, Seen("missed", prices), Seen("coming", prices, later))
        assert await counts() == (0, 0, 2)
        await look(connection, ends, Seen("coming", prices, later))
        assert await counts() == (0, 1, 1)
        await look(connection, later, Seen("more", prices, later + DAY), sport_key="icehockey_nhl")
        assert await counts(sports=["basketball_nba"]) == (0, 1, 1)
