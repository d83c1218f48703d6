"""A result that was kept reads back as an equal one."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import ConfigurationError
from handlers.backtest_results import keep_result, kept_result
from storage.backtest_results import list_runs
from storage.database import Database
from tests.analytics.results import make_bet, make_result

AT = datetime(2026, 4, 20, 9, tzinfo=UTC)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Yield a transaction."""
    async with database.transaction() as connection:
        yield connection


async def test_a_kept_result_reads_back_as_an_equal_one(connection: AsyncConnection) -> None:
    dice = random.Random(1)
    bets = tuple(make_bet(number, profit=dice.uniform(-100, 100), stake=dice.random()) for number in range(30))
    unsettled = make_bet(30, grade=None, profit=None, settled_at=None, point=None, probability=None, edge=None)
    result = make_result((*bets, unsettled))
    assert await kept_result(connection, await keep_result(connection, result, AT)) == result


async def test_parameters_are_in_one_order_whether_kept_or_not(connection: AsyncConnection) -> None:
    result = make_result(parameters={"k": 1, "min_edge": 2, "sharp": 3, "devig_method": 4})
    kept = await kept_result(connection, await keep_result(connection, result, AT))
    assert list(kept.parameters) == list(result.parameters) == ["devig_method", "k", "min_edge", "sharp"]


async def test_a_kept_result_is_found_by_its_headline_figures(connection: AsyncConnection) -> None:
    result = make_result((make_bet(0),))
    number = await keep_result(connection, result, AT)
    (kept,) = await list_runs(connection)
    assert (kept.id, kept.created_at, kept.strategy) == (number, AT, result.strategy)
    assert (kept.roi, kept.roi_low, kept.bets) == (result.metrics.roi.value, result.metrics.roi.low, 1)
    assert (kept.first_instant, kept.end_instant) == (result.config.start, result.config.end)


async def test_a_result_kept_before_commission_was_taken_reads_back_as_one_without(
    connection: AsyncConnection,
) -> None:
    number = await keep_result(connection, make_result((make_bet(0),)), AT)
    await connection.execute(
        text(
            "UPDATE analytics.backtest_runs SET config = config - 'commission',"
            " metrics = metrics || '{\"deflated_sharpe\": null}',"
            " quality = quality - 'untold' - 'moved',"
            " breakdowns = jsonb_set(breakdowns, '{market,0}', (breakdowns #> '{market,0}') - 'adjusted_p_value')"
        )
    )
    result = await kept_result(connection, number)
    assert set(result.config.commission.values()) == {0.0}
    assert result.breakdowns["market"][0].adjusted_p_value is None


async def test_a_number_that_was_never_given_is_told(connection: AsyncConnection) -> None:
    with pytest.raises(ConfigurationError, match="there is no backtest 77"):
        await kept_result(connection, 77)
